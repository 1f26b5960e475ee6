'use server'
import type { ReferenceNames } from '#components/codecommit/ref-chooser.tsx'
import type { ShownVerification, VerificationState } from '#components/codecommit/verify-now.tsx'
import { CreateBranch, DeleteBranch, UpdateDefaultBranch } from '#lib/codecommit/branches'
import { GetFolder } from '#lib/codecommit/content'
import { ListReferenceNames } from '#lib/codecommit/references'
import { CancelImport, StartImport } from '#lib/codecommit/imports'
import { CreateRepository, DeleteRepository, UpdateRepositoryDescription, UpdateRepositoryName } from '#lib/codecommit/repositories'
import { GetVerification, StartVerification, StopVerification, type VerificationAnswer } from '#lib/codecommit/verification'
import { invoke } from '#lib/invoke'
import { attempt } from '../../attempt.ts'
import { formAction, optionalText, text } from '../../form-action.ts'
import { paths } from '../../paths.ts'
import { requestContext, type ConsoleContext } from '../../session.ts'

export const createRepository = formAction(
  async (context, form) => {
    const { repositoryMetadata } = await invoke(CreateRepository, context, {
      repositoryName: text(form, 'repositoryName').trim(),
      repositoryDescription: optionalText(form, 'repositoryDescription'),
    })
    const { repositoryName } = repositoryMetadata
    return { message: `Repository ${repositoryName} created`, to: paths.repository(context.region, repositoryName) }
  },
  { RepositoryNameExistsException: 'repositoryName', RepositoryNameRequiredException: 'repositoryName' },
)

export const startImport = formAction(
  async (context, form) => {
    const { import: started } = await invoke(StartImport, context, {
      sourceUrl: text(form, 'sourceUrl').trim(),
      username: optionalText(form, 'username'),
      password: optionalText(form, 'password'),
      repositoryName: text(form, 'repositoryName').trim(),
      repositoryDescription: optionalText(form, 'repositoryDescription'),
    })
    return { to: paths.import(context.region, started.importId) }
  },
  {
    ...{ InvalidSourceUrlException: 'sourceUrl', SourceAddressNotAllowedException: 'sourceUrl', SourceNotFoundException: 'sourceUrl', SourceUnavailableException: 'sourceUrl' },
    ...{ EmptySourceException: 'sourceUrl', SourceCertificateNotTrustedException: 'sourceUrl', SourceAuthenticationFailedException: 'password' },
    ...{ RepositoryNotEmptyException: 'repositoryName', ImportInProgressException: 'repositoryName', RepositoryNameRequiredException: 'repositoryName' },
  },
)

export const cancelImport = formAction(async (context, form) => {
  await invoke(CancelImport, context, { importId: text(form, 'importId') })
  return { message: 'The import is being cancelled' }
})

export const updateDescription = formAction(async (context, form) => {
  await invoke(UpdateRepositoryDescription, context, {
    repositoryName: text(form, 'repositoryName'),
    repositoryDescription: text(form, 'repositoryDescription'),
  })
  return { message: 'Description saved' }
})

export const renameRepository = formAction(
  async (context, form) => {
    const newName = text(form, 'newName').trim()
    await invoke(UpdateRepositoryName, context, { oldName: text(form, 'oldName'), newName })
    return { message: `Repository renamed to ${newName}`, to: paths.repositorySettings(context.region, newName) }
  },
  { InvalidRepositoryNameException: 'newName', RepositoryNameExistsException: 'newName', RepositoryNameRequiredException: 'newName' },
)

export const deleteRepository = formAction(async (context, form) => {
  const repositoryName = text(form, 'repositoryName')
  await invoke(DeleteRepository, context, { repositoryName })
  return { message: `Repository ${repositoryName} deleted`, to: paths.repositories(context.region) }
})

export const updateDefaultBranch = formAction(async (context, form) => {
  const defaultBranchName = text(form, 'defaultBranchName')
  await invoke(UpdateDefaultBranch, context, { repositoryName: text(form, 'repositoryName'), defaultBranchName })
  return { message: `${defaultBranchName} is the default branch` }
})

export const createBranch = formAction(
  async (context, form) => {
    const branchName = text(form, 'branchName').trim()
    const repositoryName = text(form, 'repositoryName')
    await invoke(CreateBranch, context, { repositoryName, branchName, commitId: await commitIdOf(context, repositoryName, text(form, 'commitId').trim()) })
    return { message: `Branch ${branchName} created` }
  },
  { BranchNameExistsException: 'branchName', CommitDoesNotExistException: 'commitId', CommitIdRequiredException: 'commitId' },
)

/** The API takes commit IDs alone; a person names a branch or a tag. */
async function commitIdOf(context: ConsoleContext, repositoryName: string, given: string): Promise<string> {
  if (given === '' || /^[0-9a-f]{40}$/i.test(given)) return given
  return (await invoke(GetFolder, context, { repositoryName, commitSpecifier: given, folderPath: '/' })).commitId
}

export const deleteBranch = formAction(async (context, form) => {
  const branchName = text(form, 'branchName')
  await invoke(DeleteBranch, context, { repositoryName: text(form, 'repositoryName'), branchName })
  return { message: `Branch ${branchName} deleted` }
})

/** The branches and tags that a chooser offers, asked for when it is opened. */
export async function referenceNames(region: string, repositoryName: string): Promise<ReferenceNames> {
  // Its arguments come from the browser and may be anything; the operation validates the name, and a Region that is none is IAM's.
  const context = await requestContext(region)
  const found = await attempt(ListReferenceNames, context, { repositoryName })
  return found.ok ? found.output : { problem: found.problem.message }
}

/** Begins, watches or ends a verification. It answers with how far that is, or why not. */
export async function verification(what: 'start' | 'get' | 'stop', region: string, repositoryName: string): Promise<VerificationState> {
  const context = await requestContext(region)
  if (what === 'stop') {
    const stopped = await attempt(StopVerification, context, { repositoryName })
    // One that is over by now needs no stopping.
    if (!stopped.ok && stopped.problem.code !== 'VerificationNotInProgressException') return { problem: stopped.problem }
  }
  const got = await attempt(what === 'start' ? StartVerification : GetVerification, context, { repositoryName })
  return got.ok ? { verification: got.output.verification && shown(got.output.verification) } : { problem: got.problem }
}

function shown({ state, startedBy, startedAt, endedAt, progress, damage, damageCount, failure }: NonNullable<VerificationAnswer['verification']>): ShownVerification {
  return { state, startedBy, startedAt: startedAt.toISOString(), ...(endedAt && { endedAt: endedAt.toISOString() }), ...progress, damage, damageCount, ...(failure && { failure }) }
}

import { z } from 'zod'
import { objectType } from '#lib/git/object-type'
import { decodeToken, pageOf } from '#lib/operation/pagination'
import { defineOperation } from '#lib/operation/define'
import { ServiceException } from '#lib/operation/exception'
import { sortedRefs } from '#lib/git/refs'
import { apiVersion } from './api-version.ts'
import { contentException } from './exceptions.ts'
import { branchName, isObjectId } from './names.ts'
import { readSignal } from './read-signal.ts'
import { onRepository, present } from './repository-row.ts'
import { changeRefs, withRef } from './storage/change-refs.ts'
import { openRepository } from './storage/open-repository.ts'
import { withWorkingCopy } from './storage/working-copy.ts'

const onBranch = z.object({ repositoryName: z.string().optional(), branchName: z.string().optional() })

/** API_ListBranches, in pages of 1,000. */
export const ListBranches = defineOperation({
  service: 'codecommit',
  name: 'ListBranches',
  readOnly: true,
  apiVersion,
  input: z.object({ repositoryName: z.string().optional(), nextToken: z.string().optional() }),
  resolve: (context, { repositoryName, nextToken }) => {
    if (nextToken !== undefined && !decodeToken('branches', nextToken)) {
      throw new ServiceException('InvalidContinuationTokenException', 'The specified continuation token is not valid.')
    }
    return onRepository('codecommit:ListBranches', context, repositoryName)
  },
  handler: async (context, { nextToken }, row) => {
    const { refs } = await openRepository(context, present(row))
    const [from] = nextToken === undefined ? [0] : (decodeToken('branches', nextToken) ?? [])
    const names = sortedRefs(refs).flatMap(([name]) => (name.startsWith(heads) ? [name.slice(heads.length)] : []))
    const start = Number(from)
    const page = pageOf('branches', names.slice(start, start + pageSize + 1), pageSize, () => [start + pageSize])
    return { branches: page.items, ...(page.next !== undefined && { nextToken: page.next }) }
  },
  requestParameters: ({ repositoryName }) => ({ repositoryName }),
})

/** API_GetBranch */
export const GetBranch = defineOperation({
  service: 'codecommit',
  name: 'GetBranch',
  readOnly: true,
  apiVersion,
  input: onBranch,
  resolve: (context, input) => {
    branchName(input.branchName)
    return onRepository('codecommit:GetBranch', context, input.repositoryName)
  },
  handler: async (context, input, row) => {
    const name = branchName(input.branchName)
    const { refs } = await openRepository(context, present(row))
    const ref = refs.refs.get(heads + name)
    if (!ref) throw branchDoesNotExist(name)
    return { branch: { branchName: name, commitId: ref.oid } }
  },
  requestParameters: ({ repositoryName }) => ({ repositoryName }),
})

/** API_CreateBranch: at a commit that the repository has. */
export const CreateBranch = defineOperation({
  service: 'codecommit',
  name: 'CreateBranch',
  readOnly: false,
  apiVersion,
  input: onBranch.extend({ commitId: z.string().optional() }),
  resolve: (context, input) => {
    const ref = heads + branchName(input.branchName)
    commitIdOf(input.commitId)
    return onRepository('codecommit:CreateBranch', context, input.repositoryName, { 'codecommit:References': ref })
  },
  handler: async (context, input, row) => {
    const name = branchName(input.branchName)
    const commitId = commitIdOf(input.commitId)
    const opened = await openRepository(context, present(row))
    const type = await withWorkingCopy(context, opened, (gitDir) => objectType({ gitDir, oid: commitId, signal: readSignal() }))
    if (type !== 'commit') {
      throw new ServiceException('CommitDoesNotExistException', `${commitId} does not exist`)
    }
    await changeRefs(opened, (refs) => {
      if (refs.refs.has(heads + name)) {
        throw contentException('BranchNameExistsException', `The branch ${name} already exists.`, 'The branch already exists.')
      }
      return withRef(refs, heads + name, { oid: commitId })
    })
    return undefined
  },
  requestParameters: ({ repositoryName, commitId }) => ({ repositoryName, commitId }),
})

/** API_DeleteBranch. One that is not there is no error. */
export const DeleteBranch = defineOperation({
  service: 'codecommit',
  name: 'DeleteBranch',
  readOnly: false,
  apiVersion,
  input: onBranch,
  resolve: (context, input) => {
    const ref = heads + branchName(input.branchName)
    return onRepository('codecommit:DeleteBranch', context, input.repositoryName, { 'codecommit:References': ref })
  },
  handler: async (context, input, row) => {
    const name = branchName(input.branchName)
    const opened = await openRepository(context, present(row))
    let commitId: string | undefined
    await changeRefs(opened, (refs) => {
      if (refs.head === heads + name) {
        throw contentException(
          'DefaultBranchCannotBeDeletedException',
          `The branch ${name} is the default branch of the repository and cannot be deleted. Set another branch as the default branch first.`,
          'The default branch cannot be deleted.',
        )
      }
      commitId = refs.refs.get(heads + name)?.oid
      return withRef(refs, heads + name, null)
    })
    return commitId === undefined ? {} : { deletedBranch: { branchName: name, commitId } }
  },
  requestParameters: ({ repositoryName }) => ({ repositoryName }),
})

/** API_UpdateDefaultBranch */
export const UpdateDefaultBranch = defineOperation({
  service: 'codecommit',
  name: 'UpdateDefaultBranch',
  readOnly: false,
  apiVersion,
  input: z.object({ repositoryName: z.string().optional(), defaultBranchName: z.string().optional() }),
  resolve: (context, input) => {
    branchName(input.defaultBranchName)
    return onRepository('codecommit:UpdateDefaultBranch', context, input.repositoryName)
  },
  handler: async (context, input, row) => {
    const name = branchName(input.defaultBranchName)
    await changeRefs(await openRepository(context, present(row)), ({ refs }) => {
      if (!refs.has(heads + name)) throw branchDoesNotExist(name)
      return { head: heads + name, refs }
    })
    return undefined
  },
  requestParameters: ({ repositoryName }) => ({ repositoryName }),
})

const heads = 'refs/heads/'
const pageSize = 1000

function branchDoesNotExist(name: string): ServiceException {
  return contentException('BranchDoesNotExistException', `${name} does not exist`, 'The branch does not exist.')
}

function commitIdOf(commitId: string | undefined): string {
  if (commitId === undefined || commitId === '') throw new ServiceException('CommitIdRequiredException', 'A commit ID is required.')
  if (!isObjectId(commitId)) throw new ServiceException('InvalidCommitIdException', 'The commit ID is not valid.')
  return commitId.toLowerCase()
}

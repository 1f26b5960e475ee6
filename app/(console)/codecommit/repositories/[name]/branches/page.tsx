import type { Metadata } from 'next'
import { BranchTable } from '#components/codecommit/branch-table.tsx'
import { RepositoryHeader } from '#components/codecommit/repository-header.tsx'
import { DialogForm } from '#components/console/dialog-form.tsx'
import { FormInput } from '#components/console/form.tsx'
import { ProblemMessage } from '#components/console/problem-message.tsx'
import { ListBranches } from '#lib/codecommit/branches'
import { GetRepository } from '#lib/codecommit/repositories'
import { attempt } from '../../../../../attempt.ts'
import { readQuery, readSegment, type Query } from '../../../../../query.ts'
import { chosenRegion, requestContext } from '../../../../../session.ts'
import { createBranch, deleteBranch, updateDefaultBranch } from '../../../actions.ts'

export const metadata: Metadata = { title: 'Branches' }

export default async function BranchesPage({ params, searchParams }: { params: Promise<{ name: string }>; searchParams: Query }) {
  const repositoryName = readSegment((await params).name)
  const region = await chosenRegion((await readQuery(searchParams, 'region')).region)
  const context = await requestContext(region)
  const [repository, branches] = await Promise.all([attempt(GetRepository, context, { repositoryName }), attempt(ListBranches, context, { repositoryName })])
  const empty = branches.ok && branches.output.branches.length === 0
  return (
    <>
      <RepositoryHeader
        region={region}
        repositoryName={repositoryName}
        actions={
          <DialogForm
            button="Create branch"
            title="Create branch"
            action={createBranch}
            hidden={{ region, repositoryName }}
            submit="Create branch"
            reason={empty ? 'A branch points to a commit, and there is none yet. Push one first.' : undefined}
          >
            <FormInput name="branchName" label="Branch name" required />
            <FormInput name="commitId" label="Commit ID" description="The 40 digits of the commit that the branch begins at" className="font-mono" required />
          </DialogForm>
        }
      />
      {branches.ok ? (
        <BranchTable
          region={region}
          repositoryName={repositoryName}
          branches={branches.output.branches}
          defaultBranch={repository.ok ? repository.output.repositoryMetadata.defaultBranch : undefined}
          makeDefault={updateDefaultBranch}
          remove={deleteBranch}
        />
      ) : (
        <ProblemMessage problem={branches.problem} />
      )}
    </>
  )
}

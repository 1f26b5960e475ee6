import type { Metadata } from 'next'
import { BranchTable } from '#components/codecommit/branch-table.tsx'
import { RepositoryHeader } from '#components/codecommit/repository-header.tsx'
import { DialogForm } from '#components/console/dialog-form.tsx'
import { FindField } from '#components/console/find-field.tsx'
import { FormInput } from '#components/console/form.tsx'
import { ListProblem } from '#components/console/list-problem.tsx'
import { paths } from '../../../../../paths.ts'
import { readQuery, readSegment } from '../../../../../query.ts'
import { chosenRegion, requestContext } from '../../../../../session.ts'
import { createBranch, deleteBranch, updateDefaultBranch } from '../../../actions.ts'
import type { RepositoryPageProps } from '../repository-page.ts'
import { branchRows } from './branch-rows.ts'

export const metadata: Metadata = { title: 'Branches' }

export default async function BranchesPage({ params, searchParams }: RepositoryPageProps) {
  const repositoryName = readSegment((await params).name)
  const { region: asked, ...query } = await readQuery(searchParams, 'region', 'filter', 'token')
  const region = await chosenRegion(asked)
  const found = await branchRows(await requestContext(region), query, repositoryName)
  const empty = found.ok && found.output.total === 0
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
            <FormInput
              name="commitId"
              label="Branch from"
              description="A branch, a Git tag or a commit ID: where it begins"
              defaultValue={(found.ok && found.output.defaultBranch) || ''}
              className="font-mono"
              required
            />
          </DialogForm>
        }
      />
      {found.ok ? (
        <>
          {!empty && <FindField label="Find branches by name" placeholder="Find by name" value={query.filter} hidden={{ region }} />}
          <BranchTable
            region={region}
            repositoryName={repositoryName}
            filtered={query.filter !== undefined}
            url={paths.branches(region, repositoryName, query)}
            first={found.output}
            defaultBranch={found.output.defaultBranch}
            makeDefault={updateDefaultBranch}
            remove={deleteBranch}
            create={createBranch}
          />
        </>
      ) : (
        <ListProblem problem={found.problem} first={query.token && paths.branches(region, repositoryName, { ...query, token: '' })} />
      )}
    </>
  )
}

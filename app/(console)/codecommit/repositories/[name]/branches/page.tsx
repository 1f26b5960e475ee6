import type { Metadata } from 'next'
import { BranchTable } from '#components/codecommit/branch-table.tsx'
import { RepositoryHeader } from '#components/codecommit/repository-header.tsx'
import { DialogForm } from '#components/console/dialog-form.tsx'
import { FindField } from '#components/console/find-field.tsx'
import { FormInput } from '#components/console/form.tsx'
import { Pager } from '#components/console/pager.tsx'
import { ProblemMessage } from '#components/console/problem-message.tsx'
import { GetReferences } from '#lib/codecommit/references'
import { attempt } from '../../../../../attempt.ts'
import { paths } from '../../../../../paths.ts'
import { readQuery, readSegment } from '../../../../../query.ts'
import { chosenRegion, requestContext } from '../../../../../session.ts'
import { createBranch, deleteBranch, updateDefaultBranch } from '../../../actions.ts'
import { commitRows } from '../commit-rows.ts'
import type { RepositoryPageProps } from '../repository-page.ts'

export const metadata: Metadata = { title: 'Branches' }

export default async function BranchesPage({ params, searchParams }: RepositoryPageProps) {
  const repositoryName = readSegment((await params).name)
  const query = await readQuery(searchParams, 'region', 'filter', 'token')
  const region = await chosenRegion(query.region)
  const context = await requestContext(region)
  const found = await attempt(GetReferences, context, { repositoryName, kind: 'branches', nameContains: query.filter, nextToken: query.token })
  const empty = found.ok && found.output.total === 0
  const filter = query.filter === undefined ? {} : { filter: query.filter }
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
            branches={found.output.references.map(({ name, commit, aheadBehind }) => {
              const [row] = commitRows(commit ? [commit] : [])
              return { name, ...(row && { commit: row }), ...(aheadBehind && { aheadBehind }) }
            })}
            defaultBranch={found.output.defaultBranch}
            makeDefault={updateDefaultBranch}
            remove={deleteBranch}
            create={createBranch}
          />
          {(query.token !== undefined || found.output.nextToken !== undefined) && (
            <Pager
              shown={`${found.output.references.length} of ${found.output.total} branches`}
              first={query.token === undefined ? undefined : paths.branches(region, repositoryName, filter)}
              next={found.output.nextToken === undefined ? undefined : paths.branches(region, repositoryName, { ...filter, token: found.output.nextToken })}
            />
          )}
        </>
      ) : (
        <ProblemMessage problem={found.problem} />
      )}
    </>
  )
}

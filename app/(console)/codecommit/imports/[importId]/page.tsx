import type { Metadata } from 'next'
import { ImportStatus } from '#components/codecommit/import-status.tsx'
import { PageHeader } from '#components/console/page-header.tsx'
import { ProblemMessage } from '#components/console/problem-message.tsx'
import { GetImport } from '#lib/codecommit/imports'
import { attempt } from '../../../../attempt.ts'
import { paths } from '../../../../paths.ts'
import { readQuery, type Query } from '../../../../query.ts'
import { chosenRegion, requestContext } from '../../../../session.ts'
import { cancelImport } from '../../actions.ts'
import { importView } from '../import-view.ts'

export const metadata: Metadata = { title: 'Import' }

export default async function ImportPage({ params, searchParams }: { params: Promise<{ importId: string }>; searchParams: Query }) {
  const region = await chosenRegion((await readQuery(searchParams, 'region')).region)
  const { importId } = await params
  const found = await attempt(GetImport, await requestContext(region), { importId })
  return (
    <>
      <PageHeader
        title={found.ok ? `Import into ${found.output.import.repositoryName}` : 'Import'}
        trail={[
          ['Repositories', paths.repositories(region)],
          ['Import', paths.createImport(region)],
        ]}
        description={found.ok ? <>From <span className="identifier wrap-anywhere">{found.output.import.sourceUrl}</span></> : undefined}
      />
      {found.ok ? <ImportStatus region={region} first={importView(found.output.import)} cancel={cancelImport} /> : <ProblemMessage problem={found.problem} />}
    </>
  )
}

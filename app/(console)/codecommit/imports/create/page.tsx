import type { Metadata } from 'next'
import { ImportTable } from '#components/codecommit/import-table.tsx'
import { Form, FormInput, FormTextarea } from '#components/console/form.tsx'
import { PageHeader } from '#components/console/page-header.tsx'
import { Message } from '#components/ui/message.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { ListImports } from '#lib/codecommit/imports'
import { regionName } from '#lib/operation/regions'
import { attempt } from '../../../../attempt.ts'
import { paths } from '../../../../paths.ts'
import { readQuery, type Query } from '../../../../query.ts'
import { chosenRegion, requestContext } from '../../../../session.ts'
import { startImport } from '../../actions.ts'
import { importView } from '../import-view.ts'

export const metadata: Metadata = { title: 'Import repository' }

export default async function CreateImportPage({ searchParams }: { searchParams: Query }) {
  const region = await chosenRegion((await readQuery(searchParams, 'region')).region)
  const earlier = await attempt(ListImports, await requestContext(region), {})
  return (
    <>
      <PageHeader title="Import repository" trail={[['Repositories', paths.repositories(region)]]} description={`Into ${regionName(region)}: every branch, tag and note of a repository on another Git server`} />
      <div className="max-w-2xl">
        <Panel title="Source and repository">
          <Form action={startImport} hidden={{ region }} submit="Import" cancel={paths.repositories(region)}>
            <FormInput name="sourceUrl" type="url" label="Source URL" description="https:// alone. The server fetches from it, so it must be an address that the server may reach." placeholder="https://git.example.com/team/project.git" required maxLength={2048} />
            <FormInput name="username" label="User name at the source" optional autoComplete="off" />
            <FormInput name="password" type="password" label="Password or token" optional description="Used for this import and kept nowhere." autoComplete="off" />
            <FormInput name="repositoryName" label="Repository name" description="A new one, or one that is there and empty." required maxLength={100} />
            <FormTextarea name="repositoryDescription" label="Description" optional description="At most 1,000 characters. It is stored encrypted." rows={2} maxLength={1000} />
            <Message tone="info" title="From SSH, or from a folder of your own">
              <p>
                Run <code>npx codekeep import &lt;url or path&gt;</code> where that can be read: your own git reads it and pushes.
              </p>
            </Message>
          </Form>
        </Panel>
      </div>
      {earlier.ok && earlier.output.imports.length > 0 && (
        <Panel title="Imports in this Region" flush>
          <ImportTable region={region} imports={earlier.output.imports.map(importView)} />
        </Panel>
      )}
    </>
  )
}

import type { Metadata } from 'next'
import { Form, FormInput, FormTextarea } from '#components/console/form.tsx'
import { PageHeader } from '#components/console/page-header.tsx'
import { Message } from '#components/ui/message.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { isFirstUse } from '#lib/codecommit/key-in-region'
import { asService } from '#lib/operation/context'
import { regionName } from '#lib/operation/regions'
import { paths } from '../../../../paths.ts'
import { readQuery, type Query } from '../../../../query.ts'
import { chosenRegion, requestContext } from '../../../../session.ts'
import { createRepository } from '../../actions.ts'

export const metadata: Metadata = { title: 'Create repository' }

export default async function CreateRepositoryPage({ searchParams }: { searchParams: Query }) {
  const region = await chosenRegion((await readQuery(searchParams, 'region')).region)
  const first = await isFirstUse(asService(await requestContext(region), 'codecommit'))
  return (
    <>
      <PageHeader title="Create repository" trail={[['Repositories', paths.repositories(region)]]} description={`In ${regionName(region)}`} />
      <div className="max-w-2xl">
        <Panel title="Repository settings">
          <Form action={createRepository} hidden={{ region }} submit="Create" cancel={paths.repositories(region)}>
            <FormInput name="repositoryName" label="Repository name" description="1 to 100 letters, digits, periods, underscores and dashes. It can be changed later; the repository ID stays." required maxLength={100} />
            <FormTextarea name="repositoryDescription" label="Description" optional description="At most 1,000 characters. It is stored encrypted." rows={3} maxLength={1000} />
            <Message tone="managed" title={first ? 'CodeCommit will create the key aws/codecommit' : 'Encrypted under the key aws/codecommit'}>
              {first ? (
                <p>
                  This is the first repository in {regionName(region)}. Creating it makes the AWS-managed key <code>aws/codecommit</code> in this Region; every later repository here is encrypted under the same
                  key, which only CodeCommit can use.
                </p>
              ) : (
                <p>
                  The repository is encrypted under this Region’s AWS-managed key <code>aws/codecommit</code>, which only CodeCommit can use. A customer-managed key cannot be used.
                </p>
              )}
              <p>You need no KMS permission of your own, but no policy of yours may deny CodeCommit the use of that key.</p>
            </Message>
          </Form>
        </Panel>
      </div>
    </>
  )
}

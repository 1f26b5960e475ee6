import type { Metadata } from 'next'
import { Form, FormInput, FormTextarea } from '#components/console/form.tsx'
import { PageHeader } from '#components/console/page-header.tsx'
import { Message } from '#components/ui/message.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { regionName } from '#lib/operation/regions'
import { paths } from '../../../../paths.ts'
import { readQuery, type Query } from '../../../../query.ts'
import { chosenRegion, requestContext } from '../../../../session.ts'
import { createKey } from '../../../kms/actions.ts'

export const metadata: Metadata = { title: 'Create key' }

export default async function CreateKeyPage({ searchParams }: { searchParams: Query }) {
  const region = await chosenRegion((await readQuery(searchParams, 'region')).region)
  await requestContext(region)
  return (
    <>
      <PageHeader title="Create key" trail={[['Encryption keys', paths.encryptionKeys(region)]]} description={`A customer managed key in ${regionName(region)}: symmetric, to encrypt and decrypt.`} />
      <div className="max-w-2xl">
        <Panel title="Alias and description">
          <Form action={createKey} hidden={{ region }} submit="Create key" cancel={paths.encryptionKeys(region)}>
            <FormInput name="AliasName" label="Alias" description="Letters, digits and / _ -. Names that begin with aws/ are AWS’s." maxLength={250} required />
            <FormTextarea name="Description" label="Description" optional rows={2} maxLength={8192} />
            <Message tone="info" title="Its key policy gives the account full access">
              <p>That is the default policy: IAM policies then decide who may use and administer the key. It can be changed on the key’s page.</p>
              <p>Repositories cannot be encrypted under it; they use aws/codecommit.</p>
            </Message>
          </Form>
        </Panel>
      </div>
    </>
  )
}

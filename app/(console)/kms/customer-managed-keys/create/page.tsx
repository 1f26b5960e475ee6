import type { Metadata } from 'next'
import { Form } from '#components/console/form.tsx'
import { PageHeader } from '#components/console/page-header.tsx'
import { CreateKeyFields } from '#components/kms/create-key-fields.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { ListUsers } from '#lib/iam/api'
import { regionName } from '#lib/operation/regions'
import { attempt } from '../../../../attempt.ts'
import { paths } from '../../../../paths.ts'
import { readQuery, type Query } from '../../../../query.ts'
import { chosenRegion, requestContext } from '../../../../session.ts'
import { createCustomerManagedKey } from '../../actions.ts'

export const metadata: Metadata = { title: 'Create key' }

export default async function CreateCustomerManagedKeyPage({ searchParams }: { searchParams: Query }) {
  const region = await chosenRegion((await readQuery(searchParams, 'region')).region)
  const context = await requestContext(region)
  const users = await attempt(ListUsers, context, { MaxItems: 1000 })
  const list = paths.customerManagedKeys(region)
  return (
    <>
      <PageHeader title="Create key" trail={[['Customer managed keys', list]]} description={`A customer managed key in ${regionName(region)}: symmetric, to encrypt and decrypt.`} />
      <div className="max-w-3xl">
        <Panel title="A symmetric key">
          <Form action={createCustomerManagedKey} hidden={{ region }} submit="Create key" cancel={list}>
            <CreateKeyFields accountId={context.accountId} users={users.ok ? users.output.Users.map(({ Arn, UserName }) => ({ arn: Arn, name: UserName })) : []} />
          </Form>
        </Panel>
      </div>
    </>
  )
}

import type { Metadata } from 'next'
import { Form, FormInput } from '#components/console/form.tsx'
import { PageHeader } from '#components/console/page-header.tsx'
import { Checkbox } from '#components/ui/field.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { paths } from '../../../../paths.ts'
import { requestContext } from '../../../../session.ts'
import { createUser } from '../../actions.ts'

export const metadata: Metadata = { title: 'Create user' }

export default async function CreateUserPage() {
  await requestContext()
  return (
    <>
      <PageHeader title="Create user" trail={[['Users', paths.users()]]} />
      <div className="max-w-2xl">
        <Panel title="User details">
          <Form action={createUser} submit="Create user" cancel={paths.users()}>
            <FormInput name="UserName" label="User name" description="Up to 64 letters, digits and + = , . @ - _. Upper and lower case make no difference between two names." autoCapitalize="none" maxLength={64} required />
            <FormInput name="Password" label="Console password" optional description="For signing in here. Leave it empty for a user that only uses git or the APIs." type="password" autoComplete="new-password" />
            <Checkbox name="PasswordResetRequired" value="true" label="The user must choose another at the first sign-in" />
            <p className="text-ink-2">A new user may do nothing. On the next page, attach policies and make credentials.</p>
          </Form>
        </Panel>
      </div>
    </>
  )
}

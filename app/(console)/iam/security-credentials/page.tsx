import type { Metadata } from 'next'
import { DialogForm } from '#components/console/dialog-form.tsx'
import { FormInput } from '#components/console/form.tsx'
import { PageHeader } from '#components/console/page-header.tsx'
import { Message } from '#components/ui/message.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { requestContext } from '../../../session.ts'
import { changeOwnPassword } from '../actions.ts'
import { AccessKeys, GitCredentials, SshPublicKeys } from '../credential-panels.tsx'
import { MfaDevices } from '../mfa-panel.tsx'

export const metadata: Metadata = { title: 'My security credentials' }

export default async function MySecurityCredentialsPage() {
  const context = await requestContext()
  const { principal } = context
  if (principal.type === 'Root') {
    return (
      <>
        <PageHeader title="My security credentials" description="Of the root user." />
        <Message tone="warning" title="No IAM policy limits the root user">
          <p>For daily work use an IAM user. The root user’s access keys do not open git: every push and pull is an IAM user’s.</p>
        </Message>
        <MfaDevices context={context} UserName={undefined} />
        <AccessKeys context={context} UserName={undefined} />
      </>
    )
  }
  const UserName = principal.userName
  return (
    <>
      <PageHeader title="My security credentials" description={`Of ${UserName}.`} />
      <Panel
        title="Console password"
        actions={
          <DialogForm button="Change password" title="Change your console password" description="Every session ends, this one too: sign in again with the new password." action={changeOwnPassword} submit="Change password">
            <FormInput name="OldPassword" label="Current password" type="password" autoComplete="current-password" required />
            <FormInput name="NewPassword" label="New password" description="8 to 128 characters, of three kinds: upper case, lower case, digits, others" type="password" autoComplete="new-password" required />
          </DialogForm>
        }
      >
        <p className="text-ink-2">With your user name and account ID it signs you in to this console. Git has credentials of its own.</p>
      </Panel>
      <MfaDevices context={context} UserName={UserName} />
      <GitCredentials context={context} UserName={UserName} />
      <SshPublicKeys context={context} UserName={UserName} />
      <AccessKeys context={context} UserName={UserName} />
    </>
  )
}

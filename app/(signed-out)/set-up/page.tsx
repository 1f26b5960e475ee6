import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { Copyable } from '#components/console/copyable.tsx'
import { Form, FormInput } from '#components/console/form.tsx'
import { Message } from '#components/ui/message.tsx'
import { accountId } from '#lib/account'
import { isSetUp, isSetUpToken } from '#lib/iam/set-up'
import { paths } from '../../paths.ts'
import { readQuery, type Query } from '../../query.ts'
import { setUp } from './actions.ts'

export const metadata: Metadata = { title: 'Set up' }

export default async function SetUpPage({ searchParams }: { searchParams: Query }) {
  if (await isSetUp()) redirect(paths.signInAsRoot())
  const { token } = await readQuery(searchParams, 'token')
  if (token === undefined || !isSetUpToken(token)) {
    return (
      <Message tone="info" title="Open the link that the server printed">
        <p>This Codekeep is new. Where it was started, its terminal shows a set-up link that only whoever runs it can see; it leads here, with what this address lacks.</p>
        <p>To start without it, set CODEKEEP_ROOT_PASSWORD and start the server again.</p>
      </Message>
    )
  }
  return (
    <>
      <div>
        <h1 className="text-lead font-semibold">Set up this account</h1>
        <p className="text-ink-2">Choose the root user’s password. The root user administers everything else: create an IAM user for daily work.</p>
      </div>
      <dl>
        <dt className="text-small text-ink-3">Account ID</dt>
        <dd>
          <Copyable text={accountId()} name="account ID" />
        </dd>
      </dl>
      <Form action={setUp} hidden={{ token }} submit="Set up" wide plain>
        {/* For password stores: whose password this is. */}
        <input type="text" name="username" value="root" autoComplete="username" readOnly hidden />
        <FormInput name="password" label="Root password" description="8 to 128 characters, of three kinds: upper case, lower case, digits, others" type="password" autoComplete="new-password" required />
        <FormInput name="again" label="Root password, again" type="password" autoComplete="new-password" required />
      </Form>
    </>
  )
}

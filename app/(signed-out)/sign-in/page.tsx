import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { Form, FormInput } from '#components/console/form.tsx'
import { Link } from '#components/console/link.tsx'
import { MfaField } from '#components/console/mfa-field.tsx'
import { isSetUp } from '#lib/iam/set-up'
import { paths } from '../../paths.ts'
import { readQuery, type Query } from '../../query.ts'
import { currentSession, lastAccountId } from '../../session.ts'
import { localPath } from './local-path.ts'
import { signIn } from './actions.ts'

export const metadata: Metadata = { title: 'Sign in' }

export default async function SignInPage({ searchParams }: { searchParams: Query }) {
  const { root, next } = await readQuery(searchParams, 'root', 'next')
  if (await currentSession()) redirect(localPath(next))
  if (!(await isSetUp())) redirect(paths.setUp())
  const asRoot = root !== undefined
  return (
    <>
      <div>
        <h1 className="text-lead font-semibold">{asRoot ? 'Root user sign in' : 'Sign in as IAM user'}</h1>
        <p className="text-ink-2">
          {asRoot ? 'The root user may do everything that key policies leave to the account. For daily work, use an IAM user.' : 'With the user name and password that your administrator gave you.'}
        </p>
      </div>
      {/* The key empties the form when the kind of sign-in changes. */}
      <Form key={asRoot ? 'root' : 'user'} action={signIn} submit="Sign in" wide plain hidden={{ next: localPath(next), ...(asRoot && { root: '1' }) }}>
        <FormInput name="accountId" label="Account ID" description="12 digits" inputMode="numeric" autoComplete="organization" defaultValue={(await lastAccountId()) ?? ''} required />
        {!asRoot && <FormInput name="userName" label="IAM user name" autoComplete="username" autoCapitalize="none" required />}
        <FormInput name="password" label="Password" type="password" autoComplete="current-password" required />
        <MfaField />
      </Form>
      <p className="border-t border-line pt-4">
        {asRoot ? <Link href={paths.signIn(next)}>Sign in as an IAM user instead</Link> : <Link href={paths.signInAsRoot(next)}>Sign in as the root user instead</Link>}
      </p>
    </>
  )
}

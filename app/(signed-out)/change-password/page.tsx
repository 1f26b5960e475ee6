import type { Metadata } from 'next'
import { Form, FormInput } from '#components/console/form.tsx'
import { paths } from '../../paths.ts'
import { readQuery, type Query } from '../../query.ts'
import { changePasswordContext } from '../../session.ts'
import { localPath } from '../sign-in/local-path.ts'
import { changePassword } from './actions.ts'

export const metadata: Metadata = { title: 'Change password' }

export default async function ChangePasswordPage({ searchParams }: { searchParams: Query }) {
  await changePasswordContext()
  const { next } = await readQuery(searchParams, 'next')
  return (
    <>
      <div>
        <h1 className="text-lead font-semibold">Choose a new password</h1>
        <p className="text-ink-2">The one you signed in with was given to you, and is to be changed before anything else.</p>
      </div>
      <Form action={changePassword} submit="Change password" wide plain hidden={{ next: next === undefined ? paths.home() : localPath(next) }}>
        <FormInput name="OldPassword" label="Old password" type="password" autoComplete="current-password" required />
        <FormInput name="NewPassword" label="New password" description="8 to 128 characters, of three kinds: upper case, lower case, digits, others" type="password" autoComplete="new-password" required />
        <FormInput name="again" label="New password, again" type="password" autoComplete="new-password" required />
      </Form>
    </>
  )
}

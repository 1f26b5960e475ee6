'use server'
import type { ActionState } from '#components/console/action-state.ts'
import { ChangePassword } from '#lib/iam/api'
import { invoke } from '#lib/invoke'
import { isServiceException } from '#lib/operation/exception'
import { text } from '../../form-action.ts'
import { answered, formOf, type Sent } from '../../posted.ts'
import { problemOf } from '../../problem.ts'
import { changePasswordContext } from '../../session.ts'
import { localPath } from '../sign-in/local-path.ts'

/** Changes the password of who has signed in with one that was given; only then does the console open. */
export async function changePassword(...sent: Sent): Promise<ActionState> {
  const form = formOf(sent)
  const context = await changePasswordContext()
  if (text(form, 'NewPassword') !== text(form, 'again')) {
    return { outcome: 'refused', problem: { code: 'ValidationException', message: 'The two do not match.' }, fields: { again: 'This is not the same password.' } }
  }
  try {
    await invoke(ChangePassword, context, { OldPassword: text(form, 'OldPassword'), NewPassword: text(form, 'NewPassword') })
  } catch (error) {
    const problem = problemOf(error)
    const fields = isServiceException(error) && error.name === 'PasswordPolicyViolation' ? { NewPassword: error.message } : {}
    return { outcome: 'refused', problem, fields }
  }
  return answered({ outcome: 'done', message: 'Password changed', to: localPath(text(form, 'next')) })
}

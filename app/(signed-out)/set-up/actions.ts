'use server'
import type { ActionState } from '#components/console/action-state.ts'
import { accountId } from '#lib/account'
import { ConsoleLogin, signInContext } from '#lib/iam/console-sign-in'
import { setUpRootByLink } from '#lib/iam/set-up'
import { invoke } from '#lib/invoke'
import { isServiceException } from '#lib/operation/exception'
import { text } from '../../form-action.ts'
import { paths } from '../../paths.ts'
import { answered, formOf, type Sent } from '../../posted.ts'
import { problemOf } from '../../problem.ts'
import { clientOf, keepAccountId, keepSession } from '../../session.ts'

/** Gives the root user the first password, by the printed link, and signs in with it. */
export async function setUp(...sent: Sent): Promise<ActionState> {
  const form = formOf(sent)
  const password = text(form, 'password')
  if (password !== text(form, 'again')) {
    return { outcome: 'refused', problem: { code: 'ValidationException', message: 'The two do not match.' }, fields: { again: 'This is not the same password.' } }
  }
  try {
    await setUpRootByLink(text(form, 'token'), password)
  } catch (error) {
    const fields = isServiceException(error) && error.name === 'PasswordPolicyViolation' ? { password: error.message } : {}
    return { outcome: 'refused', problem: problemOf(error), fields }
  }
  const { outcome } = await invoke(ConsoleLogin, signInContext(await clientOf()), { accountId: accountId(), password })
  if (outcome.status !== 'SignedIn') return answered({ outcome: 'done', to: paths.signInAsRoot() })
  await keepSession(outcome)
  await keepAccountId(accountId())
  return answered({ outcome: 'done', to: paths.home() })
}

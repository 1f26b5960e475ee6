'use server'
import type { ActionState } from '#components/console/action-state.ts'
import { ConsoleLogin, signInContext, signOut as endSession } from '#lib/iam/console-sign-in'
import { invoke } from '#lib/invoke'
import { optionalText, text } from '../../form-action.ts'
import { paths } from '../../paths.ts'
import { answered, formOf, type Sent } from '../../posted.ts'
import { clientOf, dropSession, keepAccountId, keepSession, sessionToken } from '../../session.ts'
import { localPath } from './local-path.ts'

/** Signs in: the one action that nobody need be signed in for, beside setting up. */
export async function signIn(...sent: Sent): Promise<ActionState> {
  const form = formOf(sent)
  const accountId = text(form, 'accountId').replace(/[\s-]/g, '')
  const missing = emptyFields(form, optionalText(form, 'root') === undefined ? ['accountId', 'userName', 'password'] : ['accountId', 'password'])
  if (missing) return missing
  const { outcome } = await invoke(ConsoleLogin, signInContext(await clientOf()), {
    accountId: accountId.slice(0, 64),
    ...(optionalText(form, 'root') === undefined && { userName: text(form, 'userName').trim().slice(0, 128) }),
    password: text(form, 'password').slice(0, 1024),
    ...(optionalText(form, 'mfaCode') !== undefined && { mfaCode: text(form, 'mfaCode').trim().slice(0, 64) }),
  })
  switch (outcome.status) {
    case 'MfaRequired':
      return { outcome: 'done', answer: { mfa: 'required' } }
    case 'Refused':
      return refused('The account ID, the name or the password is not right.', 'Capital letters count in passwords. Whoever administers IAM here can set a new one.')
    case 'TooManyAttempts':
      return refused('Too many attempts.', `Try again in ${outcome.retryAfterSeconds} seconds.`)
    case 'SignedIn':
      await keepSession(outcome)
      await keepAccountId(accountId)
      return answered({ outcome: 'done', to: outcome.passwordResetRequired ? paths.changePassword(localPath(text(form, 'next'))) : localPath(text(form, 'next')) })
  }
}

/** Ends the session here and in the browser. */
export async function signOut(..._sent: Sent): Promise<ActionState> {
  const token = await sessionToken()
  if (token !== undefined) await endSession(token)
  await dropSession()
  return answered({ outcome: 'done', to: paths.signIn() })
}

function refused(message: string, advice: string): ActionState {
  return { outcome: 'refused', problem: { code: '', message, advice }, fields: {} }
}

function emptyFields(form: FormData, names: readonly string[]): ActionState | undefined {
  const empty = names.filter((name) => text(form, name) === '')
  if (empty.length === 0) return undefined
  return {
    outcome: 'refused',
    problem: { code: 'ValidationException', message: 'Fill in all fields.' },
    fields: Object.fromEntries(empty.map((name) => [name, 'Fill this in.'])),
  }
}

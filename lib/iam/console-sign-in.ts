import { z } from 'zod'
import { accountId } from '#lib/account'
import { dummyHash, verifyPassword } from '#lib/crypto/password'
import { db, transaction, type Db } from '#lib/db'
import { createSession } from '#lib/iam/console-sessions'
import { rootPrincipal, userPrincipal } from '#lib/iam/credentials'
import { verifyMfaCode } from '#lib/iam/mfa-codes'
import { beginAttempt, succeedAttempt } from '#lib/iam/sign-in-limits'
import { remember } from '#lib/remember'
import type { Principal, RequestContext } from '#lib/operation/context'
import { defineOperation, type Recorded } from '#lib/operation/define'
import { validationException } from '#lib/operation/exception'
import { globalRegion } from '#lib/operation/regions'

export { findSession, signOut } from '#lib/iam/console-sessions'

/** How a sign-in ended. */
export type SignInOutcome =
  | Readonly<{ status: 'SignedIn'; token: string; expiresAt: Date; passwordResetRequired: boolean }>
  /** The password was right, and the user has an MFA device: ask for its code, and sign in again with both. */
  | Readonly<{ status: 'MfaRequired' }>
  /** Wrong account, name, password or code: never said which. */
  | Readonly<{ status: 'Refused' }>
  /** Too many attempts; nothing was looked at. */
  | Readonly<{ status: 'TooManyAttempts'; retryAfterSeconds: number }>

type Attempted = Readonly<{ outcome: SignInOutcome; principal: Principal; mfaUsed: boolean }>

/** What an attempt is up against: the same shape whether or not there is such a user. */
type Claimed = Readonly<{
  principal: Principal
  userId: string | null
  passwordHash: string | null
  passwordResetRequired: boolean
}>

/**
 * Signs in to the console with a password: as the root user where no user name is given.
 *
 * It runs for the anonymous principal of {@link signInContext}; nothing can refuse it but its limits ({@link beginAttempt}) and
 * the password. Whether a user exists cannot be told by answer or time: scrypt runs either way. Recorded as ConsoleLogin
 * (aws-facts D.4), an unknown name hidden, since people type passwords into that field.
 */
export const ConsoleLogin = defineOperation({
  service: 'signin',
  name: 'ConsoleLogin',
  eventType: 'AwsConsoleSignIn',
  readOnly: false,
  input: z.object({
    accountId: z.string().max(64),
    userName: z.string().max(128).optional(),
    password: z.string().max(1024),
    mfaCode: z.string().max(64).optional(),
  }),
  // The shared wording says values back, and these are passwords.
  invalid: () => validationException('The sign-in form is malformed.'),
  resolve: () => ({ access: [{ action: 'signin:ConsoleLogin', resource: '*', unconditional: true }], subject: null }),
  handler: async (context, { accountId: account, userName, password, mfaCode }): Promise<Attempted> => {
    const attempt = { user: `${account}/${userName === undefined ? 'root' : `user/${userName.toLowerCase()}`}`, address: context.sourceIPAddress }
    const claimed = await claimedBy(account, userName)
    const refused = (outcome: SignInOutcome): Attempted => ({ outcome, principal: anonymous(claimed), mfaUsed: mfaCode !== undefined })

    const retryAfterSeconds = beginAttempt(attempt, context.time)
    if (retryAfterSeconds > 0) return refused({ status: 'TooManyAttempts', retryAfterSeconds })
    const right = await stretchInTurn(() => verifyPassword(password, claimed?.passwordHash ?? dummyHash))
    if (right === null) return refused({ status: 'TooManyAttempts', retryAfterSeconds: 1 })
    if (!claimed?.passwordHash || !right) return refused({ status: 'Refused' })
    const mfa = await verifyMfaCode(claimed.userId, mfaCode, context.time)
    if (mfa === 'wrong') return refused({ status: 'Refused' })
    if (mfa === 'missing') return refused({ status: 'MfaRequired' })

    const { userId, passwordResetRequired, principal } = claimed
    const mfaAuthenticated = mfa === 'right'
    const session = await transaction(async (tx) => {
      // A password that was changed while it was being checked has ended its sessions already; this one must not come after.
      if ((await passwordHashOf(tx, userId)) !== claimed.passwordHash) return null
      if (userId !== null) await tx.iamUser.update({ where: { id: userId }, data: { passwordLastUsed: context.time } })
      return createSession(tx, { userId, mfaAuthenticated }, context.time)
    })
    if (!session) return refused({ status: 'Refused' })
    succeedAttempt(attempt)
    return { outcome: { status: 'SignedIn', ...session, passwordResetRequired }, principal, mfaUsed: mfaAuthenticated }
  },
  requestParameters: () => null,
  recorded: ({ outcome, principal, mfaUsed }): Recorded => ({
    principal,
    responseElements: { ConsoleLogin: outcome.status === 'SignedIn' ? 'Success' : 'Failure' },
    additionalEventData: { LoginTo: '/', MobileVersion: 'No', MFAUsed: mfaUsed ? 'Yes' : 'No' },
    ...(outcome.status !== 'SignedIn' && { errorMessage: failures[outcome.status] }),
  }),
})

/** The context of an attempt to sign in: nobody yet, in the Region of global services. */
export function signInContext(
  client: Pick<RequestContext, 'sourceIPAddress' | 'userAgent' | 'secureTransport'>,
): RequestContext {
  const { sourceIPAddress, userAgent, secureTransport } = client
  return {
    principal: { type: 'Anonymous', accountId: accountId(), userName: hidden },
    region: globalRegion,
    accountId: accountId(),
    requestId: crypto.randomUUID(),
    sourceIPAddress,
    userAgent,
    secureTransport,
    time: new Date(),
    calledVia: [],
  }
}

const hidden = 'HIDDEN_DUE_TO_SECURITY_REASONS'

const failures = {
  Refused: 'Failed authentication',
  MfaRequired: 'MFA code required',
  TooManyAttempts: 'Failed authentication: too many attempts',
} as const

async function claimedBy(account: string, userName: string | undefined): Promise<Claimed | null> {
  if (account !== accountId()) return null
  if (userName === undefined) {
    const { rootPasswordHash } = await db().account.findUniqueOrThrow({ where: { id: account } })
    return { principal: rootPrincipal(), userId: null, passwordHash: rootPasswordHash, passwordResetRequired: false }
  }
  const user = await db().iamUser.findUnique({ where: { nameLower: userName.toLowerCase() }, include: { loginProfile: true } })
  if (!user) return null
  return {
    principal: userPrincipal(user),
    userId: user.id,
    passwordHash: user.loginProfile?.passwordHash ?? null,
    passwordResetRequired: user.loginProfile?.passwordResetRequired ?? false,
  }
}

async function passwordHashOf(tx: Db, userId: string | null): Promise<string | null> {
  if (userId === null) return (await tx.account.findUnique({ where: { id: accountId() } }))?.rootPasswordHash ?? null
  return (await tx.loginProfile.findUnique({ where: { userId } }))?.passwordHash ?? null
}

/**
 * Runs `work`, unless as many as can reasonably wait are running already (null): each takes a fifth of a second of a core and
 * 32 MiB, and whoever sends a thousand at once from many addresses must not take all of both.
 */
async function stretchInTurn<Result>(work: () => Promise<Result>): Promise<Result | null> {
  const running = remember('iam.passwordsInFlight', () => ({ count: 0 }))
  if (running.count >= mostInFlight) return null
  running.count += 1
  try {
    return await work()
  } finally {
    running.count -= 1
  }
}

const mostInFlight = 24

/** Whom a refused attempt is recorded for: the name that was claimed where it exists, and no identity, for none was proved. */
function anonymous(claimed: Claimed | null): Principal {
  const principal = claimed?.principal
  const userName = principal?.type === 'IAMUser' ? principal.userName : principal?.type === 'Root' ? 'root' : hidden
  return { type: 'Anonymous', accountId: accountId(), userName }
}

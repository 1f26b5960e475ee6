import { createHash, randomBytes } from 'node:crypto'
import { db, type Db } from '#lib/db'
import { rootPrincipal, userPrincipal, type CallerPrincipal } from '#lib/iam/credentials'

/** A session of the console, as its cookie's token finds it. */
export type Session = Readonly<{
  principal: CallerPrincipal
  createdAt: Date
  expiresAt: Date
  mfaAuthenticated: boolean
  /** Nothing should be done in it before the password is changed (ChangePassword). */
  passwordResetRequired: boolean
}>

/** How long a session lasts: 12 hours, as AWS's. */
export const sessionDuration = 12 * 3_600_000

/**
 * Begins a session, always under a new token: one that the browser had before is never taken over. The token is 32 random
 * bytes; only its SHA-256 is kept.
 */
export async function createSession(
  tx: Db,
  { userId, mfaAuthenticated }: { userId: string | null; mfaAuthenticated: boolean },
  now: Date,
): Promise<{ token: string; expiresAt: Date }> {
  const token = randomBytes(32).toString('base64url')
  const expiresAt = new Date(now.getTime() + sessionDuration)
  await tx.consoleSession.deleteMany({ where: { expiresAt: { lte: now } } })
  await tx.consoleSession.create({ data: { tokenHash: hashOf(token), userId, mfaAuthenticated, createdAt: now, expiresAt } })
  return { token, expiresAt }
}

/** The session of a token; null where there is none, it has ended, or its user is gone. */
export async function findSession(token: string, now = new Date()): Promise<Session | null> {
  const session = await db().consoleSession.findUnique({ where: { tokenHash: hashOf(token) } })
  if (!session || session.expiresAt <= now) return null
  const { userId, createdAt, expiresAt, mfaAuthenticated } = session
  if (userId === null) return { principal: rootPrincipal(), createdAt, expiresAt, mfaAuthenticated, passwordResetRequired: false }
  const user = await db().iamUser.findUnique({ where: { id: userId }, include: { loginProfile: true } })
  if (!user?.loginProfile) return null
  const { passwordResetRequired } = user.loginProfile
  return { principal: userPrincipal(user), createdAt, expiresAt, mfaAuthenticated, passwordResetRequired }
}

/** Ends a session; a token that has none is no error. */
export async function signOut(token: string): Promise<void> {
  await db().consoleSession.deleteMany({ where: { tokenHash: hashOf(token) } })
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { accountId } from '#lib/account'
import { hashPassword } from '#lib/crypto/password'
import { db, transaction } from '#lib/db'
import { forgetCredentials } from '#lib/iam/credentials'
import { invalidInput } from '#lib/iam/exceptions'
import { checkPassword } from '#lib/iam/password-policy'
import { sealSecret } from '#lib/iam/sealed-secrets'
import { ServiceException } from '#lib/operation/exception'
import { forget, remember } from '#lib/remember'

/** What the root user signs in with: a console password, an access key, or both. */
export type RootCredentials = Readonly<{
  password?: string | undefined
  accessKeyId?: string | undefined
  secretAccessKey?: string | undefined
}>

/** True once the root user has a password or an access key. */
export async function isSetUp(): Promise<boolean> {
  const account = await db().account.findUniqueOrThrow({ where: { id: accountId() } })
  return account.rootPasswordHash !== null || (await db().accessKey.count({ where: { userId: null } })) > 0
}

/**
 * Gives the root user its first credentials: what an unattended first start is configured with, or the set-up page was told.
 *
 * @throws ServiceException — PasswordPolicyViolation; InvalidInput where nothing or half an access key is given; AccessDenied where
 *   the account is set up already: only the first start decides who root is.
 */
export async function setUpRoot({ password, accessKeyId, secretAccessKey }: RootCredentials): Promise<void> {
  if ((accessKeyId === undefined) !== (secretAccessKey === undefined)) throw invalidInput('An access key has an ID and a secret.')
  if (password === undefined && accessKeyId === undefined) throw invalidInput('The root user needs a password or an access key.')
  if (password !== undefined) checkPassword(password, accountId())
  const rootPasswordHash = password === undefined ? null : await hashPassword(password)
  const id = accountId()
  await transaction(async (tx) => {
    const rootKeys = await tx.accessKey.count({ where: { userId: null } })
    // Compare and set: of two set-ups at the same moment, one finds it done.
    const unset = await tx.account.updateMany({ where: { id, rootPasswordHash: null }, data: { rootPasswordHash } })
    if (unset.count !== 1 || rootKeys > 0) throw alreadySetUp()
    if (accessKeyId === undefined || secretAccessKey === undefined) return
    await tx.accessKey.create({
      data: {
        id: accessKeyId,
        userId: null,
        secretEncrypted: sealSecret('codekeep access key secret', accessKeyId, secretAccessKey),
        status: 'Active',
        createDate: new Date(),
      },
    })
  })
  forgetCredentials()
  forget(tokenName)
}

/**
 * The token of the set-up link that the server prints at a first start: whoever can read the terminal may set the root
 * password. One for the life of the process; it is worth nothing once the account is set up.
 */
export function setUpToken(): string {
  return remember(tokenName, () => randomBytes(32).toString('base64url'))
}

/** Whether a link's token is the printed one, compared in constant time. */
export function isSetUpToken(token: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(token), digest(setUpToken()))
}

/**
 * What the set-up page does.
 * @throws ServiceException — AccessDenied for another token than the printed one, and as {@link setUpRoot}.
 */
export async function setUpRootByLink(token: string, password: string): Promise<void> {
  if (!isSetUpToken(token)) throw new ServiceException('AccessDenied', 'The link is not the one that the server printed at its start.', { httpStatus: 403 })
  await setUpRoot({ password })
}

const tokenName = 'iam.setUpToken'

function alreadySetUp(): ServiceException {
  return new ServiceException('AccessDenied', 'This account is already set up. Sign in as the root user.', { httpStatus: 403 })
}

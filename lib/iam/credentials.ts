import type { IamUser } from '#prisma/sqlite/generated/client.ts'
import { accountId } from '#lib/account'
import { db } from '#lib/db'
import { openSecret } from '#lib/iam/sealed-secrets'
import type { Principal } from '#lib/operation/context'
import { remember } from '#lib/remember'

/** Who an authenticated caller is: never a service, never nobody. */
export type CallerPrincipal = Extract<Principal, { type: 'Root' | 'IAMUser' }>

/** An active access key, ready to verify signatures with. */
export type AccessKeyCredential = Readonly<{ principal: CallerPrincipal; secretAccessKey: string }>

/** An active service-specific credential. */
export type GeneratedCredential = Readonly<{ principal: CallerPrincipal; id: string; passwordHash: Uint8Array }>

/** The access key of this ID, if there is one and it is active. Remembered until {@link forgetCredentials}. */
export async function findAccessKey(id: string): Promise<AccessKeyCredential | null> {
  return remembered(`access key ${id}`, async () => {
    const key = await db().accessKey.findUnique({ where: { id }, include: { user: true } })
    if (key?.status !== 'Active') return null
    const principal = { ...(key.user ? userPrincipal(key.user) : rootPrincipal()), accessKeyId: id }
    return { principal, secretAccessKey: openSecret('codekeep access key secret', id, key.secretEncrypted) }
  })
}

/** The active credential of a service by its generated user name. Remembered until {@link forgetCredentials}. */
export async function findGeneratedCredential(serviceName: string, serviceUserName: string): Promise<GeneratedCredential | null> {
  return remembered(`${serviceName} ${serviceUserName}`, async () => {
    const found = await db().serviceSpecificCredential.findUnique({ where: { serviceUserName }, include: { user: true } })
    if (found?.status !== 'Active' || found.serviceName !== serviceName) return null
    return { principal: userPrincipal(found.user), id: found.id, passwordHash: found.passwordHash }
  })
}

/**
 * Drops every remembered credential: to be called after each committed change of an access key, a service-specific credential,
 * or a user's name or existence. The next request reads anew.
 */
export function forgetCredentials(): void {
  const cache = store()
  cache.generation += 1
  cache.found.clear()
}

export function userPrincipal(user: Pick<IamUser, 'id' | 'name' | 'arn'>): Extract<Principal, { type: 'IAMUser' }> {
  return { type: 'IAMUser', accountId: accountId(), arn: user.arn, principalId: user.id, userName: user.name }
}

export function rootPrincipal(): Extract<Principal, { type: 'Root' }> {
  const id = accountId()
  return { type: 'Root', accountId: id, arn: `arn:aws:iam::${id}:root`, principalId: id }
}

const capacity = 10_000

function store() {
  return remember('iam.credentials', () => ({ generation: 0, found: new Map<string, unknown>() }))
}

/** What is not found is not remembered: names that nobody has would fill the memory. */
async function remembered<Credential extends object>(name: string, read: () => Promise<Credential | null>): Promise<Credential | null> {
  const cache = store()
  const known = cache.found.get(name) as Credential | undefined
  if (known) return known
  const { generation } = cache
  const credential = await read()
  // What was read before a change must not outlive the change.
  if (credential && cache.generation === generation) {
    const [oldest] = cache.found.keys()
    if (cache.found.size >= capacity && oldest !== undefined) cache.found.delete(oldest)
    cache.found.set(name, credential)
  }
  return credential
}

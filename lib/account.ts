import { randomInt } from 'node:crypto'
import { ConfigError, type Config } from '#lib/config'
import { db, isUniqueViolation } from '#lib/db'
import { remember, replaceRemembered } from '#lib/remember'
import { createRootKey, rootKey, rootKeyExists, rootKeyId } from '#lib/root-key'

/**
 * The account of this installation: 12 digits.
 * @throws Error where the database is not open
 */
export function accountId(): string {
  return remember('account', (): string => {
    throw new Error('the database is not open')
  })
}

/**
 * Finds the account, or at first start makes it, and the root key with it.
 *
 * @throws ConfigError where the configuration names another account than the database holds, or where the root key is
 *   missing or not the one that the database's keys are wrapped under: what it would wrap could never be read together
 *   with what is there.
 */
export async function ensureAccount(config: Config): Promise<void> {
  const account = (await findAccount()) ?? (await createAccount(config))
  if (config.accountId !== undefined && config.accountId !== account.id) {
    throw new ConfigError(`CODEKEEP_ACCOUNT_ID: is ${config.accountId}, but this database is account ${account.id}`)
  }
  if (!rootKeyExists(config.rootKey)) {
    throw new ConfigError('CODEKEEP_ROOT_KEY: the root key is missing, and without it nothing stored here can be opened: bring its file back from where you keep a copy')
  }
  if (account.rootKeyId !== currentRootKeyId()) {
    throw new ConfigError('CODEKEEP_ROOT_KEY: is not the root key that this database’s keys are wrapped under')
  }
  replaceRemembered('account', account.id)
}

async function findAccount() {
  return db().account.findFirst()
}

async function createAccount(config: Config) {
  createRootKey(config.rootKey)
  const id = config.accountId ?? String(randomInt(100_000_000_000, 1_000_000_000_000))
  try {
    return await db().account.create({ data: { id, createdAt: new Date(), rootKeyId: currentRootKeyId() } })
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    return db().account.findFirstOrThrow()
  }
}

function currentRootKeyId(): string {
  return Buffer.from(rootKeyId(rootKey())).toString('hex')
}

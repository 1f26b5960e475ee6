import { db } from '#lib/db'
import { limitExceeded } from '#lib/kms/exceptions'
import type { Place } from '#lib/kms/keys'

/** @throws ServiceException `LimitExceededException` where the Region holds all the customer-managed keys it may (aws-facts A.3) */
export async function requireKeyQuota({ accountId, region }: Place): Promise<void> {
  // A key that AWS manages is one with a managed alias: counted in the index, without a look at a hundred thousand rows.
  const count = await db().kmsKey.count({ where: { accountId, region, managedAlias: null } })
  if (count >= keysPerRegion) throw limitExceeded(`The quota of ${keysPerRegion} KMS keys in this Region has been reached.`)
}

/** @throws ServiceException `LimitExceededException` where the key has all the aliases it may (aws-facts A.3) */
export async function requireAliasQuota(keyId: string): Promise<void> {
  const count = await db().kmsAlias.count({ where: { targetKeyId: keyId } })
  if (count >= aliasesPerKey) throw limitExceeded(`The quota of ${aliasesPerKey} aliases for this KMS key has been reached.`)
}

const keysPerRegion = 100_000
const aliasesPerKey = 50

import { db, isUniqueViolation } from '#lib/db'
import { awsManagedKeyPolicy, candidateKeyId, type PredefinedAlias } from '#lib/kms/aws-managed-key'
import { keyArn } from '#lib/kms/key-id'
import { createKeyMaterial } from '#lib/kms/key-material'
import { changingKey, findKey, findKeyByAlias, type Key, type Place } from '#lib/kms/keys'
import { nextRotationAfter } from '#lib/kms/rotation-period'

/** Makes a customer-managed key, with its first key material. */
export async function createCustomerKey(
  place: Place,
  key: Readonly<{ keyId: string; description: string; policy: string; tags: readonly { TagKey: string; TagValue: string }[] }>,
  now: Date,
): Promise<Key> {
  const { keyId, description, policy } = key
  const tags = key.tags.map(({ TagKey, TagValue }) => ({ tagKey: TagKey, tagValue: TagValue }))
  await changingKey(keyId, () =>
    db().kmsKey.create({
      data: { ...newKey(place, keyId, now), keyManager: 'CUSTOMER', description, policy, tags: { create: tags } },
    }),
  )
  return existing(place, keyId)
}

/**
 * Makes the AWS-managed key of a predefined alias, and the alias with it, or finds the one that someone else has just made:
 * exactly one per account and Region, which a unique constraint sees to, and not who asks first.
 */
export async function createAwsManagedKey(place: Place, predefined: PredefinedAlias, now: Date): Promise<Key> {
  const keyId = candidateKeyId(predefined, place)
  const { aliasName } = predefined
  const { accountId, region } = place
  const rotationPeriodInDays = 365
  try {
    await changingKey(keyId, () =>
      db().kmsKey.create({
        data: {
          ...newKey(place, keyId, now),
          keyManager: 'AWS',
          managedAlias: aliasName,
          description: predefined.description,
          policy: awsManagedKeyPolicy(predefined, place),
          rotationEnabled: true,
          rotationPeriodInDays,
          nextRotationDate: nextRotationAfter(now, rotationPeriodInDays),
          aliases: { create: { accountId, region, name: aliasName, creationDate: now, lastUpdatedDate: now } },
        },
      }),
    )
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
  }
  const key = await findKeyByAlias(place, aliasName)
  if (!key) throw new Error(`the key of ${aliasName} is gone as soon as it is made`)
  return key
}

function newKey(place: Place, keyId: string, now: Date) {
  const arn = keyArn(place, keyId)
  const { id, wrapped } = createKeyMaterial({ keyArn: arn, rotation: 0 })
  return {
    id: keyId,
    accountId: place.accountId,
    region: place.region,
    arn,
    keyState: 'Enabled',
    creationDate: now,
    currentKeyMaterialId: id,
    materials: { create: { id, rotation: 0, wrapped, createdAt: now } },
  }
}

async function existing(place: Place, keyId: string): Promise<Key> {
  const key = await findKey(place, keyId)
  if (!key) throw new Error(`key ${keyId} is gone as soon as it is made`)
  return key
}

import { db } from '#lib/db'
import { keyNotFound } from '#lib/kms/exceptions'
import { requireState, statesFor, type KeyState, type KeyUse } from '#lib/kms/key-state'
import { changingKey, findKey, type Key } from '#lib/kms/keys'

/** The members of a key's row that operations set. */
export type KeyChange = Partial<
  Readonly<{
    keyState: KeyState
    deletionDate: Date | null
    description: string
    policy: string
    rotationEnabled: boolean
    rotationPeriodInDays: number
    nextRotationDate: Date | null
  }>
>

/**
 * Changes a key's row if its state allows `use`, and answers the key as it then is.
 *
 * The state is compared where it is set, so of two callers at once (EnableKey and ScheduleKeyDeletion) the later one is
 * judged by what the earlier one left.
 *
 * @throws ServiceException `DisabledException`, `KMSInvalidStateException`, or `NotFoundException` where it is gone meanwhile
 */
export async function changeKey(key: Key, use: KeyUse, change: KeyChange): Promise<Key> {
  requireState(use, key)
  const where = { id: key.id, keyState: { in: statesFor(use) } }
  const { count } = await changingKey(key.id, () => db().kmsKey.updateMany({ where, data: change }))
  const changed = await findKey(key, key.id)
  if (!changed) throw keyNotFound(key.arn)
  if (count === 0) requireState(use, changed)
  return changed
}

/** What the trail keeps of an operation that answers nothing: the key it changed (aws-facts D.2). */
export function changedKey(_output: unknown, _input: unknown, key: { arn: string }) {
  return { responseElements: { keyId: key.arn } }
}

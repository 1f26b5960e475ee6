import { transaction } from '#lib/db'
import { ServiceException } from '#lib/operation/exception'
import { limitExceeded } from '#lib/kms/exceptions'
import { createKeyMaterial } from '#lib/kms/key-material'
import { requireState, type KeyState } from '#lib/kms/key-state'
import { changingKey, type Key } from '#lib/kms/keys'
import { nextRotationAfter } from '#lib/kms/rotation-period'

export type RotationType = 'AUTOMATIC' | 'ON_DEMAND'

/**
 * Gives a key new key material. What the older ones encrypted stays decryptable; what is encrypted from now on is under the
 * new one.
 *
 * @returns the id of the new key material
 * @throws ServiceException where the key's state does not allow it, `LimitExceededException` after 25 on-demand rotations,
 *   `ConflictException` for an automatic rotation that is not due (any more)
 */
export async function rotateKey(key: Key, rotationType: RotationType, now: Date): Promise<string> {
  return changingKey(key.id, () =>
    transaction(async (tx) => {
      const row = await tx.kmsKey.findUniqueOrThrow({ where: { id: key.id } })
      requireState('rotateKeyOnDemand', { arn: row.arn, keyState: row.keyState as KeyState })
      const onDemand = rotationType === 'ON_DEMAND'
      if (onDemand && row.onDemandRotations >= mostOnDemand) {
        throw limitExceeded(
          `The on-demand rotations limit has been reached for the given keyId. No more on-demand rotations can be performed for this key: ${row.arn}`,
        )
      }
      if (!onDemand && !(row.rotationEnabled && row.nextRotationDate && row.nextRotationDate <= now)) {
        throw new ServiceException('ConflictException', `${row.arn} is not due for rotation.`)
      }
      const last = await tx.kmsKeyMaterial.aggregate({ where: { keyId: key.id }, _max: { rotation: true } })
      const rotation = (last._max.rotation ?? 0) + 1
      const { id, wrapped } = createKeyMaterial({ keyArn: row.arn, rotation })
      await tx.kmsKeyMaterial.create({ data: { id, keyId: key.id, rotation, rotationType, wrapped, createdAt: now } })
      await tx.kmsKey.update({
        where: { id: key.id },
        data: {
          currentKeyMaterialId: id,
          ...(onDemand
            ? { onDemandRotations: { increment: 1 } }
            : { nextRotationDate: nextRotationAfter(now, row.rotationPeriodInDays) }),
        },
      })
      return id
    }),
  )
}

const mostOnDemand = 25

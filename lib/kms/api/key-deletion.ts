import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { transaction } from '#lib/db'
import { defineOperation } from '#lib/operation/define'
import { ServiceException } from '#lib/operation/exception'
import { changeKey } from '#lib/kms/change-key'
import { accessOn, actingOn, findTarget, onKey } from '#lib/kms/key-access'
import { forgetKeyMaterial } from '#lib/kms/key-material'
import { changingKey } from '#lib/kms/keys'
import { KeyId } from '#lib/kms/members'

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html */
export const ScheduleKeyDeletion = defineOperation({
  service: 'kms',
  name: 'ScheduleKeyDeletion',
  readOnly: false,
  input: z.object({ KeyId, PendingWindowInDays: z.int().min(7).max(30).default(30) }),
  resolve: async (context, { KeyId, PendingWindowInDays }) => {
    const target = await findTarget(context, KeyId, { aliases: false })
    const conditions = { 'kms:ScheduleKeyDeletionPendingWindowInDays': String(PendingWindowInDays) }
    return actingOn(target, [accessOn(target, 'kms:ScheduleKeyDeletion', conditions)])
  },
  handler: async (_context, { PendingWindowInDays }, key) => {
    const deletionDate = new Date(Date.now() + PendingWindowInDays * day)
    await changeKey(key, 'scheduleKeyDeletion', { keyState: 'PendingDeletion', deletionDate })
    return { KeyId: key.arn, DeletionDate: deletionDate, KeyState: 'PendingDeletion', PendingWindowInDays }
  },
  requestParameters: ({ KeyId, PendingWindowInDays }) => ({ keyId: KeyId, pendingWindowInDays: PendingWindowInDays }),
  recorded: ({ KeyId, DeletionDate, KeyState, PendingWindowInDays }) => ({
    responseElements: { keyId: KeyId, deletionDate: DeletionDate, keyState: KeyState, pendingWindowInDays: PendingWindowInDays },
  }),
})

/** Takes a key back, disabled: https://docs.aws.amazon.com/kms/latest/APIReference/API_CancelKeyDeletion.html */
export const CancelKeyDeletion = defineOperation({
  service: 'kms',
  name: 'CancelKeyDeletion',
  readOnly: false,
  input: z.object({ KeyId }),
  resolve: onKey('kms:CancelKeyDeletion'),
  handler: async (_context, _input, key) => {
    await changeKey(key, 'cancelKeyDeletion', { keyState: 'Disabled', deletionDate: null })
    return { KeyId: key.arn }
  },
  requestParameters: ({ KeyId }) => ({ keyId: KeyId }),
  recorded: ({ KeyId }) => ({ responseElements: { keyId: KeyId } }),
})

/**
 * What KMS does by itself when the waiting period has ended: the key, its aliases and all its key material go, and nothing
 * that it encrypted can be decrypted again. Not in the API; the schedule runs it, so that the trail has it as AWS's does.
 */
export const DeleteKey = defineOperation({
  service: 'kms',
  name: 'DeleteKey',
  readOnly: false,
  eventType: 'AwsServiceEvent',
  input: z.object({ KeyId }),
  resolve: async (context, { KeyId }) => {
    const target = await findTarget(context, KeyId, { aliases: false })
    return actingOn(target, [{ action: 'kms:DeleteKey', resource: target.arn, unconditional: true }])
  },
  handler: async (context, _input, key) => {
    await changingKey(key.id, () =>
      transaction(async (tx) => {
        // Asked again where it is done: a deletion cancelled a moment ago must not happen.
        const due = { id: key.id, keyState: 'PendingDeletion', deletionDate: { lte: context.time } }
        if ((await tx.kmsKey.count({ where: due })) === 0) throw new ServiceException('ConflictException', `${key.arn} is not due for deletion.`)
        // Overwritten first, so that the bytes are not left behind in the database's free pages.
        await tx.kmsKeyMaterial.updateMany({ where: { keyId: key.id }, data: { wrapped: new Uint8Array(randomBytes(wrappedLength)) } })
        await tx.kmsKey.delete({ where: { id: key.id } })
      }),
    )
    forgetKeyMaterial(key.id)
  },
  requestParameters: () => null,
  recorded: (_output, _input, key) => ({ serviceEventDetails: { keyId: key.arn } }),
})

const day = 86_400_000
const wrappedLength = 77

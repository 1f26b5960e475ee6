import { z } from 'zod'
import { db } from '#lib/db'
import { defineOperation } from '#lib/operation/define'
import { changedKey, changeKey } from '#lib/kms/change-key'
import { invalidMarker } from '#lib/kms/exceptions'
import { accessOn, actingOn, findTarget, onKey } from '#lib/kms/key-access'
import { requireState } from '#lib/kms/key-state'
import { afterMarker, kmsPage, KeyId, limit, Marker } from '#lib/kms/members'
import { rotateKey } from '#lib/kms/rotation'
import { nextRotationAfter } from '#lib/kms/rotation-period'

const defaultPeriod = 365

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKeyRotation.html */
export const EnableKeyRotation = defineOperation({
  service: 'kms',
  name: 'EnableKeyRotation',
  readOnly: false,
  input: z.object({ KeyId, RotationPeriodInDays: z.int().min(90).max(2560).optional() }),
  resolve: async (context, { KeyId, RotationPeriodInDays }) => {
    const target = await findTarget(context, KeyId, { aliases: false })
    const conditions: Record<string, string> =
      RotationPeriodInDays === undefined ? {} : { 'kms:RotationPeriodInDays': String(RotationPeriodInDays) }
    return actingOn(target, [accessOn(target, 'kms:EnableKeyRotation', conditions)])
  },
  handler: async (_context, { RotationPeriodInDays }, key) => {
    const rotationPeriodInDays = RotationPeriodInDays ?? (key.rotationEnabled ? key.rotationPeriodInDays : defaultPeriod)
    // Asked for what is so already, the date that rotation is due on stays.
    const unchanged = key.rotationEnabled && key.rotationPeriodInDays === rotationPeriodInDays
    const nextRotationDate = unchanged ? key.nextRotationDate : nextRotationAfter(new Date(), rotationPeriodInDays)
    await changeKey(key, 'enableKeyRotation', { rotationEnabled: true, rotationPeriodInDays, nextRotationDate })
  },
  requestParameters: ({ KeyId, RotationPeriodInDays }) => ({ keyId: KeyId, rotationPeriodInDays: RotationPeriodInDays }),
  recorded: changedKey,
})

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_DisableKeyRotation.html */
export const DisableKeyRotation = defineOperation({
  service: 'kms',
  name: 'DisableKeyRotation',
  readOnly: false,
  input: z.object({ KeyId }),
  resolve: onKey('kms:DisableKeyRotation'),
  handler: async (_context, _input, key) => {
    await changeKey(key, 'disableKeyRotation', { rotationEnabled: false, nextRotationDate: null })
  },
  requestParameters: ({ KeyId }) => ({ keyId: KeyId }),
  recorded: changedKey,
})

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyRotationStatus.html */
export const GetKeyRotationStatus = defineOperation({
  service: 'kms',
  name: 'GetKeyRotationStatus',
  readOnly: true,
  input: z.object({ KeyId }),
  resolve: onKey('kms:GetKeyRotationStatus'),
  handler: (_context, _input, key) => {
    // While a key waits for its deletion it is not rotated; cancelling brings the old answer back (API page).
    const enabled = key.rotationEnabled && key.keyState !== 'PendingDeletion'
    return {
      KeyRotationEnabled: enabled,
      KeyId: key.arn,
      ...(enabled && { RotationPeriodInDays: key.rotationPeriodInDays }),
      ...(enabled && key.nextRotationDate && { NextRotationDate: key.nextRotationDate }),
    }
  },
  requestParameters: ({ KeyId }) => ({ keyId: KeyId }),
})

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_RotateKeyOnDemand.html */
export const RotateKeyOnDemand = defineOperation({
  service: 'kms',
  name: 'RotateKeyOnDemand',
  readOnly: false,
  input: z.object({ KeyId }),
  resolve: onKey('kms:RotateKeyOnDemand'),
  handler: async (_context, _input, key) => {
    requireState('rotateKeyOnDemand', key)
    await rotateKey(key, 'ON_DEMAND', new Date())
    return { KeyId: key.arn }
  },
  requestParameters: ({ KeyId }) => ({ keyId: KeyId }),
  recorded: changedKey,
})

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_ListKeyRotations.html */
export const ListKeyRotations = defineOperation({
  service: 'kms',
  name: 'ListKeyRotations',
  readOnly: true,
  input: z.object({
    KeyId,
    IncludeKeyMaterial: z.enum(['ALL_KEY_MATERIAL', 'ROTATIONS_ONLY']).default('ROTATIONS_ONLY'),
    Limit: limit(1000).default(100),
    Marker: Marker.optional(),
  }),
  resolve: onKey('kms:ListKeyRotations'),
  handler: async (_context, { IncludeKeyMaterial, Limit, Marker }, key) => {
    const first = IncludeKeyMaterial === 'ALL_KEY_MATERIAL' ? -1 : 0
    const after = Number(afterMarker('rotations', Marker) ?? first)
    if (!Number.isInteger(after)) throw invalidMarker(Marker ?? '')
    const rows = await db().kmsKeyMaterial.findMany({
      where: { keyId: key.id, rotation: { gt: after } },
      orderBy: { rotation: 'asc' },
      take: Limit + 1,
      select: { id: true, rotation: true, rotationType: true, createdAt: true },
    })
    return kmsPage('rotations', 'Rotations', rows, Limit, ({ rotation }) => String(rotation), (row) => ({
      KeyId: key.id,
      KeyMaterialId: row.id,
      KeyMaterialState: row.id === key.currentKeyMaterialId ? 'CURRENT' : 'NON_CURRENT',
      ...(row.rotationType !== null && { RotationDate: row.createdAt, RotationType: row.rotationType }),
    }))
  },
  requestParameters: ({ KeyId, IncludeKeyMaterial, Limit, Marker }) => ({
    keyId: KeyId,
    includeKeyMaterial: IncludeKeyMaterial,
    limit: Limit,
    marker: Marker,
  }),
})

/**
 * What KMS does by itself when a key's rotation is due. Not in the API; the schedule runs it, so that the trail has it as
 * AWS's does: https://docs.aws.amazon.com/kms/latest/developerguide/ct-rotatekey.html
 */
export const RotateKey = defineOperation({
  service: 'kms',
  name: 'RotateKey',
  readOnly: false,
  eventType: 'AwsServiceEvent',
  input: z.object({ KeyId }),
  resolve: async (context, { KeyId }) => {
    const target = await findTarget(context, KeyId, { aliases: false })
    return actingOn(target, [{ action: 'kms:RotateKey', resource: target.arn, unconditional: true }])
  },
  handler: async (context, _input, key) => ({ keyMaterialId: await rotateKey(key, 'AUTOMATIC', context.time) }),
  requestParameters: () => null,
  recorded: ({ keyMaterialId }, _input, key) => ({
    serviceEventDetails: {
      keyId: key.arn,
      keyOrigin: key.origin,
      rotationType: 'AUTOMATIC',
      previousKeyMaterialId: key.currentKeyMaterialId,
      currentKeyMaterialId: keyMaterialId,
    },
  }),
})

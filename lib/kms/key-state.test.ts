import { expect, test } from 'vitest'
import { keyCan, requireState, statesFor, type KeyUse } from '#lib/kms/key-state'

/** Enabled / Disabled / PendingDeletion, in the numbers of the Developer Guide's table (aws-facts A.4). */
const guide: Readonly<Record<KeyUse, string>> = {
  cancelKeyDeletion: '4 4 ok',
  createAlias: 'ok ok 3',
  updateAlias: 'ok ok 3',
  deleteAlias: 'ok ok ok',
  decrypt: 'ok 1 3',
  encrypt: 'ok 1 3',
  generateDataKey: 'ok 1 3',
  generateDataKeyWithoutPlaintext: 'ok 1 3',
  reEncrypt: 'ok 1 3',
  describeKey: 'ok ok ok',
  disableKey: 'ok ok 3',
  enableKey: 'ok ok 3',
  disableKeyRotation: 'ok 1 3',
  enableKeyRotation: 'ok 1 3',
  getKeyPolicy: 'ok ok ok',
  getKeyRotationStatus: 'ok ok ok',
  listKeyPolicies: 'ok ok ok',
  listKeyRotations: 'ok ok ok',
  listResourceTags: 'ok ok ok',
  putKeyPolicy: 'ok ok ok',
  rotateKeyOnDemand: 'ok 1 3',
  scheduleKeyDeletion: 'ok ok 3',
  tagResource: 'ok ok 3',
  untagResource: 'ok ok 3',
  updateKeyDescription: 'ok ok 3',
}

const answers = {
  1: 'DisabledException: key is disabled.',
  3: 'KMSInvalidStateException: key is pending deletion.',
  4: 'KMSInvalidStateException: key is not pending deletion.',
}

const states = ['Enabled', 'Disabled', 'PendingDeletion'] as const

test.each(Object.entries(guide))('%s: %s', (use, row) => {
  const cells = states.map((keyState) => {
    const can = keyCan[use as KeyUse]({ keyState })
    if (can.allowed) return 'ok'
    return Object.entries(answers).find(([, text]) => text === `${can.exception}: key ${can.reason}`)?.[0]
  })
  expect(cells.join(' ')).toBe(row)
  expect(statesFor(use as KeyUse)).toEqual(states.filter((_, index) => cells[index] === 'ok'))
})

test('a state that does not allow it is told with the key’s ARN', () => {
  expect(() => requireState('encrypt', { keyState: 'Disabled', arn: 'arn:key' })).toThrow(
    expect.objectContaining({ name: 'DisabledException', message: 'arn:key is disabled.' }) as Error,
  )
  requireState('encrypt', { keyState: 'Enabled', arn: 'arn:key' })
})

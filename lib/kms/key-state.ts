import { ServiceException } from '#lib/operation/exception'

// No database here: the console's pages read this table too, for the buttons that a state disables.

export type KeyState = 'Enabled' | 'Disabled' | 'PendingDeletion'

/** Whether a key's state lets an operation be, and where not, what AWS says. */
export type KeyCan =
  | Readonly<{ allowed: true }>
  | Readonly<{ allowed: false; exception: 'DisabledException' | 'KMSInvalidStateException'; reason: string }>

const allowed: KeyCan = { allowed: true }
const isDisabled: KeyCan = { allowed: false, exception: 'DisabledException', reason: 'is disabled.' }
const isPending: KeyCan = { allowed: false, exception: 'KMSInvalidStateException', reason: 'is pending deletion.' }
const isNotPending: KeyCan = { allowed: false, exception: 'KMSInvalidStateException', reason: 'is not pending deletion.' }

type Row = Readonly<Record<KeyState, KeyCan>>
const always: Row = { Enabled: allowed, Disabled: allowed, PendingDeletion: allowed }
const unlessPending: Row = { Enabled: allowed, Disabled: allowed, PendingDeletion: isPending }
const onlyEnabled: Row = { Enabled: allowed, Disabled: isDisabled, PendingDeletion: isPending }
const onlyPending: Row = { Enabled: isNotPending, Disabled: isNotPending, PendingDeletion: allowed }

/** The key-state table of the KMS Developer Guide: https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html */
const table = {
  cancelKeyDeletion: onlyPending,
  /** For UpdateAlias, of the key that the alias shall point to; the one that it points to may be in any state. */
  createAlias: unlessPending,
  updateAlias: unlessPending,
  deleteAlias: always,
  decrypt: onlyEnabled,
  encrypt: onlyEnabled,
  generateDataKey: onlyEnabled,
  generateDataKeyWithoutPlaintext: onlyEnabled,
  reEncrypt: onlyEnabled,
  describeKey: always,
  disableKey: unlessPending,
  enableKey: unlessPending,
  disableKeyRotation: onlyEnabled,
  enableKeyRotation: onlyEnabled,
  getKeyPolicy: always,
  getKeyRotationStatus: always,
  listKeyPolicies: always,
  listKeyRotations: always,
  listResourceTags: always,
  putKeyPolicy: always,
  rotateKeyOnDemand: onlyEnabled,
  scheduleKeyDeletion: unlessPending,
  tagResource: unlessPending,
  untagResource: unlessPending,
  updateKeyDescription: unlessPending,
} satisfies Record<string, Row>

export type KeyUse = keyof typeof table

/** `keyCan.disableKey(key)`: whether the key's state allows it, with the reason where it does not. Policy is another matter. */
export const keyCan = Object.fromEntries(
  Object.entries(table).map(([use, row]) => [use, ({ keyState }: { keyState: KeyState }) => row[keyState]]),
) as Readonly<Record<KeyUse, (key: { keyState: KeyState }) => KeyCan>>

/** The states in which an operation is allowed: for a compare-and-set on the row. */
export function statesFor(use: KeyUse): KeyState[] {
  const row: Row = table[use]
  return (['Enabled', 'Disabled', 'PendingDeletion'] as const).filter((state) => row[state].allowed)
}

/** @throws ServiceException `DisabledException` or `KMSInvalidStateException` where the key's state does not allow it */
export function requireState(use: KeyUse, key: { keyState: KeyState; arn: string }): void {
  const can = keyCan[use](key)
  if (!can.allowed) throw new ServiceException(can.exception, `${key.arn} ${can.reason}`)
}

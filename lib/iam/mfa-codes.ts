import { db } from '#lib/db'
import { openSecret } from '#lib/iam/sealed-secrets'
import { totpStep } from '#lib/iam/totp'

/**
 * Checks the code of any enabled MFA device of a user (null: root). A code that was right is used up.
 *
 * @returns `none` where there is no device to ask
 */
export async function verifyMfaCode(userId: string | null, code: string | undefined, now: Date): Promise<'none' | 'missing' | 'wrong' | 'right'> {
  const devices = await db().mfaDevice.findMany({ where: { userId, enableDate: { not: null } } })
  if (devices.length === 0) return 'none'
  if (code === undefined || code === '') return 'missing'
  for (const { serialNumber, secretEncrypted, lastStep } of devices) {
    const step = totpStep(mfaSecret(serialNumber, secretEncrypted), code, now, lastStep)
    if (step === null) continue
    // Compare and set: of two sign-ins with the same code, one comes first.
    const used = await db().mfaDevice.updateMany({ where: { serialNumber, lastStep: { lt: step } }, data: { lastStep: step } })
    if (used.count === 1) return 'right'
  }
  return 'wrong'
}

/** The secret of a device: 20 bytes, kept as hexadecimal text. */
export function mfaSecret(serialNumber: string, sealed: Uint8Array): Uint8Array {
  return Buffer.from(openSecret('codekeep mfa secret', serialNumber, sealed), 'hex')
}

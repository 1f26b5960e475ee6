import { createHmac } from 'node:crypto'
import { equal } from '#lib/crypto/bytes'

/**
 * The time step of a one-time code (RFC 6238: HMAC-SHA-1, 30 seconds, 6 digits), or null where the code is wrong.
 *
 * One step to either side is accepted for clocks that differ, and never a step up to `lastStep`: a code works once.
 */
export function totpStep(secret: Uint8Array, code: string, now: Date, lastStep: number): number | null {
  const current = timeStep(now)
  const given = Buffer.from(code)
  const matching = [current - 1, current, current + 1].filter((step) => equal(Buffer.from(totp(secret, step)), given))
  return matching.find((step) => step > lastStep) ?? null
}

/** The code of a time step: HOTP (RFC 4226, section 5.3) with the step as its counter. */
export function totp(secret: Uint8Array, step: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const mac = createHmac('sha1', secret).update(counter).digest()
  const offset = (mac.at(-1) ?? 0) & 0x0f
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

/** The time step of an instant. */
export function timeStep(now: Date): number {
  return Math.floor(now.getTime() / 1000 / stepSeconds)
}

const stepSeconds = 30

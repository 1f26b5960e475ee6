import { randomBytes, randomInt } from 'node:crypto'

/** What an identifier names, by IAM's own prefixes (IAM User Guide, "IAM identifiers"). */
export type IdPrefix = 'AIDA' | 'AGPA' | 'ANPA' | 'AKIA' | 'APKA' | 'ACCA'

/** A new unique identifier: the prefix and 17 random base32 characters (85 bits). */
export function uniqueId(prefix: IdPrefix): string {
  return prefix + characters(base32, 17)
}

/** A new secret access key: 40 characters of base64's alphabet, 240 bits. */
export function newSecretAccessKey(): string {
  return randomBytes(30).toString('base64')
}

/** A new password of a service-specific credential: 44 characters of base64, 256 bits. */
export function newServicePassword(): string {
  return randomBytes(32).toString('base64')
}

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

function characters(alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet.charAt(randomInt(alphabet.length))).join('')
}

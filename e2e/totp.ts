import { createHmac } from 'node:crypto'

/** The six digits that an authenticator app shows for a secret (base32), worked out here a second time from RFC 6238; `steps` of 30 seconds from now. */
export function totpCode(secret: string, steps: number, now = Date.now()): string {
  const bits = (secret.match(/[A-Z2-7]/g) ?? []).map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from(bits.match(/.{8}/g)?.map((byte) => parseInt(byte, 2)) ?? [])
  const counter = Buffer.alloc(8)
  counter.writeUInt32BE(Math.floor(now / 30_000) + steps, 4)
  const mac = createHmac('sha1', key).update(counter).digest()
  const at = (mac[19] ?? 0) & 15
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

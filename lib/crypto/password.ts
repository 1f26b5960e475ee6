import { randomBytes, scrypt } from 'node:crypto'
import { equal } from '#lib/crypto/bytes'

/**
 * The string to keep of a password that a person chose: scrypt with a random salt, its parameters inside
 * (docs/formats.md section 8). Takes some 0.2 s of a core and 32 MiB, on purpose.
 */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  return format({ ...current, salt, hash: await stretch(password, current, salt) })
}

/**
 * Whether this is the password that was hashed, compared in constant time.
 *
 * @throws Error when the stored string is not one that `hashPassword` makes: that is damage, not a wrong password
 */
export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  const stored = parse(hash)
  return equal(await stretch(password, stored, stored.salt), stored.hash)
}

type Cost = Readonly<{
  /** log2 of N, the rounds of memory */
  ln: number
  r: number
  p: number
}>

/** OWASP's equal of N = 2^17 with p = 1, at a quarter of its memory. */
const current: Cost = { ln: 15, r: 8, p: 3 }

/** Verify against this when there is no such user, so that the answer takes as long. No password matches it. */
export const dummyHash = format({ ...current, salt: new Uint8Array(16), hash: new Uint8Array(32) })

type PasswordHash = Cost & Readonly<{ salt: Uint8Array; hash: Uint8Array }>

function format({ ln, r, p, salt, hash }: PasswordHash): string {
  return `$scrypt$ln=${ln},r=${r},p=${p}$${base64(salt)}$${base64(hash)}`
}

function parse(text: string): PasswordHash {
  const [, ln, r, p, salt, hash] =
    /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([\w+/]{22})\$([\w+/]{43})$/.exec(text) ?? []
  const parsed = {
    ln: Number(ln),
    r: Number(r),
    p: Number(p),
    salt: Buffer.from(salt ?? '', 'base64'),
    hash: Buffer.from(hash ?? '', 'base64'),
  }
  // A stored string with an absurd cost would stop the process for minutes.
  const { ln: rounds, r: blocks, p: passes } = parsed
  if (!(rounds >= 1 && rounds <= 20 && blocks >= 1 && blocks <= 32 && passes >= 1 && passes <= 16)) {
    throw new Error('stored password hash is malformed')
  }
  return parsed
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/=+$/, '')
}

async function stretch(password: string, { ln, r, p }: Cost, salt: Uint8Array): Promise<Uint8Array> {
  const N = 2 ** ln
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, 32, { N, r, p, maxmem: 256 * N * r }, (error, hash) => {
      if (error) reject(error)
      else resolve(hash)
    })
  })
}

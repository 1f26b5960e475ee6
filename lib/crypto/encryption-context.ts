import { concat, uint16, utf8 } from '#lib/crypto/bytes'

/** What is authenticated with a ciphertext but not kept in it; order has no meaning. */
export type EncryptionContext = Readonly<Record<string, string>>

/**
 * A context as the bytes to authenticate: counted, sorted by UTF-8 bytes, every key and value length-framed, so that no two
 * contexts give the same bytes (docs/formats.md section 1; the encoding of the AWS Encryption SDK). The empty context gives
 * no bytes.
 *
 * @throws Error for a lone surrogate, more than 65,535 pairs, a key or value over 65,535 bytes, or as much in all
 */
export function encodeEncryptionContext(context: EncryptionContext): Uint8Array {
  const pairs = Object.entries(context).map(([key, value]) => [utf8(key), utf8(value)] as const)
  if (pairs.length === 0) return new Uint8Array()
  if (pairs.length > longest) throw new Error(`encryption context has more than ${longest} pairs`)
  // By bytes, not by JavaScript's order of UTF-16 units: the two differ above U+FFFF, and other implementations could not
  // open what was sealed (aws-encryption-sdk-javascript issue 428).
  pairs.sort(([a], [b]) => Buffer.compare(a, b))
  const parts = pairs.flatMap(([key, value]) => [...framed(key), ...framed(value)])
  const encoded = concat(uint16(pairs.length), ...parts)
  if (encoded.length > longest) throw new Error(`encryption context is longer than ${longest} bytes`)
  return encoded
}

/**
 * The context that these bytes encode; undefined when they are not what `encodeEncryptionContext` makes of any context:
 * cut, too long, not sorted, a key twice, not UTF-8.
 */
export function decodeEncryptionContext(encoded: Uint8Array): EncryptionContext | undefined {
  const pairs: [string, string][] = []
  let offset = 2
  const read = (): string | undefined => {
    const start = offset + 2
    const end = start + ((encoded[offset] ?? 0) << 8) + (encoded[offset + 1] ?? 0)
    offset = end
    return end > encoded.length ? undefined : Buffer.from(encoded.subarray(start, end)).toString('utf8')
  }
  while (offset < encoded.length) {
    const key = read()
    const value = read()
    if (key === undefined || value === undefined) return undefined
    pairs.push([key, value])
  }
  const context: EncryptionContext = Object.fromEntries(pairs)
  return Buffer.compare(encodeEncryptionContext(context), encoded) === 0 ? context : undefined
}

const longest = 0xffff

function framed(bytes: Uint8Array): readonly [Uint8Array, Uint8Array] {
  if (bytes.length > longest) throw new Error(`a key or value of an encryption context is longer than ${longest} bytes`)
  return [uint16(bytes.length), bytes]
}

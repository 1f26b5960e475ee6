import { createHmac } from 'node:crypto'
import type { CredentialScope } from '#lib/sigv4/string-to-sign'

/** The key that signs within a scope, derived from the secret by four HMACs. */
export function signingKey(secretAccessKey: string, { date, region, service }: CredentialScope): Uint8Array {
  return [date, region, service, 'aws4_request'].reduce<Uint8Array>(
    (key, part) => createHmac('sha256', key).update(part).digest(),
    Buffer.from(`AWS4${secretAccessKey}`),
  )
}

/**
 * The same, remembered: it changes once a day, and every request needs it. The access key's ID finds it; a key of that ID
 * with another secret does not get it.
 */
export function cachedSigningKey(accessKeyId: string, secretAccessKey: string, scope: CredentialScope): Uint8Array {
  const name = `${accessKeyId}/${scope.date}/${scope.region}/${scope.service}`
  const known = cache.get(name)
  if (known?.secretAccessKey === secretAccessKey) return known.key
  const key = signingKey(secretAccessKey, scope)
  if (cache.size >= mostCached) for (const oldest of cache.keys()) {
    cache.delete(oldest)
    break
  }
  cache.set(name, { secretAccessKey, key })
  return key
}

/** The signature, in hexadecimal. */
export function sign(key: Uint8Array, text: string): string {
  return createHmac('sha256', key).update(text).digest('hex')
}

const mostCached = 1000
const cache = new Map<string, { secretAccessKey: string; key: Uint8Array }>()

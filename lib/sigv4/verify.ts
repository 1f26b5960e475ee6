import { timingSafeEqual } from 'node:crypto'
import { basicFormat, headerValues, type Authorization } from '#lib/sigv4/authorization-header'
import { canonicalRequest, payloadHashOf, type HttpRequest } from '#lib/sigv4/canonical-request'
import { cachedSigningKey, sign } from '#lib/sigv4/signing-key'
import { stringToSign } from '#lib/sigv4/string-to-sign'

/** Whether a signature proves that its request comes from who has the secret, now. */
export type Verification =
  | Readonly<{ ok: true }>
  | Readonly<{
      ok: false
      /**
       * `expired`, `not-yet`, `mismatch`: `InvalidSignatureException` (JSON) or `SignatureDoesNotMatch` (query).
       * `incomplete`: `IncompleteSignatureException`: a header that must be signed is not.
       */
      reason: 'expired' | 'not-yet' | 'mismatch' | 'incomplete'
      /** In AWS's words. */
      message: string
    }>

/**
 * Verifies what `parseAuthorization` read, once the secret of its access key is known: the time is within 15 minutes (a
 * presigned URL: within its own term), `host`, the date and every `X-Amz-` header are signed, the body is the one that was
 * signed, and the signature is right. Signatures are compared in constant time.
 */
export function verifySignature(
  request: HttpRequest,
  authorization: Authorization,
  secretAccessKey: string,
  now: Date,
): Verification {
  const { accessKeyId, amzDate, signedHeaders, signature, expires } = authorization
  const presigned = expires !== undefined
  const untimely = checkTime(amzDate, now, presigned ? expires * 1000 : clockSkew)
  if (untimely) return untimely
  const unsigned = unsignedHeaders(request, signedHeaders, presigned)
  if (unsigned.length > 0) {
    return { ok: false, reason: 'incomplete', message: `There were headers present in the request which were not signed: ${unsigned.join(', ')}` }
  }
  const payloadHash = payloadHashOf(request)
  const [claimedHash = payloadHash] = presigned ? [] : headerValues(request, 'x-amz-content-sha256')
  // A claim of another hash, or of none ("UNSIGNED-PAYLOAD"), would leave the body to whoever carries the request.
  if (claimedHash !== payloadHash) return mismatch
  const canonical = canonicalRequest(request, signedHeaders, payloadHash, presigned ? 'X-Amz-Signature' : undefined)
  const key = cachedSigningKey(accessKeyId, secretAccessKey, authorization)
  return sameSignature(sign(key, stringToSign(amzDate, authorization, canonical)), signature) ? valid : mismatch
}

/** How far a client's clock may be from ours. */
export const clockSkew = 15 * 60_000

/**
 * The refusal of a signature that is too old or not yet due; undefined when its time is right.
 *
 * @param amzDate  `YYYYMMDDTHHMMSS`, with or without `Z`
 * @param term  milliseconds for which it is good
 */
export function checkTime(amzDate: string, now: Date, term: number): Verification | undefined {
  const signedAt = parseBasicFormat(amzDate)
  if (signedAt === undefined) {
    return { ok: false, reason: 'incomplete', message: `Date must be in ISO-8601 'basic format'. Got '${amzDate}'. See http://en.wikipedia.org/wiki/ISO_8601` }
  }
  const at = (time: number): string => basicFormat(new Date(time))
  if (signedAt + term < now.getTime()) {
    const message = `Signature expired: ${at(signedAt)} is now earlier than ${at(now.getTime() - term)} (${at(now.getTime())} - ${term / 60_000} min.)`
    return { ok: false, reason: 'expired', message }
  }
  if (signedAt - clockSkew > now.getTime()) {
    const message = `Signature not yet current: ${at(signedAt)} is still later than ${at(now.getTime() + clockSkew)} (${at(now.getTime())} + ${clockSkew / 60_000} min.)`
    return { ok: false, reason: 'not-yet', message }
  }
  return undefined
}

/** Compares two signatures in a time that tells nothing of where they differ. How long a signature is, is no secret. */
export function sameSignature(ours: string, theirs: string): boolean {
  const [a, b] = [Buffer.from(ours), Buffer.from(theirs)]
  return a.length === b.length && timingSafeEqual(a, b)
}

export const valid: Verification = { ok: true }

export const mismatch: Verification = {
  ok: false,
  reason: 'mismatch',
  message:
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
}

/** Headers that mean something to the services, and so must be signed, but are not. */
function unsignedHeaders({ headers }: HttpRequest, signedHeaders: readonly string[], presigned: boolean): string[] {
  const signed = new Set(signedHeaders)
  const names = headers.map(([name]) => name.toLowerCase()).filter((name) => name === 'date' || name.startsWith('x-amz-'))
  const dateSigned = presigned || signed.has('x-amz-date') || (!names.includes('x-amz-date') && signed.has('date'))
  return [...new Set(names)].filter((name) => !signed.has(name) && (name !== 'date' || !dateSigned))
}

function parseBasicFormat(amzDate: string): number | undefined {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z?$/.exec(amzDate) ?? []
  const time = Date.parse(`${year ?? ''}-${month ?? ''}-${day ?? ''}T${hour ?? ''}:${minute ?? ''}:${second ?? ''}Z`)
  return Number.isNaN(time) ? undefined : time
}

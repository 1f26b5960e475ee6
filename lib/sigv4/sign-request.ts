import { basicFormat } from '#lib/sigv4/authorization-header'
import { canonicalRequest, payloadHashOf, type HttpRequest } from '#lib/sigv4/canonical-request'
import { sign, signingKey } from '#lib/sigv4/signing-key'
import { formatScope, stringToSign } from '#lib/sigv4/string-to-sign'

/**
 * The headers that make a request a signed one: `X-Amz-Date`, the session token where there is one, and `Authorization`. Every
 * header given is signed; `host` must be among them. The inverse of `verifySignature`.
 */
export function signRequest(
  request: HttpRequest,
  { accessKeyId, secretAccessKey, sessionToken, region, service, now }: Readonly<{ accessKeyId: string; secretAccessKey: string; sessionToken?: string; region: string; service: string; now: Date }>,
): Record<string, string> {
  const amzDate = basicFormat(now)
  const added = { 'x-amz-date': amzDate, ...(sessionToken !== undefined && { 'x-amz-security-token': sessionToken }) }
  const headers = [...request.headers, ...Object.entries(added)].map(([name, value]) => [name.toLowerCase(), value] as const)
  const signedHeaders = headers.map(([name]) => name).sort()
  const scope = { date: amzDate.slice(0, 8), region, service }
  const canonical = canonicalRequest({ ...request, headers }, signedHeaders, payloadHashOf(request))
  const signature = sign(signingKey(secretAccessKey, scope), stringToSign(amzDate, scope, canonical))
  return { ...added, authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${formatScope(scope)}, SignedHeaders=${signedHeaders.join(';')}, Signature=${signature}` }
}

import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseAuthorization, type Authorization } from '#lib/sigv4/authorization-header'
import { canonicalPath, canonicalQuery, canonicalRequest, payloadHashOf, type HttpRequest } from '#lib/sigv4/canonical-request'
import { sign, signingKey } from '#lib/sigv4/signing-key'
import { stringToSign } from '#lib/sigv4/string-to-sign'
import { verifySignature, type Verification } from '#lib/sigv4/verify'
import vectors from './testdata/requests.json'

type Vector = (typeof vectors)[number]

const requestOf = ({ request }: Vector): HttpRequest => ({
  ...request,
  headers: request.headers.map(([name = '', value = '']) => [name, value] as const),
  body: Buffer.from(request.body, 'latin1'),
})
const named = (name: string): Vector => {
  const vector = vectors.find((each) => each.name === name)
  if (!vector) throw new Error(`no vector ${name}`)
  return vector
}
const parsed = (request: HttpRequest): Authorization => {
  const authorization = parseAuthorization(request)
  if (!authorization.ok) throw new Error(authorization.message)
  return authorization
}

describe.each(vectors)('botocore’s $name', (vector) => {
  const request = requestOf(vector)
  const authorization = parsed(request)
  const presigned = authorization.expires !== undefined

  test('parsed', () => {
    expect(authorization).toMatchObject({
      accessKeyId: vector.accessKeyId,
      date: '20150830',
      region: vector.region,
      service: vector.service,
      signature: vector.signature,
      amzDate: '20150830T123600Z',
    })
  })

  test('canonical request', () => {
    const canonical = canonicalRequest(request, authorization.signedHeaders, payloadHashOf(request), presigned ? 'X-Amz-Signature' : undefined)
    expect(canonical).toBe(vector.canonicalRequest)
  })

  test('string to sign, signing key and signature', () => {
    const text = stringToSign(authorization.amzDate, authorization, vector.canonicalRequest)
    expect(text).toBe(vector.stringToSign)
    expect(sign(signingKey(vector.secretAccessKey, authorization), text)).toBe(vector.signature)
  })

  test('verified; with another secret, not', () => {
    expect(verifySignature(request, authorization, vector.secretAccessKey, new Date(vector.now))).toEqual({ ok: true })
    expect(verifySignature(request, authorization, `${vector.secretAccessKey}x`, new Date(vector.now))).toMatchObject({ reason: 'mismatch' })
  })
})

test('the first vector is the one that AWS publishes', () => {
  expect(named('get-vanilla').signature).toBe('5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31')
})

describe('an attacker with one captured call to Encrypt', () => {
  const vector = named('kms-encrypt')
  const request = requestOf(vector)
  const verify = (changed: Partial<HttpRequest>, now = vector.now): Verification => {
    const attempt = { ...request, ...changed } as HttpRequest
    return verifySignature(attempt, parsed(attempt), vector.secretAccessKey, new Date(now))
  }
  const withHeader = (name: string, value: string): Partial<HttpRequest> => ({
    headers: request.headers.map(([each, was]) => [each, each.toLowerCase() === name ? value : was] as const),
  })

  test('is let through with the call as it was, the control of what follows', () => {
    expect(verify({})).toEqual({ ok: true })
  })

  test('cannot change the operation, the body, the method, the path, the query or the host', () => {
    const forgeries: Partial<HttpRequest>[] = [
      withHeader('x-amz-target', 'TrentService.Decrypt'),
      withHeader('host', 'other.amazonaws.com'),
      withHeader('content-type', 'text/plain'),
      { body: Buffer.from('{"KeyId": "alias/other", "Plaintext": "aGVsbG8="}') },
      { body: new Uint8Array() },
      { method: 'PUT' },
      { path: '/x' },
      { query: 'a=b' },
    ]
    for (const forgery of forgeries) expect(verify(forgery)).toMatchObject({ ok: false, reason: 'mismatch', message: expect.stringContaining('does not match the signature you provided') as string })
  })

  test('cannot bring another body by claiming its hash, or that none was signed', () => {
    for (const claim of ['UNSIGNED-PAYLOAD', 'STREAMING-UNSIGNED-PAYLOAD-TRAILER', createHash('sha256').update('{}').digest('hex'), '']) {
      const headers = [...request.headers, ['X-Amz-Content-SHA256', claim] as const]
      expect(verify({ headers })).toMatchObject({ ok: false })
    }
    // Even where the claim itself is signed.
    const signedClaim = requestOf(named('kms-encrypt-content-sha256'))
    const attempt = { ...signedClaim, body: Buffer.from('{"KeyId":"alias/other"}') }
    expect(verifySignature(attempt, parsed(attempt), vector.secretAccessKey, new Date(vector.now))).toMatchObject({ reason: 'mismatch' })
  })

  test('cannot add a header that means something', () => {
    const headers = [...request.headers, ['X-Amz-Security-Token', 'x'] as const]
    expect(verify({ headers })).toEqual({ ok: false, reason: 'incomplete', message: 'There were headers present in the request which were not signed: x-amz-security-token' })
    expect(verify({ headers: [...request.headers, ['X-Amz-Target', 'TrentService.Decrypt'] as const] })).toMatchObject({ reason: 'mismatch' })
  })

  test('may not replay it a quarter of an hour later, nor use it before its time', () => {
    expect(verify({}, '2015-08-30T12:50:59Z')).toEqual({ ok: true })
    expect(verify({}, '2015-08-30T12:51:00Z')).toEqual({ ok: true })
    expect(verify({}, '2015-08-30T12:51:01Z')).toEqual({
      ok: false,
      reason: 'expired',
      message: 'Signature expired: 20150830T123600Z is now earlier than 20150830T123601Z (20150830T125101Z - 15 min.)',
    })
    expect(verify({}, '2015-08-30T12:21:00Z')).toEqual({ ok: true })
    expect(verify({}, '2015-08-30T12:20:59Z')).toEqual({
      ok: false,
      reason: 'not-yet',
      message: 'Signature not yet current: 20150830T123600Z is still later than 20150830T123559Z (20150830T122059Z + 15 min.)',
    })
  })

  test('cannot freshen it: the date is signed', () => {
    expect(verify(withHeader('x-amz-date', '20150830T130000Z'), '2015-08-30T13:00:00Z')).toMatchObject({ reason: 'mismatch' })
  })

  test('cannot use it for another service or Region, or as another user', () => {
    const authorization = parsed(request)
    for (const change of [{ region: 'eu-west-1' }, { service: 'iam' }, { date: '20150831' }]) {
      expect(verifySignature(request, { ...authorization, ...change }, vector.secretAccessKey, new Date(vector.now))).toMatchObject({ reason: 'mismatch' })
    }
  })

  test('is told nothing by a signature of a wrong length or shape', () => {
    for (const signature of ['', 'x', authorizationSignature(request).slice(1), `${authorizationSignature(request)}00`, authorizationSignature(request).toUpperCase()]) {
      expect(verifySignature(request, { ...parsed(request), signature }, vector.secretAccessKey, new Date(vector.now))).toMatchObject({ reason: 'mismatch' })
    }
  })

  test('a new secret under the same access key ID is not answered from the cache', () => {
    expect(verify({})).toEqual({ ok: true })
    expect(verifySignature(request, parsed(request), 'rotated', new Date(vector.now))).toMatchObject({ reason: 'mismatch' })
    expect(verify({})).toEqual({ ok: true })
  })
})

describe('a presigned URL', () => {
  const vector = named('presigned-with-token')
  const request = requestOf(vector)
  const verify = (now: string, changed: Partial<HttpRequest> = {}): Verification => {
    const attempt = { ...request, ...changed } as HttpRequest
    return verifySignature(attempt, parsed(attempt), vector.secretAccessKey, new Date(now))
  }

  test('is good for its own term, and gives its token', () => {
    expect(parsed(request)).toMatchObject({ expires: 60, securityToken: 'FwoGZXIvYXdzEXAMPLE/token+with=signs' })
    expect(verify('2015-08-30T12:37:00Z')).toEqual({ ok: true })
    expect(verify('2015-08-30T12:37:01Z')).toMatchObject({ reason: 'expired' })
  })

  test('cannot be made to last longer, or to do another thing', () => {
    expect(verify('2015-08-30T12:36:00Z', { query: request.query.replace('Expires=60', 'Expires=6000') })).toMatchObject({ reason: 'mismatch' })
    expect(verify('2015-08-30T12:36:00Z', { query: request.query.replace('GetCallerIdentity', 'GetSessionToken') })).toMatchObject({ reason: 'mismatch' })
    expect(verify('2015-08-30T12:36:00Z', { query: `${request.query}&Action=Other` })).toMatchObject({ reason: 'mismatch' })
  })

  test('with a part missing, twice or out of range is incomplete', () => {
    for (const query of [
      request.query.replace(/&X-Amz-Date=[^&]*/, ''),
      `${request.query}&X-Amz-Date=20150830T123600Z`,
      request.query.replace('Expires=60', 'Expires=604801'),
      request.query.replace('Expires=60', 'Expires=0'),
      request.query.replace('AWS4-HMAC-SHA256', 'AWS4-HMAC-SHA512'),
    ]) {
      expect(parseAuthorization({ ...request, query })).toMatchObject({ ok: false, reason: 'incomplete' })
    }
  })
})

describe('an Authorization header', () => {
  const good = 'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/kms/aws4_request, SignedHeaders=host;x-amz-date, Signature=00'
  const parse = (authorization: string | undefined, headers: readonly (readonly [string, string])[] = [['X-Amz-Date', '20150830T123600Z']]) =>
    parseAuthorization({ query: '', headers: [...headers, ...(authorization === undefined ? [] : [['Authorization', authorization] as const])] })

  test('is read with or without spaces after its commas', () => {
    expect(parse(good)).toMatchObject({ ok: true, accessKeyId: 'AKIDEXAMPLE', signedHeaders: ['host', 'x-amz-date'], signature: '00' })
    expect(parse(good.replaceAll(', ', ','))).toEqual(parse(good))
  })

  test('that is absent, or of another scheme, is missing', () => {
    for (const none of [undefined, 'Basic YTpi', 'Bearer x', 'AWS4-HMAC-SHA512 Credential=a', '']) {
      expect(parse(none)).toEqual({ ok: false, reason: 'missing', message: 'Missing Authentication Token' })
    }
  })

  test.each([
    ['AWS4-HMAC-SHA256 SignedHeaders=host', "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter."],
    ['AWS4-HMAC-SHA256 nonsense', "' nonsense' not a valid key=value pair (missing equal-sign) in Authorization header."],
    [good.replace('/kms', ''), "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got 'AKIDEXAMPLE/20150830/us-east-1/aws4_request'."],
    [good.replace('aws4_request', 'aws5'), "Credential should be scoped with a valid terminator: 'aws4_request', not 'aws5'."],
    [good.replace('20150830', '20150831'), "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20150831' != '20150830', from '20150830T123600Z'."],
    [good.replace('host;', ''), "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."],
  ])('that is malformed is incomplete, and AWS’s words say where: %s', (authorization, message) => {
    expect(parse(authorization)).toEqual({ ok: false, reason: 'incomplete', message })
  })

  test('without any date, with an unreadable one, or twice, is incomplete', () => {
    expect(parse(good, [])).toMatchObject({ message: "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header." })
    expect(parse(good, [['X-Amz-Date', '2015-08-30']])).toMatchObject({ reason: 'incomplete', message: expect.stringContaining('basic format') as string })
    expect(parse(good, [['Date', 'soon']])).toMatchObject({ reason: 'incomplete' })
    expect(parse(good, [['X-Amz-Date', '20150830T123600Z'], ['authorization', good]])).toMatchObject({ reason: 'incomplete' })
  })

  test('of any text at all gets an answer', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (rest, date) => {
        const answer = parse(`AWS4-HMAC-SHA256 ${rest}`, [['X-Amz-Date', date]])
        expect(answer.ok).toBe(false)
      }),
    )
  })
})

test('a date that is signed in neither header is refused', () => {
  const vector = named('get-vanilla')
  const request = requestOf(vector)
  const authorization = { ...parsed(request), signedHeaders: ['host'] }
  const message = 'There were headers present in the request which were not signed: x-amz-date'
  expect(verifySignature(request, authorization, vector.secretAccessKey, new Date(vector.now))).toEqual({ ok: false, reason: 'incomplete', message })
  const headers = [['Host', 'example.amazonaws.com'], ['Date', 'Sun, 30 Aug 2015 12:36:00 GMT']] as const
  expect(verifySignature({ ...request, headers }, authorization, vector.secretAccessKey, new Date(vector.now))).toMatchObject({ reason: 'incomplete' })
})

test('what clients leave unencoded in a query is encoded as AWS does', () => {
  expect(canonicalQuery("b=2&a=/,?><`;:|{} &A=%7e&=&flag")).toBe('=&A=~&a=%2F%2C%3F%3E%3C%60%3B%3A%7C%7B%7D%20&b=2&flag=')
  expect(canonicalQuery('a=%2f&a=%2F&a=%zz')).toBe('a=%25zz&a=%2F&a=%2F')
  expect(canonicalPath('/a/../../b')).toBe('/b')
})

function authorizationSignature(request: HttpRequest): string {
  return parsed(request).signature
}

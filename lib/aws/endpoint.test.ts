import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail'
import { CodeCommitClient, GetRepositoryCommand } from '@aws-sdk/client-codecommit'
import { CreateUserCommand, GetUserCommand, IAMClient, ListUsersCommand } from '@aws-sdk/client-iam'
import { CreateKeyCommand, DecryptCommand, EncryptCommand, GenerateRandomCommand, KMSClient } from '@aws-sdk/client-kms'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { connect, type AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { setUpRoot } from '#lib/iam/set-up'
import { basicFormat } from '#lib/sigv4/authorization-header'
import { canonicalRequest } from '#lib/sigv4/canonical-request'
import { sign, signingKey } from '#lib/sigv4/signing-key'
import { stringToSign } from '#lib/sigv4/string-to-sign'
import { testServer, type TestServer } from '#lib/testing/server'
import { bodyLimits, handleAws } from './endpoint.ts'

const root = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' }
let server: TestServer

beforeAll(async () => {
  server = await testServer()
  await setUpRoot(root)
})

afterAll(async () => {
  await server[Symbol.asyncDispose]()
})

function client(region = 'us-east-2') {
  return { region, endpoint: server.origin, credentials: root, maxAttempts: 1, requestHandler: { httpsAgent: server.agent } }
}

test('the AWS SDK works against all five services', async () => {
  const kms = new KMSClient(client())
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({ Description: 'été' }))
  expect(KeyMetadata?.Description).toBe('été')
  expect(KeyMetadata?.CreationDate).toBeInstanceOf(Date)
  const EncryptionContext = { purpose: 'test' }
  const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId: KeyMetadata?.KeyId, Plaintext: new TextEncoder().encode('hello'), EncryptionContext }))
  const { Plaintext } = await kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext }))
  expect(new TextDecoder().decode(Plaintext)).toBe('hello')

  const iam = new IAMClient(client('eu-west-1'))
  await iam.send(new CreateUserCommand({ UserName: 'alice', Path: '/team/', Tags: [{ Key: 'a', Value: '1 & <2>' }, { Key: 'b', Value: 'é' }] }))
  const { User } = await iam.send(new GetUserCommand({ UserName: 'alice' }))
  expect(User).toMatchObject({ UserName: 'alice', Arn: 'arn:aws:iam::111122223333:user/team/alice', Tags: [{ Key: 'a', Value: '1 & <2>' }, { Key: 'b', Value: 'é' }] })
  const { Users, IsTruncated } = await iam.send(new ListUsersCommand({ MaxItems: 10 }))
  expect(Users?.map(({ UserName }) => UserName)).toEqual(['alice'])
  expect(IsTruncated).toBe(false)

  const identity = await new STSClient(client()).send(new GetCallerIdentityCommand({}))
  expect(identity).toMatchObject({ Account: '111122223333', Arn: 'arn:aws:iam::111122223333:root' })

  const { Events } = await new CloudTrailClient(client()).send(new LookupEventsCommand({ LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: 'Decrypt' }] }))
  expect(Events?.[0]?.EventName).toBe('Decrypt')
  expect(Events?.[0]?.EventTime?.getTime()).toBeGreaterThan(Date.now() - 60_000)

  await expect(new CodeCommitClient(client()).send(new GetRepositoryCommand({ repositoryName: 'absent' }))).rejects.toMatchObject({ name: 'RepositoryDoesNotExistException' })
})

test('refusals arrive under the names that the SDK knows', async () => {
  await expect(new IAMClient(client()).send(new GetUserCommand({ UserName: 'nobody' }))).rejects.toMatchObject({
    name: 'NoSuchEntityException',
    message: 'The user with name nobody cannot be found.',
    $metadata: { httpStatusCode: 404 },
  })
  const foreign = { ...client(), credentials: { ...root, accessKeyId: 'AKIAIOSFODNN7NOTTHERE' } }
  await expect(new KMSClient(foreign).send(new GenerateRandomCommand({ NumberOfBytes: 8 }))).rejects.toMatchObject({
    name: 'UnrecognizedClientException',
    $metadata: { httpStatusCode: 400 },
  })
  await expect(new IAMClient(foreign).send(new ListUsersCommand({}))).rejects.toMatchObject({ name: 'InvalidClientTokenId', $metadata: { httpStatusCode: 403 } })
})

test('every answer carries a request ID, and nothing may keep it', async () => {
  const { headers } = await call({ target: 'TrentService.GenerateRandom', body: '{"NumberOfBytes":8}' })
  expect(headers['x-amzn-requestid']).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4/)
  expect(headers['cache-control']).toBe('no-store')
  expect(headers['access-control-allow-origin']).toBeUndefined()
})

const json = { target: 'TrentService.GenerateRandom' }

test.each([
  ['not JSON', { ...json, body: '{"NumberOfBytes":' }, 'SerializationException'],
  ['not an object', { ...json, body: '[]' }, 'SerializationException'],
  ['null', { ...json, body: 'null' }, 'SerializationException'],
  ['not UTF-8', { ...json, body: Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]) }, 'SerializationException'],
  ['a hundred thousand brackets', { ...json, body: '['.repeat(100_000) }, 'SerializationException'],
  ['a member of the wrong type', { ...json, body: '{"NumberOfBytes":{"a":1}}' }, 'SerializationException'],
  ['a prototype for a member', { ...json, body: '{"__proto__":{"NumberOfBytes":8}}' }, 'ValidationException'],
  ['no body where a member is required', { ...json, body: '' }, 'ValidationException'],
  ['an unknown operation', { target: 'TrentService.Melt' }, 'UnknownOperationException'],
  ['an operation from the prototype', { target: 'TrentService.constructor' }, 'UnknownOperationException'],
  ['an operation from the prototype', { target: 'TrentService.__proto__' }, 'UnknownOperationException'],
  ['an operation of no name', { target: 'TrentService.' }, 'UnknownOperationException'],
  ['an unknown service', { target: 'DynamoDB_20120810.ListTables' }, 'UnknownOperationException'],
  ['no service', { target: 'GenerateRandom' }, 'UnknownOperationException'],
  ['neither target nor form', { target: undefined, body: '{}' }, 'UnknownOperationException'],
  ['an operation of git’s doors only', { target: 'CodeCommit_20150413.GitPull', service: 'codecommit' }, 'UnknownOperationException'],
  ['a scope for another service', { ...json, service: 'codecommit' }, 'InvalidSignatureException'],
  ['a scope for no Region', { ...json, region: 'us-east-9' }, 'InvalidSignatureException'],
  ['a clock that is 16 minutes behind', { ...json, time: -16 }, 'InvalidSignatureException'],
  ['a clock that is 16 minutes ahead', { ...json, time: 16 }, 'InvalidSignatureException'],
  ['a wrong secret', { ...json, secret: 'not the secret that goes with it' }, 'InvalidSignatureException'],
  ['a body other than the signed one', { ...json, body: '{"NumberOfBytes":8}', sent: '{"NumberOfBytes":9}' }, 'InvalidSignatureException'],
  ['no signature', { ...json, unsigned: true as const }, 'MissingAuthenticationTokenException'],
  ['half a signature', { ...json, authorization: 'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE' }, 'IncompleteSignatureException'],
])('JSON: %s is answered clearly', async (_what, input, expected) => {
  const { status, headers, body } = await call(input)
  expect(JSON.parse(body)).toMatchObject({ __type: expected })
  expect(status).toBe(400)
  expect(headers['content-type']).toBe('application/x-amz-json-1.1')
})

const query = { target: undefined, service: 'iam', contentType: 'application/x-www-form-urlencoded' }

test.each([
  ['an unknown action', { ...query, body: 'Action=Melt&Version=2010-05-08' }, 400, 'InvalidAction'],
  ['an action from the prototype', { ...query, body: 'Action=constructor&Version=2010-05-08' }, 400, 'InvalidAction'],
  ['another version', { ...query, body: 'Action=ListUsers&Version=2011-06-15' }, 400, 'InvalidAction'],
  ['no action', { ...query, body: '' }, 400, 'InvalidAction'],
  ['JSON', { ...query, body: '{"Action":"ListUsers"}' }, 400, 'InvalidAction'],
  ['not UTF-8', { ...query, body: Buffer.from('Action=ListUsers&Version=2010-05-08&PathPrefix=\xff', 'latin1') }, 400, 'MalformedInput'],
  ['not UTF-8, encoded', { ...query, body: 'Action=ListUsers&Version=2010-05-08&PathPrefix=%FF' }, 400, 'MalformedInput'],
  ['a list with a gap', { ...query, body: 'Action=CreateUser&Version=2010-05-08&UserName=bob&Tags.member.2.Key=a' }, 400, 'MalformedInput'],
  ['a value that is a structure too', { ...query, body: 'Action=GetUser&Version=2010-05-08&UserName=a&UserName.b=c' }, 400, 'MalformedInput'],
  ['a hundred levels', { ...query, body: `Action=GetUser&Version=2010-05-08&A${'.a'.repeat(100)}=1` }, 400, 'MalformedInput'],
  ['a scope for a service of the other protocol', { ...query, service: 'kms', body: 'Action=ListUsers&Version=2010-05-08' }, 403, 'SignatureDoesNotMatch'],
  ['no signature', { ...query, unsigned: true as const, body: 'Action=ListUsers&Version=2010-05-08' }, 403, 'MissingAuthenticationToken'],
  ['a wrong secret', { ...query, secret: 'another secret', body: 'Action=ListUsers&Version=2010-05-08' }, 403, 'SignatureDoesNotMatch'],
  ['a stale clock', { ...query, time: -20, body: 'Action=ListUsers&Version=2010-05-08' }, 403, 'SignatureDoesNotMatch'],
])('query: %s is answered clearly', async (_what, input, expectedStatus, expected) => {
  const { status, headers, body } = await call(input)
  expect(body).toContain(`<Code>${expected}</Code>`)
  expect(body).toMatch(/^<ErrorResponse xmlns="https:\/\/iam\.amazonaws\.com\/doc\/2010-05-08\/"><Error><Type>Sender<\/Type>/)
  expect(status).toBe(expectedStatus)
  expect(headers['content-type']).toBe('text/xml')
})

test('an unknown caller is told nothing of which operations exist', async () => {
  const known = await call({ ...json, unsigned: true })
  const unknown = await call({ target: 'TrentService.Melt', unsigned: true })
  expect(unknown.body).toBe(known.body)
})

test('a body that is too long is refused: at once where its length is said, else when it has passed the limit', async () => {
  const said = await call({ ...json, body: 'x'.repeat(bodyLimits.bytes + 1) })
  expect([said.status, JSON.parse(said.body)]).toMatchObject([413, { __type: 'RequestEntityTooLargeException' }])
  expect(said.headers.connection).toBe('close')
  const chunked = await call({ ...json, body: 'x'.repeat(bodyLimits.bytes + 1), chunked: true })
  expect([chunked.status, JSON.parse(chunked.body)]).toMatchObject([413, { __type: 'RequestEntityTooLargeException' }])
})

test('a body that does not arrive in time is given up; the server answers others meanwhile and after', async () => {
  const slow = createServer((request, response) => {
    void handleAws(request, response, { sourceIPAddress: '127.0.0.1', secureTransport: true }, { bytes: 1000, seconds: 0.3 })
  })
  await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve))
  const socket = connect((slow.address() as AddressInfo).port, '127.0.0.1')
  const answer = new Promise<string>((resolve) => {
    let text = ''
    socket.on('data', (chunk) => (text += chunk.toString()))
    socket.on('close', () => resolve(text))
  })
  socket.write('POST / HTTP/1.1\r\nhost: localhost\r\nx-amz-target: TrentService.GenerateRandom\r\ncontent-length: 100\r\n\r\n{')
  expect((await call({ ...json, body: '{"NumberOfBytes":8}' })).status).toBe(200)
  expect(await answer).toMatch(/^HTTP\/1\.1 408 [\s\S]*RequestTimeoutException/)
  slow.close()
})

test('who goes away in the middle of a body does no harm', async () => {
  const request = httpsRequest({ port: server.port, host: 'localhost', agent: server.agent, method: 'POST', path: '/', headers: { 'content-length': 1000, 'x-amz-target': json.target } })
  request.on('error', () => undefined)
  request.write('{')
  await new Promise((resolve) => setTimeout(resolve, 100))
  request.destroy()
  expect((await call({ ...json, body: '{"NumberOfBytes":8}' })).status).toBe(200)
})

type Input = {
  target: string | undefined
  body?: string | Buffer
  /** Where what is sent is not what was signed. */
  sent?: string
  service?: string
  region?: string
  secret?: string
  /** Minutes that the clock is off. */
  time?: number
  contentType?: string
  authorization?: string
  unsigned?: true
  chunked?: true
}
type Output = { status: number; headers: Record<string, string | string[] | undefined>; body: string }

function call(input: Input): Promise<Output> {
  const { body = '{}', target, service = 'kms', region = 'us-east-2', contentType = 'application/x-amz-json-1.1', time = 0 } = input
  const amzDate = basicFormat(new Date(Date.now() + time * 60_000))
  const headers: [string, string][] = [
    ['host', `localhost:${server.port}`],
    ['content-type', contentType],
    ['x-amz-date', amzDate],
    ...(target === undefined ? [] : [['x-amz-target', target] satisfies [string, string]]),
  ]
  const scope = { date: amzDate.slice(0, 8), region, service }
  const signedHeaders = headers.map(([name]) => name).sort()
  const payloadHash = createHash('sha256').update(body).digest('hex')
  const canonical = canonicalRequest({ method: 'POST', path: '/', query: '', headers }, signedHeaders, payloadHash)
  const signature = sign(signingKey(input.secret ?? root.secretAccessKey, scope), stringToSign(amzDate, scope, canonical))
  const credential = `${root.accessKeyId}/${scope.date}/${region}/${service}/aws4_request`
  const authorization = input.authorization ?? `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${signedHeaders.join(';')}, Signature=${signature}`
  return send(input.sent ?? body, { ...Object.fromEntries(headers), ...(input.unsigned ? {} : { authorization }) }, input.chunked === true)
}

function send(body: string | Buffer, headers: Record<string, string>, chunked: boolean): Promise<Output> {
  return new Promise((resolve, reject) => {
    const length = chunked ? {} : { 'content-length': String(Buffer.byteLength(body)) }
    const request = httpsRequest({ port: server.port, host: 'localhost', agent: server.agent, method: 'POST', path: '/', headers: { ...headers, ...length } }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }))
    })
    request.on('error', reject)
    request.end(body)
  })
}

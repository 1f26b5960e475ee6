import { createHash, createHmac } from 'node:crypto'
import { SignatureV4 } from '@smithy/signature-v4'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { db } from '#lib/db'
import { CreateAccessKey, DeleteAccessKey, GetAccessKeyLastUsed, UpdateAccessKey } from '#lib/iam/access-keys'
import { authenticateGit, authenticateSigV4, authenticateSshPublicKey, type SignedRequest } from '#lib/iam/authenticate'
import { userPrincipal } from '#lib/iam/credentials'
import {
  CreateServiceSpecificCredential, DeleteServiceSpecificCredential, ResetServiceSpecificCredential, UpdateServiceSpecificCredential,
} from '#lib/iam/service-specific-credentials'
import { keyBlobOf } from '#lib/iam/ssh-public-key-format'
import { DeleteSSHPublicKey, UpdateSSHPublicKey, UploadSSHPublicKey } from '#lib/iam/ssh-public-keys'
import { CreateUser, UpdateUser } from '#lib/iam/users'
import { invoke } from '#lib/invoke'
import { signGit } from '#lib/sigv4/git-signature'
import { rootContext } from '#lib/testing/context'
import { testDatabase, type TestDatabase } from '#lib/testing/database'
import { refusal } from '#lib/testing/refusal'

let database: TestDatabase
beforeAll(async () => void (database = await testDatabase()))
afterAll(() => database[Symbol.asyncDispose]())

const at = new Date()
const repository = { host: 'localhost:8443', path: '/v1/regions/us-east-2/repos/hello', region: 'us-east-2', now: at }

test('a deleted access key is refused by the very next request, whatever was remembered of it', async () => {
  const { principal, key } = await userWithKey('alice')
  expect((await authenticateSigV4(await signed(key), at)).principal).toEqual({ ...principal, accessKeyId: key.accessKeyId })
  await invoke(DeleteAccessKey, rootContext(), { UserName: 'alice', AccessKeyId: key.accessKeyId })
  expect(await refusal(authenticateSigV4(await signed(key), at))).toEqual({
    code: 'UnrecognizedClientException', status: 400, message: 'The security token included in the request is invalid.',
  })
  expect(await authenticateGit({ ...repository, username: key.accessKeyId, password: gitPassword(key) })).toBeNull()
})

test('a key that is deleted while a request looks it up is not remembered', async () => {
  const { key } = await userWithKey('racer')
  const request = await signed(key)
  // Nothing is remembered yet: the look-up is under way when the key goes.
  const lookedUp = authenticateSigV4(request, at)
  const deleted = invoke(DeleteAccessKey, rootContext(), { UserName: 'racer', AccessKeyId: key.accessKeyId })
  expect((await lookedUp).principal).toMatchObject({ userName: 'racer' })
  await deleted
  expect(await refusal(authenticateSigV4(request, at))).toMatchObject({ code: 'UnrecognizedClientException' })
})

test('an inactive key is refused, and works again once it is active', async () => {
  const { key } = await userWithKey('bob')
  await authenticateSigV4(await signed(key), at)
  const set = (Status: string) => invoke(UpdateAccessKey, rootContext(), { UserName: 'bob', AccessKeyId: key.accessKeyId, Status })
  await set('Inactive')
  expect(await refusal(authenticateSigV4(await signed(key), at))).toMatchObject({ code: 'UnrecognizedClientException' })
  await set('Active')
  await authenticateSigV4(await signed(key), at)
})

test('a renamed user is known by the new name at once', async () => {
  const { key } = await userWithKey('carol')
  await authenticateSigV4(await signed(key), at)
  await invoke(UpdateUser, rootContext(), { UserName: 'carol', NewUserName: 'caroline' })
  expect((await authenticateSigV4(await signed(key), at)).principal).toMatchObject({ userName: 'caroline', arn: 'arn:aws:iam::111122223333:user/caroline' })
})

test('forged, altered, stale, unsigned and token-bearing requests are told apart as AWS does', async () => {
  const { key } = await userWithKey('dan')
  const good = await signed(key)
  expect(await authenticateSigV4(good, at)).toMatchObject({ region: 'us-east-1', service: 'iam' })
  const refused = async (request: SignedRequest, now = at) => (await refusal(authenticateSigV4(request, now))).code

  expect(await refused(await signed({ ...key, secretAccessKey: 'x'.repeat(40) }))).toBe('InvalidSignatureException')
  expect(await refused({ ...good, body: Buffer.from('Action=DeleteUser&UserName=root') })).toBe('InvalidSignatureException')
  expect(await refused({ ...good, path: '/other' })).toBe('InvalidSignatureException')
  expect(await refused(good, new Date(at.getTime() + 16 * 60_000))).toBe('InvalidSignatureException')
  expect(await refused(good, new Date(at.getTime() - 16 * 60_000))).toBe('InvalidSignatureException')
  expect(await refused({ ...good, headers: good.headers.filter(([name]) => name !== 'authorization') })).toBe('MissingAuthenticationTokenException')
  expect(await refused({ ...good, headers: [...good.headers.filter(([name]) => name !== 'authorization'), ['authorization', 'AWS4-HMAC-SHA256 Credential=x']] })).toBe('IncompleteSignatureException')
  expect(await refused(await signed({ ...key, accessKeyId: 'AKIAAAAAAAAAAAAAAAAAA' }))).toBe('UnrecognizedClientException')
  expect(await refused(await signed({ ...key, sessionToken: 'FwoGZXIvYXdzEB' }))).toBe('UnrecognizedClientException')
})

test('the last use of a key is noted, not once for each request', async () => {
  const { key } = await userWithKey('erin')
  for (let index = 0; index < 5; index++) await authenticateSigV4(await signed(key), at)
  await expect.poll(async () => (await invoke(GetAccessKeyLastUsed, rootContext(), { AccessKeyId: key.accessKeyId })).AccessKeyLastUsed).toEqual({
    LastUsedDate: at, ServiceName: 'iam', Region: 'us-east-1',
  })
  await db().accessKey.update({ where: { id: key.accessKeyId }, data: { lastUsedRegion: 'untouched' } })
  await authenticateSigV4(await signed(key), new Date(at.getTime() + 1000))
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect((await db().accessKey.findUniqueOrThrow({ where: { id: key.accessKeyId } })).lastUsedRegion).toBe('untouched')
})

test('git: root does not pass, not even with a right signature', async () => {
  const { AccessKey } = await invoke(CreateAccessKey, rootContext(), {})
  const key = { accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey }
  expect((await authenticateSigV4(await signed(key), at)).principal.type).toBe('Root')
  expect(await authenticateGit({ ...repository, username: key.accessKeyId, password: gitPassword(key) })).toBeNull()
})

test('git: the signature of the credential helpers opens one repository for a quarter of an hour', async () => {
  const { principal, key } = await userWithKey('frank')
  const attempt = { ...repository, username: key.accessKeyId, password: gitPassword(key) }
  expect(await authenticateGit(attempt)).toEqual({ ...principal, accessKeyId: key.accessKeyId })
  // git-remote-codecommit signs the host with its port.
  const password = signGit({ ...repository, secretAccessKey: key.secretAccessKey })
  expect(await authenticateGit({ ...attempt, password })).toMatchObject({ userName: 'frank' })

  expect(await authenticateGit({ ...attempt, path: '/v1/regions/us-east-2/repos/other' })).toBeNull()
  expect(await authenticateGit({ ...attempt, region: 'eu-west-1' })).toBeNull()
  expect(await authenticateGit({ ...attempt, host: 'evil.example' })).toBeNull()
  expect(await authenticateGit({ ...attempt, now: new Date(at.getTime() + 16 * 60_000) })).toBeNull()
  expect(await authenticateGit({ ...attempt, username: `${key.accessKeyId}%token` })).toBeNull()
  expect(await authenticateGit({ ...attempt, username: 'AKIAAAAAAAAAAAAAAAAAA' })).toBeNull()
})

test('git: a generated password opens, and no longer once it is reset, switched off or deleted', async () => {
  const { principal } = await userWithKey('grace')
  const { ServiceSpecificCredential: made } = await invoke(CreateServiceSpecificCredential, rootContext(), {
    UserName: 'grace', ServiceName: 'codecommit.amazonaws.com',
  })
  const UserName = 'grace'
  const { ServiceSpecificCredentialId } = made
  const attempt = (password: string, username = made.ServiceUserName) => authenticateGit({ ...repository, username, password })
  expect(await attempt(made.ServicePassword)).toEqual(principal)
  expect(await attempt(`${made.ServicePassword.slice(0, -2)}A=`)).toBeNull()
  expect(await attempt('')).toBeNull()
  expect(await attempt(made.ServicePassword, 'nobody-at-111122223333')).toBeNull()

  const { ServiceSpecificCredential: reset } = await invoke(ResetServiceSpecificCredential, rootContext(), { UserName, ServiceSpecificCredentialId })
  expect(await attempt(made.ServicePassword)).toBeNull()
  expect(await attempt(reset.ServicePassword)).toEqual(principal)
  await invoke(UpdateServiceSpecificCredential, rootContext(), { UserName, ServiceSpecificCredentialId, Status: 'Inactive' })
  expect(await attempt(reset.ServicePassword)).toBeNull()
  await invoke(UpdateServiceSpecificCredential, rootContext(), { UserName, ServiceSpecificCredentialId, Status: 'Active' })
  expect(await attempt(reset.ServicePassword)).toEqual(principal)
  await invoke(DeleteServiceSpecificCredential, rootContext(), { UserName, ServiceSpecificCredentialId })
  expect(await attempt(reset.ServicePassword)).toBeNull()
})

test('git: a password moved to another credential’s row does not open it', async () => {
  await userWithKey('heidi')
  await userWithKey('mallory')
  const create = async (UserName: string) =>
    (await invoke(CreateServiceSpecificCredential, rootContext(), { UserName, ServiceName: 'codecommit.amazonaws.com' })).ServiceSpecificCredential
  const [victim, own] = [await create('heidi'), await create('mallory')]
  const { passwordHash } = await db().serviceSpecificCredential.findUniqueOrThrow({ where: { id: own.ServiceSpecificCredentialId } })
  await db().serviceSpecificCredential.update({ where: { id: victim.ServiceSpecificCredentialId }, data: { passwordHash } })
  expect(await authenticateGit({ ...repository, username: victim.ServiceUserName, password: own.ServicePassword })).toBeNull()
})

test('SSH: the key ID and the key must belong together and be active', async () => {
  const { principal } = await userWithKey('ivan')
  const body = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl'
  const UserName = 'ivan'
  const { SSHPublicKey } = await invoke(UploadSSHPublicKey, rootContext(), { UserName, SSHPublicKeyBody: body })
  const { SSHPublicKeyId } = SSHPublicKey
  expect(await authenticateSshPublicKey(SSHPublicKeyId, keyBlobOf(body))).toEqual(principal)
  const other = Buffer.from(keyBlobOf(body))
  other[other.length - 1] = (other.at(-1) ?? 0) ^ 1
  expect(await authenticateSshPublicKey(SSHPublicKeyId, other)).toBeNull()
  expect(await authenticateSshPublicKey('APKAAAAAAAAAAAAAAAAAA', keyBlobOf(body))).toBeNull()
  expect(await authenticateSshPublicKey('git', keyBlobOf(body))).toBeNull()
  await invoke(UpdateSSHPublicKey, rootContext(), { UserName, SSHPublicKeyId, Status: 'Inactive' })
  expect(await authenticateSshPublicKey(SSHPublicKeyId, keyBlobOf(body))).toBeNull()
  await invoke(UpdateSSHPublicKey, rootContext(), { UserName, SSHPublicKeyId, Status: 'Active' })
  await invoke(DeleteSSHPublicKey, rootContext(), { UserName, SSHPublicKeyId })
  expect(await authenticateSshPublicKey(SSHPublicKeyId, keyBlobOf(body))).toBeNull()
})

type Key = Readonly<{ accessKeyId: string; secretAccessKey: string; sessionToken?: string }>

async function userWithKey(name: string) {
  const { User } = await invoke(CreateUser, rootContext(), { UserName: name })
  const { AccessKey } = await invoke(CreateAccessKey, rootContext(), { UserName: name })
  const key: Key = { accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey }
  return { principal: userPrincipal({ id: User.UserId, name, arn: User.Arn }), key }
}

/** A request that the AWS SDK's own signer signed. */
async function signed(credentials: Key): Promise<SignedRequest> {
  const body = 'Action=ListUsers&Version=2010-05-08'
  const signer = new SignatureV4({ credentials, region: 'us-east-1', service: 'iam', sha256: Sha256 })
  const { headers } = await signer.sign(
    { method: 'POST', protocol: 'https:', hostname: 'localhost', path: '/', query: {}, headers: { host: 'localhost:8443' }, body },
    { signingDate: at },
  )
  return { method: 'POST', path: '/', query: '', headers: Object.entries(headers), body: Buffer.from(body) }
}

function gitPassword({ secretAccessKey }: Key): string {
  // As the CLI's helper signs: the host without its port.
  return signGit({ ...repository, host: 'localhost', secretAccessKey })
}

/** The hash that the signer wants to be given. */
class Sha256 {
  readonly #hash
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret as string)
  }
  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(data as string)
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest()
  }
}

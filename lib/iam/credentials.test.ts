import { execFileSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { db } from '#lib/db'
import { CreateAccessKey, DeleteAccessKey, GetAccessKeyLastUsed, ListAccessKeys, UpdateAccessKey } from '#lib/iam/access-keys'
import {
  CreateServiceSpecificCredential, DeleteServiceSpecificCredential, ListServiceSpecificCredentials, ResetServiceSpecificCredential,
  UpdateServiceSpecificCredential,
} from '#lib/iam/service-specific-credentials'
import { DeleteSSHPublicKey, GetSSHPublicKey, ListSSHPublicKeys, UpdateSSHPublicKey, UploadSSHPublicKey } from '#lib/iam/ssh-public-keys'
import { PutUserPolicy } from '#lib/iam/user-policies'
import { CreateUser, UpdateUser } from '#lib/iam/users'
import { invoke } from '#lib/invoke'
import type { AnyOperation } from '#lib/operation/define'
import { rootContext, userContext } from '#lib/testing/context'
import { testDatabase, type TestDatabase } from '#lib/testing/database'
import { refusal } from '#lib/testing/refusal'
import { trailTable } from '#lib/testing/event-disk'

let database: TestDatabase
beforeAll(async () => void (database = await testDatabase()))
afterAll(() => database[Symbol.asyncDispose]())

test('an access key is made, listed without its secret, switched off, and deleted; two at most', async () => {
  await user('alice')
  const { AccessKey } = await invoke(CreateAccessKey, rootContext(), { UserName: 'alice' })
  expect(AccessKey).toMatchObject({ UserName: 'alice', Status: 'Active' })
  expect(AccessKey.AccessKeyId).toMatch(/^AKIA[A-Z2-7]{17}$/)
  expect(AccessKey.SecretAccessKey).toMatch(/^[A-Za-z0-9+/]{40}$/)
  await invoke(CreateAccessKey, rootContext(), { UserName: 'alice' })
  expect(await refusal(invoke(CreateAccessKey, rootContext(), { UserName: 'alice' }))).toEqual({
    code: 'LimitExceeded', status: 409, message: 'Cannot exceed quota for AccessKeysPerUser: 2',
  })
  const listed = await invoke(ListAccessKeys, rootContext(), { UserName: 'alice' })
  expect(listed.AccessKeyMetadata).toHaveLength(2)
  expect(JSON.stringify(listed)).not.toContain('Secret')

  const { AccessKeyId } = AccessKey
  await invoke(UpdateAccessKey, rootContext(), { UserName: 'alice', AccessKeyId, Status: 'Inactive' })
  expect((await db().accessKey.findUniqueOrThrow({ where: { id: AccessKeyId } })).status).toBe('Inactive')
  expect(await invoke(GetAccessKeyLastUsed, rootContext(), { AccessKeyId })).toMatchObject({ UserName: 'alice', AccessKeyLastUsed: { ServiceName: 'N/A' } })
  await invoke(DeleteAccessKey, rootContext(), { UserName: 'alice', AccessKeyId })
  expect(await refusal(invoke(DeleteAccessKey, rootContext(), { UserName: 'alice', AccessKeyId }))).toEqual({
    code: 'NoSuchEntity', status: 404, message: `The Access Key with id ${AccessKeyId} cannot be found.`,
  })
})

test('a key is out of reach under another user’s name', async () => {
  const bob = await user('bob')
  await user('victim')
  const { AccessKey } = await invoke(CreateAccessKey, rootContext(), { UserName: 'victim' })
  await invoke(PutUserPolicy, rootContext(), { UserName: 'bob', PolicyName: 'own-keys', PolicyDocument: allow('iam:*AccessKey*', bob.arn) })
  const { AccessKeyId } = AccessKey
  for (const input of [{ AccessKeyId }, { UserName: 'bob', AccessKeyId }]) {
    expect(await refusal(invoke(DeleteAccessKey, userContext(bob), input))).toMatchObject({ code: 'NoSuchEntity' })
    expect(await refusal(invoke(UpdateAccessKey, userContext(bob), { ...input, Status: 'Inactive' }))).toMatchObject({ code: 'NoSuchEntity' })
  }
  expect(await refusal(invoke(DeleteAccessKey, userContext(bob), { UserName: 'victim', AccessKeyId }))).toMatchObject({ code: 'AccessDeniedException' })
  expect((await db().accessKey.findUniqueOrThrow({ where: { id: AccessKeyId } })).status).toBe('Active')
})

test('without a name the keys are the caller’s own, root’s too', async () => {
  const carol = await user('carol')
  await invoke(PutUserPolicy, rootContext(), { UserName: 'carol', PolicyName: 'self', PolicyDocument: allow('iam:*AccessKey*', carol.arn) })
  const { AccessKey } = await invoke(CreateAccessKey, userContext(carol), {})
  expect(AccessKey.UserName).toBe('carol')
  const ofRoot = await invoke(CreateAccessKey, rootContext(), {})
  expect(ofRoot.AccessKey.UserName).toBeUndefined()
  expect((await invoke(ListAccessKeys, rootContext(), {})).AccessKeyMetadata).toMatchObject([{ AccessKeyId: ofRoot.AccessKey.AccessKeyId }])
  await invoke(DeleteAccessKey, rootContext(), { AccessKeyId: ofRoot.AccessKey.AccessKeyId })
})

test('git credentials: two, their names outlive a renaming, and a reset keeps all but the password', async () => {
  await user('dan')
  const ServiceName = 'codecommit.amazonaws.com'
  const create = () => invoke(CreateServiceSpecificCredential, rootContext(), { UserName: 'dan', ServiceName })
  const { ServiceSpecificCredential: first } = await create()
  expect(first).toMatchObject({ ServiceUserName: 'dan-at-111122223333', ServiceName, Status: 'Active', UserName: 'dan' })
  expect(first.ServiceSpecificCredentialId).toMatch(/^ACCA[A-Z2-7]{17}$/)
  expect(first.ServicePassword).toMatch(/^[A-Za-z0-9+/]{43}=$/)
  const { ServiceSpecificCredential: second } = await create()
  expect(second.ServiceUserName).toBe('dan+1-at-111122223333')
  expect(await refusal(create())).toMatchObject({ code: 'LimitExceeded', status: 409 })

  await invoke(UpdateUser, rootContext(), { UserName: 'dan', NewUserName: 'daniel' })
  await user('dan')
  const { ServiceSpecificCredential: other } = await create()
  expect(other.ServiceUserName).toBe('dan+2-at-111122223333')

  const { ServiceSpecificCredentialId } = first
  await invoke(UpdateServiceSpecificCredential, rootContext(), { UserName: 'daniel', ServiceSpecificCredentialId, Status: 'Inactive' })
  const { ServiceSpecificCredential: reset } = await invoke(ResetServiceSpecificCredential, rootContext(), { UserName: 'daniel', ServiceSpecificCredentialId })
  expect({ ...reset, ServicePassword: '' }).toEqual({ ...first, UserName: 'daniel', Status: 'Inactive', ServicePassword: '' })
  expect(reset.ServicePassword).not.toBe(first.ServicePassword)

  const listed = await invoke(ListServiceSpecificCredentials, rootContext(), { UserName: 'daniel', ServiceName })
  expect(listed.ServiceSpecificCredentials).toHaveLength(2)
  expect(JSON.stringify(listed)).not.toContain('ServicePassword')
  await invoke(DeleteServiceSpecificCredential, rootContext(), { UserName: 'daniel', ServiceSpecificCredentialId })
  expect(await refusal(invoke(DeleteServiceSpecificCredential, rootContext(), { UserName: 'daniel', ServiceSpecificCredentialId }))).toEqual({
    code: 'NoSuchEntity', status: 404, message: `No such credential ${ServiceSpecificCredentialId} exists`,
  })
})

test('the user is looked for before the service', async () => {
  const wrong = (UserName: string) => refusal(invoke(CreateServiceSpecificCredential, rootContext(), { UserName, ServiceName: 's3.amazonaws.com' }))
  expect((await wrong('nobody')).message).toBe('The user with name nobody cannot be found.')
  expect(await wrong('alice')).toEqual({
    code: 'NoSuchEntity', status: 404, message: 'No such service s3.amazonaws.com is supported for Service Specific Credentials',
  })
})

test('SSH keys that ssh-keygen made are taken, shown in both encodings, and have its fingerprint', async () => {
  const erin = await user('erin')
  const folder = mkdtempSync(join(tmpdir(), 'codekeep-keys-'))
  try {
    for (const [type, bits] of [['rsa', '2048'], ['ed25519', '256']] as const) {
      const file = join(folder, type)
      execFileSync('ssh-keygen', ['-q', '-t', type, '-b', bits, '-N', '', '-C', 'erin@laptop', '-f', file])
      const { SSHPublicKey } = await invoke(UploadSSHPublicKey, rootContext(), { UserName: 'erin', SSHPublicKeyBody: readFileSync(`${file}.pub`, 'utf8') })
      expect(SSHPublicKey.SSHPublicKeyId).toMatch(/^APKA[A-Z2-7]{17}$/)
      const shown = execFileSync('ssh-keygen', ['-l', '-E', 'md5', '-f', `${file}.pub`], { encoding: 'utf8' })
      expect(shown).toContain(`MD5:${SSHPublicKey.Fingerprint}`)
      const { SSHPublicKeyId } = SSHPublicKey
      const pem = await invoke(GetSSHPublicKey, rootContext(), { UserName: 'erin', SSHPublicKeyId, Encoding: 'PEM' })
      expect(pem.SSHPublicKey.SSHPublicKeyBody).toMatch(/^-----BEGIN PUBLIC KEY-----/)
      const ssh = await invoke(GetSSHPublicKey, rootContext(), { UserName: 'erin', SSHPublicKeyId, Encoding: 'SSH' })
      expect(ssh.SSHPublicKey.SSHPublicKeyBody).toBe(readFileSync(`${file}.pub`, 'utf8').trim())
      // The same key in PEM is the same key.
      expect(await refusal(invoke(UploadSSHPublicKey, rootContext(), { UserName: 'erin', SSHPublicKeyBody: pem.SSHPublicKey.SSHPublicKeyBody }))).toMatchObject({ code: 'DuplicateSSHPublicKey', status: 400 })
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
  const { SSHPublicKeys } = await invoke(ListSSHPublicKeys, rootContext(), { UserName: 'erin' })
  expect(SSHPublicKeys).toHaveLength(2)
  const SSHPublicKeyId = SSHPublicKeys[0]?.SSHPublicKeyId
  await invoke(UpdateSSHPublicKey, rootContext(), { UserName: 'erin', SSHPublicKeyId, Status: 'Inactive' })
  await invoke(DeleteSSHPublicKey, rootContext(), { UserName: 'erin', SSHPublicKeyId })
  expect(await refusal(invoke(GetSSHPublicKey, rootContext(), { UserName: 'erin', SSHPublicKeyId, Encoding: 'SSH' }))).toMatchObject({ code: 'NoSuchEntity' })
  expect(await refusal(invoke(UploadSSHPublicKey, userContext(erin), { UserName: 'erin', SSHPublicKeyBody: 'ssh-rsa AAAA' }))).toMatchObject({ code: 'AccessDeniedException' })
})

test('keys that are weak, broken, private or of another kind are refused', async () => {
  const upload = async (SSHPublicKeyBody: string) => (await refusal(invoke(UploadSSHPublicKey, rootContext(), { UserName: 'alice', SSHPublicKeyBody }))).code
  const rsa1024 = generateKeyPairSync('rsa', { modulusLength: 1024 })
  expect(await upload(rsa1024.publicKey.export({ type: 'spki', format: 'pem' }) as string)).toBe('InvalidPublicKey')
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
  expect(await upload(rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string)).toBe('InvalidPublicKey')
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  expect(await upload(ec.publicKey.export({ type: 'spki', format: 'pem' }) as string)).toBe('InvalidPublicKey')
  expect(await upload('ssh-rsa AAAAB3NzaC1yc2E=')).toBe('InvalidPublicKey')
  // Type and blob must agree.
  expect(await upload('ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl')).toBe('InvalidPublicKey')
  // A length that reaches beyond the blob.
  expect(await upload(`ssh-ed25519 ${Buffer.from([0xff, 0xff, 0xff, 0xff, 1, 2, 3]).toString('base64')}`)).toBe('InvalidPublicKey')
  for (const body of ['hello', 'ssh-dss AAAAB3NzaC1kc3M=', 'ssh-rsa', '-----BEGIN PGP PUBLIC KEY BLOCK-----']) {
    expect(await upload(body)).toMatch(/^(UnrecognizedPublicKeyEncoding|InvalidPublicKey)$/)
  }
})

test('without permission none of it is open', async () => {
  const frank = userContext(await user('frank'))
  const AccessKeyId = 'AKIAAAAAAAAAAAAAAAAAA'
  const ServiceSpecificCredentialId = 'ACCAAAAAAAAAAAAAAAAAA'
  const SSHPublicKeyId = 'APKAAAAAAAAAAAAAAAAAA'
  const UserName = 'alice'
  for (const [operation, input] of [
    [CreateAccessKey, {}], [CreateAccessKey, { UserName }], [ListAccessKeys, { UserName }], [GetAccessKeyLastUsed, { AccessKeyId }],
    [UpdateAccessKey, { UserName, AccessKeyId, Status: 'Active' }], [DeleteAccessKey, { UserName, AccessKeyId }],
    [CreateServiceSpecificCredential, { UserName, ServiceName: 'codecommit.amazonaws.com' }], [ListServiceSpecificCredentials, { UserName }],
    [UpdateServiceSpecificCredential, { UserName, ServiceSpecificCredentialId, Status: 'Active' }],
    [ResetServiceSpecificCredential, { UserName, ServiceSpecificCredentialId }], [DeleteServiceSpecificCredential, { UserName, ServiceSpecificCredentialId }],
    [UploadSSHPublicKey, { UserName, SSHPublicKeyBody: 'x' }], [GetSSHPublicKey, { UserName, SSHPublicKeyId, Encoding: 'SSH' }],
    [ListSSHPublicKeys, { UserName }], [UpdateSSHPublicKey, { UserName, SSHPublicKeyId, Status: 'Active' }], [DeleteSSHPublicKey, { UserName, SSHPublicKeyId }],
  ] as [AnyOperation, object][]) {
    expect(await refusal(invoke(operation, frank, input)), operation.name).toMatchObject({ code: 'AccessDeniedException' })
  }
})

test('no secret that was handed out is in the trail or in the database', async () => {
  const { AccessKey } = await invoke(CreateAccessKey, rootContext(), { UserName: 'frank' })
  const { ServiceSpecificCredential } = await invoke(CreateServiceSpecificCredential, rootContext(), { UserName: 'frank', ServiceName: 'codecommit.amazonaws.com' })
  const event = await (await trailTable()).findFirstOrThrow({ where: { eventName: 'CreateAccessKey' }, orderBy: { sequence: 'desc' } })
  expect(JSON.parse(event.record)).toMatchObject({
    requestParameters: { userName: 'frank' },
    responseElements: { accessKey: { accessKeyId: AccessKey.AccessKeyId, status: 'Active', userName: 'frank' } },
  })
  await db().$queryRaw`PRAGMA wal_checkpoint(TRUNCATE)`
  const stored = readFileSync(join(database.dataDir, 'codekeep.db')).toString('latin1')
  expect(stored).toContain(AccessKey.AccessKeyId)
  expect(stored).not.toContain(AccessKey.SecretAccessKey)
  expect(stored).not.toContain(ServiceSpecificCredential.ServicePassword)
})

async function user(name: string) {
  const { User } = await invoke(CreateUser, rootContext(), { UserName: name })
  return { id: User.UserId, name, arn: User.Arn }
}

function allow(Action: string, Resource: string): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', Action, Resource } })
}

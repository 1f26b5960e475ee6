import {
  AttachUserPolicyCommand, CreateAccessKeyCommand, CreateGroupCommand, AddUserToGroupCommand, CreateLoginProfileCommand, CreatePolicyCommand,
  CreatePolicyVersionCommand, CreateServiceSpecificCredentialCommand, CreateUserCommand, CreateVirtualMFADeviceCommand, DeleteUserCommand,
  EnableMFADeviceCommand, GetAccountSummaryCommand, GetGroupCommand, GetPolicyVersionCommand, GetSSHPublicKeyCommand, GetUserPolicyCommand, IAMClient,
  ListAccessKeysCommand, ListAttachedUserPoliciesCommand, ListEntitiesForPolicyCommand, ListMFADevicesCommand, ListPoliciesCommand,
  ListServiceSpecificCredentialsCommand, ListUserPoliciesCommand, ListUsersCommand, PutUserPolicyCommand, SimulatePrincipalPolicyCommand,
  UploadSSHPublicKeyCommand, paginateListPolicies,
} from '@aws-sdk/client-iam'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { setUpRoot } from '#lib/iam/set-up'
import { timeStep, totp } from '#lib/iam/totp'
import { testServer, type TestServer } from '#lib/testing/server'

const root = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' }
let server: TestServer

beforeAll(async () => {
  server = await testServer()
  await setUpRoot(root)
})
afterAll(() => server[Symbol.asyncDispose]())

const settings = (credentials: { accessKeyId: string; secretAccessKey: string }) => ({
  region: 'us-east-1', endpoint: server.origin, credentials, maxAttempts: 1, requestHandler: { httpsAgent: server.agent },
})

const document = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:ListUsers","Resource":"*","Condition":{"StringNotLike":{"aws:UserAgent":"<&\'(*)!>"}}}]}'

test('the SDK reads every shape that IAM answers', async () => {
  const iam = new IAMClient(settings(root))
  const UserName = 'alice'
  await iam.send(new CreateUserCommand({ UserName }))
  await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'list', PolicyDocument: document }))
  const inline = await iam.send(new GetUserPolicyCommand({ UserName, PolicyName: 'list' }))
  expect(decodeURIComponent(inline.PolicyDocument ?? '')).toBe(document)
  expect((await iam.send(new ListUserPoliciesCommand({ UserName }))).PolicyNames).toEqual(['list'])

  const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: 'Managed', PolicyDocument: document }))
  const PolicyArn = Policy?.Arn
  expect(Policy).toMatchObject({ AttachmentCount: 0, IsAttachable: true, DefaultVersionId: 'v1' })
  expect(Policy?.CreateDate).toBeInstanceOf(Date)
  await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn }))
  expect((await iam.send(new ListAttachedUserPoliciesCommand({ UserName }))).AttachedPolicies).toEqual([{ PolicyName: 'Managed', PolicyArn }])
  const made = await iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: document, SetAsDefault: true }))
  expect(made.PolicyVersion).toMatchObject({ VersionId: 'v2', IsDefaultVersion: true })
  const version = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: 'v1' }))
  expect(decodeURIComponent(version.PolicyVersion?.Document ?? '')).toBe(document)
  expect(await iam.send(new ListEntitiesForPolicyCommand({ PolicyArn }))).toMatchObject({ PolicyUsers: [{ UserName }], PolicyGroups: [], PolicyRoles: [] })
  expect((await iam.send(new ListPoliciesCommand({ Scope: 'Local', OnlyAttached: true }))).Policies).toHaveLength(1)
  let count = 0
  for await (const page of paginateListPolicies({ client: iam, pageSize: 3 }, {})) count += page.Policies?.length ?? 0
  expect(count).toBeGreaterThan(10)

  await iam.send(new CreateGroupCommand({ GroupName: 'staff' }))
  await iam.send(new AddUserToGroupCommand({ GroupName: 'staff', UserName }))
  expect(await iam.send(new GetGroupCommand({ GroupName: 'staff' }))).toMatchObject({ Group: { GroupName: 'staff' }, Users: [{ UserName }], IsTruncated: false })

  await iam.send(new CreateLoginProfileCommand({ UserName, Password: 'Correct-Horse-1', PasswordResetRequired: true }))
  const { ServiceSpecificCredential } = await iam.send(new CreateServiceSpecificCredentialCommand({ UserName, ServiceName: 'codecommit.amazonaws.com' }))
  expect(ServiceSpecificCredential).toMatchObject({ ServiceUserName: 'alice-at-111122223333', Status: 'Active' })
  expect((await iam.send(new ListServiceSpecificCredentialsCommand({ UserName }))).ServiceSpecificCredentials).toHaveLength(1)

  const body = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl alice@laptop'
  const { SSHPublicKey } = await iam.send(new UploadSSHPublicKeyCommand({ UserName, SSHPublicKeyBody: body }))
  const pem = await iam.send(new GetSSHPublicKeyCommand({ UserName, SSHPublicKeyId: SSHPublicKey?.SSHPublicKeyId, Encoding: 'PEM' }))
  expect(pem.SSHPublicKey?.SSHPublicKeyBody).toMatch(/^-----BEGIN PUBLIC KEY-----\n/)

  const { VirtualMFADevice } = await iam.send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: 'phone' }))
  const seed = Buffer.from(VirtualMFADevice?.Base32StringSeed ?? []).toString()
  const bits = Array.from(seed, (character) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(character).toString(2).padStart(5, '0')).join('')
  const secret = Uint8Array.from(bits.match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2))
  const step = timeStep(new Date())
  await iam.send(new EnableMFADeviceCommand({ UserName, SerialNumber: VirtualMFADevice?.SerialNumber, AuthenticationCode1: totp(secret, step - 1), AuthenticationCode2: totp(secret, step) }))
  expect((await iam.send(new ListMFADevicesCommand({ UserName }))).MFADevices).toHaveLength(1)

  const { SummaryMap } = await iam.send(new GetAccountSummaryCommand({}))
  expect(SummaryMap).toMatchObject({ Users: 1, Groups: 1, MFADevicesInUse: 1, AccountAccessKeysPresent: 1 })
  const simulated = await iam.send(new SimulatePrincipalPolicyCommand({ PolicySourceArn: 'arn:aws:iam::111122223333:user/alice', ActionNames: ['iam:ListUsers', 'iam:CreateUser'] }))
  expect(simulated.EvaluationResults?.map((each) => each.EvalDecision)).toEqual(['allowed', 'implicitDeny'])
  await expect(iam.send(new DeleteUserCommand({ UserName }))).rejects.toMatchObject({ name: 'DeleteConflictException', $metadata: { httpStatusCode: 409 } })
})

test('errors reach the SDK under IAM’s names', async () => {
  const iam = new IAMClient(settings(root))
  const named = async (work: Promise<unknown>) => work.then(() => 'nothing', (error: unknown) => (error instanceof Error ? error.name : ''))
  expect(await named(iam.send(new CreateUserCommand({ UserName: 'alice' })))).toBe('EntityAlreadyExistsException')
  expect(await named(iam.send(new ListAccessKeysCommand({ UserName: 'nobody' })))).toBe('NoSuchEntityException')
  expect(await named(iam.send(new PutUserPolicyCommand({ UserName: 'alice', PolicyName: 'p', PolicyDocument: '{' })))).toBe('MalformedPolicyDocumentException')
  expect(await named(iam.send(new CreateUserCommand({ UserName: 'a b' })))).toBe('ValidationError')
  expect(await named(iam.send(new CreateLoginProfileCommand({ UserName: 'alice', Password: 'weak' })))).toBe('PasswordPolicyViolationException')
  expect(await named(iam.send(new ListUsersCommand({ MaxItems: 100_000 })))).toBe('ValidationError')
})

test('a user’s own access key authenticates, is refused what no policy allows, and is limited to two', async () => {
  const asRoot = new IAMClient(settings(root))
  const { AccessKey } = await asRoot.send(new CreateAccessKeyCommand({ UserName: 'alice' }))
  const credentials = { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' }
  expect(await new STSClient(settings(credentials)).send(new GetCallerIdentityCommand({}))).toMatchObject({ Arn: 'arn:aws:iam::111122223333:user/alice' })
  const iam = new IAMClient(settings(credentials))
  expect((await iam.send(new ListUsersCommand({}))).Users).toHaveLength(1)
  await expect(iam.send(new CreateUserCommand({ UserName: 'mallory' }))).rejects.toMatchObject({
    name: 'AccessDenied',
    message: 'User: arn:aws:iam::111122223333:user/alice is not authorized to perform: iam:CreateUser on resource: arn:aws:iam::111122223333:user/mallory because no identity-based policy allows the iam:CreateUser action',
    $metadata: { httpStatusCode: 403 },
  })
  await asRoot.send(new CreateAccessKeyCommand({ UserName: 'alice' }))
  await expect(asRoot.send(new CreateAccessKeyCommand({ UserName: 'alice' }))).rejects.toMatchObject({ name: 'LimitExceededException' })
})

import type { EventSummary } from './event-summary.ts'

/**
 * How an operation is said: in the past, after `tried to`, and what follows both. `<of the user {userName}|of a user>` has the name
 * that the request gave its `userName`, or where it gave none, what is after the bar; without a bar, nothing. `{repository}`
 * and `{key}` are those of the event.
 */
export type Phrase = readonly [past: string, base: string, rest?: string]

/** How an event's operation is said; undefined for one that is not known here. */
export function phraseFor(event: EventSummary): Phrase | undefined {
  const phrase = Object.hasOwn(phrases, event.name) ? phrases[event.name] : undefined
  return typeof phrase === 'function' ? phrase(event) : phrase
}

const user = '<the user {userName}|a user>'
const group = '<the group {groupName}|a group>'
const policy = '<the policy {policyArn}|a policy>'
const accessKey = '<the access key {accessKeyId}|an access key>'
const gitCredentials = '<the Git credentials {serviceSpecificCredentialId}|Git credentials>'
const sshPublicKey = '<the SSH public key {sSHPublicKeyId}|an SSH public key>'
const mfaDevice = '<the MFA device {serialNumber}|an MFA device>'
const key = '<the key {key}|a key>'
const repository = '<the repository {repository}|a repository>'
// Without a name, these are of whoever asks.
const ofUser = '<of the user {userName}>'
const forUser = '<for the user {userName}>'
const ofKey = '<of the key {key}|of a key>'
const ofRepository = '<of {repository}|of a repository>'
const inRepository = '<in {repository}|in a repository>'
const underKey = '<under the key {key}>'

const phrases: Readonly<Record<string, Phrase | ((event: EventSummary) => Phrase)>> = {
  // Git and CodeCommit
  GitPush: ['pushed', 'push', '<to {repository}>'],
  GitPull: ['pulled', 'pull', '<from {repository}>'],
  CreateRepository: ['created', 'create', repository],
  GetRepository: ['looked at', 'look at', repository],
  BatchGetRepositories: ['looked at', 'look at', '<the repositories {repositoryNames}|repositories>'],
  ListRepositories: ['listed the repositories', 'list the repositories'],
  DeleteRepository: ['deleted', 'delete', repository],
  UpdateRepositoryName: ['renamed', 'rename', '<the repository {oldName}|a repository> <to {newName}>'],
  UpdateRepositoryDescription: ['changed the description', 'change the description', ofRepository],
  ListBranches: ['listed the branches', 'list the branches', ofRepository],
  GetBranch: ['looked at a branch', 'look at a branch', ofRepository],
  CreateBranch: ['created a branch', 'create a branch', inRepository],
  DeleteBranch: ['deleted a branch', 'delete a branch', ofRepository],
  UpdateDefaultBranch: ['chose another default branch', 'choose another default branch', '<for {repository}|for a repository>'],
  GetReferences: ['listed the branches and tags', 'list the branches and tags', ofRepository],
  GetCommit: ['read', 'read', `<the commit {commitId}|a commit> ${ofRepository}`],
  GetBlob: ['read', 'read', `<the blob {blobId}|a blob> ${ofRepository}`],
  GetFile: ['read a file', 'read a file', ofRepository],
  GetFolder: ['opened a folder', 'open a folder', ofRepository],
  GetTree: ['listed all files', 'list all files', ofRepository],
  SearchFiles: ['searched the files', 'search the files', ofRepository],
  GetCommitHistory: ['read the history', 'read the history', ofRepository],
  GetFolderHistory: ['looked up the last commits of a folder', 'look up the last commits of a folder', inRepository],
  GetBlame: ['looked up who wrote each line of a file', 'look up who wrote each line of a file', inRepository],
  GetDiff: ['compared two commits', 'compare two commits', ofRepository],
  GetCommitsFromMergeBase: ['looked up where two branches part', 'look up where two branches part', inRepository],
  GetRepositoryEncryption: ['looked at the encryption', 'look at the encryption', ofRepository],
  ExportRepository: ['downloaded', 'download', `${repository} as a bundle`],
  StartImport: ['started an import', 'start an import', '<into {repository}>'],
  GetImport: ['looked at an import', 'look at an import'],
  ListImports: ['listed the imports', 'list the imports'],
  CancelImport: ['cancelled an import', 'cancel an import'],
  StartVerification: ['started a verification', 'start a verification', ofRepository],
  GetVerification: ['looked at the verification', 'look at the verification', ofRepository],
  StopVerification: ['stopped the verification', 'stop the verification', ofRepository],
  ListTagsForResource: ['listed the tags', 'list the tags', ofRepository],
  TagResource: (event) => ['tagged', 'tag', isOfKms(event) ? key : repository],
  UntagResource: (event) => ['removed tags', 'remove tags', isOfKms(event) ? '<from the key {key}|from a key>' : '<from {repository}|from a repository>'],

  // KMS
  Encrypt: ['encrypted data', 'encrypt data', `<of {repository}> ${underKey}`],
  Decrypt: ['decrypted data', 'decrypt data', `<of {repository}> ${underKey}`],
  ReEncrypt: ['re-encrypted data', 're-encrypt data', `<of {repository}> ${underKey}`],
  GenerateDataKey: ['had a data key made', 'have a data key made', `<for {repository}> ${underKey}`],
  GenerateDataKeyWithoutPlaintext: ['had an encrypted data key made', 'have an encrypted data key made', `<for {repository}> ${underKey}`],
  GenerateRandom: ['had random bytes made', 'have random bytes made'],
  CreateKey: ['created', 'create', '<the KMS key {key}|a KMS key>'],
  DescribeKey: ['looked at', 'look at', key],
  ListKeys: ['listed the keys', 'list the keys'],
  EnableKey: ['enabled', 'enable', key],
  DisableKey: ['disabled', 'disable', key],
  UpdateKeyDescription: ['changed the description', 'change the description', ofKey],
  ScheduleKeyDeletion: ['scheduled the deletion', 'schedule the deletion', ofKey],
  CancelKeyDeletion: ['cancelled the deletion', 'cancel the deletion', ofKey],
  DeleteKey: ['deleted', 'delete', `${key} at the end of its waiting period`],
  EnableKeyRotation: ['turned on the automatic rotation', 'turn on the automatic rotation', ofKey],
  DisableKeyRotation: ['turned off the automatic rotation', 'turn off the automatic rotation', ofKey],
  GetKeyRotationStatus: ['looked up whether', 'look up whether', `${key} rotates by itself`],
  ListKeyRotations: ['listed the rotations', 'list the rotations', ofKey],
  RotateKey: ['rotated', 'rotate', key],
  RotateKeyOnDemand: ['rotated', 'rotate', `${key} on demand`],
  CreateAlias: ['created', 'create', '<the alias {aliasName}|an alias> <for the key {targetKeyId}>'],
  UpdateAlias: ['pointed', 'point', '<the alias {aliasName}|an alias> <at the key {targetKeyId}|at another key>'],
  DeleteAlias: ['deleted', 'delete', '<the alias {aliasName}|an alias>'],
  ListAliases: ['listed the aliases', 'list the aliases', '<of the key {keyId}>'],
  GetKeyPolicy: ['read the key policy', 'read the key policy', ofKey],
  PutKeyPolicy: ['wrote the key policy', 'write the key policy', ofKey],
  ListKeyPolicies: ['listed the key policies', 'list the key policies', ofKey],
  ListResourceTags: ['listed the tags', 'list the tags', ofKey],

  // IAM: users and groups
  CreateUser: ['created', 'create', user],
  GetUser: ['looked at', 'look at', '<the user {userName}|their own user>'],
  ListUsers: ['listed the users', 'list the users'],
  UpdateUser: ({ parameters }) => (parameters['newUserName'] === undefined ? ['changed', 'change', user] : ['renamed', 'rename', `${user} <to {newUserName}>`]),
  DeleteUser: ['deleted', 'delete', user],
  TagUser: ['tagged', 'tag', user],
  UntagUser: ['removed tags', 'remove tags', '<from the user {userName}|from a user>'],
  ListUserTags: ['listed the tags', 'list the tags', '<of the user {userName}|of a user>'],
  CreateGroup: ['created', 'create', group],
  GetGroup: ['looked at', 'look at', group],
  ListGroups: ['listed the groups', 'list the groups'],
  UpdateGroup: ({ parameters }) => (parameters['newGroupName'] === undefined ? ['changed', 'change', group] : ['renamed', 'rename', `${group} <to {newGroupName}>`]),
  DeleteGroup: ['deleted', 'delete', group],
  AddUserToGroup: ['added', 'add', `${user} <to the group {groupName}|to a group>`],
  RemoveUserFromGroup: ['removed', 'remove', `${user} <from the group {groupName}|from a group>`],
  ListGroupsForUser: ['listed the groups', 'list the groups', '<of the user {userName}|of a user>'],

  // IAM: policies
  PutUserPolicy: ['wrote', 'write', '<the inline policy {policyName}|an inline policy> <of the user {userName}|of a user>'],
  GetUserPolicy: ['read', 'read', '<the inline policy {policyName}|an inline policy> <of the user {userName}|of a user>'],
  ListUserPolicies: ['listed the inline policies', 'list the inline policies', '<of the user {userName}|of a user>'],
  DeleteUserPolicy: ['deleted', 'delete', '<the inline policy {policyName}|an inline policy> <of the user {userName}|of a user>'],
  AttachUserPolicy: ['attached', 'attach', `${policy} <to the user {userName}|to a user>`],
  DetachUserPolicy: ['detached', 'detach', `${policy} <from the user {userName}|from a user>`],
  ListAttachedUserPolicies: ['listed the policies attached', 'list the policies attached', '<to the user {userName}|to a user>'],
  PutGroupPolicy: ['wrote', 'write', '<the inline policy {policyName}|an inline policy> <of the group {groupName}|of a group>'],
  GetGroupPolicy: ['read', 'read', '<the inline policy {policyName}|an inline policy> <of the group {groupName}|of a group>'],
  ListGroupPolicies: ['listed the inline policies', 'list the inline policies', '<of the group {groupName}|of a group>'],
  DeleteGroupPolicy: ['deleted', 'delete', '<the inline policy {policyName}|an inline policy> <of the group {groupName}|of a group>'],
  AttachGroupPolicy: ['attached', 'attach', `${policy} <to the group {groupName}|to a group>`],
  DetachGroupPolicy: ['detached', 'detach', `${policy} <from the group {groupName}|from a group>`],
  ListAttachedGroupPolicies: ['listed the policies attached', 'list the policies attached', '<to the group {groupName}|to a group>'],
  CreatePolicy: ['created', 'create', '<the policy {policyName}|a policy>'],
  GetPolicy: ['looked at', 'look at', policy],
  ListPolicies: ['listed the managed policies', 'list the managed policies'],
  DeletePolicy: ['deleted', 'delete', policy],
  ListEntitiesForPolicy: ['looked up who has', 'look up who has', policy],
  CreatePolicyVersion: ['wrote a new version', 'write a new version', '<of the policy {policyArn}|of a policy>'],
  GetPolicyVersion: ['read', 'read', '<version {versionId}|a version> <of the policy {policyArn}|of a policy>'],
  ListPolicyVersions: ['listed the versions', 'list the versions', '<of the policy {policyArn}|of a policy>'],
  SetDefaultPolicyVersion: ['made', 'make', '<version {versionId}|another version> the default <of the policy {policyArn}|of a policy>'],
  DeletePolicyVersion: ['deleted', 'delete', '<version {versionId}|a version> <of the policy {policyArn}|of a policy>'],
  SimulatePrincipalPolicy: ['asked what', 'ask what', '<{policySourceArn}|somebody> may do'],
  SimulateCustomPolicy: ['tried out policies', 'try out policies'],

  // IAM: credentials
  CreateAccessKey: ['created an access key', 'create an access key', forUser],
  ListAccessKeys: ['listed the access keys', 'list the access keys', ofUser],
  UpdateAccessKey: (event) => [...switched(event), `${accessKey} ${ofUser}`],
  DeleteAccessKey: ['deleted', 'delete', `${accessKey} ${ofUser}`],
  GetAccessKeyLastUsed: ['looked up when', 'look up when', `${accessKey} was last used`],
  CreateLoginProfile: ['set a console password', 'set a console password', forUser],
  GetLoginProfile: ['looked up whether', 'look up whether', '<the user {userName} has|they have> a console password'],
  UpdateLoginProfile: ['changed the console password', 'change the console password', '<of the user {userName}|of a user>'],
  DeleteLoginProfile: ['removed the console password', 'remove the console password', ofUser],
  ChangePassword: ['changed their own password', 'change their own password'],
  CreateServiceSpecificCredential: ['generated Git credentials', 'generate Git credentials', forUser],
  ListServiceSpecificCredentials: ['listed the Git credentials', 'list the Git credentials', ofUser],
  UpdateServiceSpecificCredential: (event) => [...switched(event), `${gitCredentials} ${ofUser}`],
  ResetServiceSpecificCredential: ['reset the password', 'reset the password', `<of the Git credentials {serviceSpecificCredentialId}|of Git credentials> ${ofUser}`],
  DeleteServiceSpecificCredential: ['deleted', 'delete', `${gitCredentials} ${ofUser}`],
  UploadSSHPublicKey: ['uploaded an SSH public key', 'upload an SSH public key', forUser],
  GetSSHPublicKey: ['read', 'read', `${sshPublicKey} ${ofUser}`],
  ListSSHPublicKeys: ['listed the SSH public keys', 'list the SSH public keys', ofUser],
  UpdateSSHPublicKey: (event) => [...switched(event), `${sshPublicKey} ${ofUser}`],
  DeleteSSHPublicKey: ['deleted', 'delete', `${sshPublicKey} ${ofUser}`],
  CreateVirtualMFADevice: ['created', 'create', '<the MFA device {virtualMFADeviceName}|an MFA device>'],
  EnableMFADevice: ['assigned', 'assign', `${mfaDevice} <to the user {userName}>`],
  ListMFADevices: ['listed the MFA devices', 'list the MFA devices', ofUser],
  ListVirtualMFADevices: ['listed all MFA devices', 'list all MFA devices'],
  DeactivateMFADevice: ['deactivated', 'deactivate', `${mfaDevice} ${ofUser}`],
  DeleteVirtualMFADevice: ['deleted', 'delete', mfaDevice],

  // IAM's account, STS, CloudTrail, the console
  GetAccountSummary: ['looked at the summary of the account', 'look at the summary of the account'],
  ListAccountAliases: ['listed the aliases of the account', 'list the aliases of the account'],
  GetCallerIdentity: ['asked who they are', 'ask who they are'],
  GetAccessKeyInfo: ['looked up the account', 'look up the account', '<of the access key {accessKeyId}|of an access key>'],
  LookupEvents: ['searched the event history', 'search the event history'],
  ConsoleLogin: ['signed in to the console', 'sign in to the console'],
}

function isOfKms({ source }: EventSummary): boolean {
  return source === 'kms.amazonaws.com'
}

function switched({ parameters }: EventSummary): readonly [past: string, base: string] {
  return parameters['status'] === 'Inactive' ? ['deactivated', 'deactivate'] : ['activated', 'activate']
}

import { expect, test } from 'vitest'
import { parsePolicyDocument } from '#lib/iam/policy/document'
import { evaluate } from '#lib/iam/policy/evaluate'
import { awsManagedPolicies, findAwsManagedPolicy } from './aws-managed-policies.ts'

test.each(awsManagedPolicies.map((policy) => [policy.name, policy] as const))('%s is a policy that IAM accepts', (name, policy) => {
  expect(() => parsePolicyDocument(policy.document, 'identity')).not.toThrow()
  expect(policy.arn).toBe(`arn:aws:iam::aws:policy/${name}`)
  expect(policy.policyId).toMatch(/^ANPA[A-Z0-9]{17}$/)
  expect(policy.createDate.getTime()).toBeLessThanOrEqual(policy.updateDate.getTime())
  expect(findAwsManagedPolicy(policy.arn)).toBe(policy)
})

test('the policies that the work names are all there', () => {
  expect(awsManagedPolicies.map(({ name }) => name)).toEqual([
    'AWSCloudTrail_FullAccess',
    'AWSCloudTrail_ReadOnlyAccess',
    'AWSCodeCommitFullAccess',
    'AWSCodeCommitPowerUser',
    'AWSCodeCommitReadOnly',
    'AWSKeyManagementServicePowerUser',
    'AdministratorAccess',
    'IAMFullAccess',
    'IAMReadOnlyAccess',
    'IAMSelfManageServiceSpecificCredentials',
    'IAMUserChangePassword',
    'IAMUserSSHKeys',
    'ReadOnlyAccess',
  ])
  expect(new Set(awsManagedPolicies.map(({ policyId }) => policyId)).size).toBe(awsManagedPolicies.length)
  expect(findAwsManagedPolicy('arn:aws:iam::111122223333:policy/AdministratorAccess')).toBeUndefined()
})

const alice = { type: 'IAMUser', accountId: '111122223333', arn: 'arn:aws:iam::111122223333:user/alice' } as const
const repository = 'arn:aws:codecommit:us-east-2:111122223333:hello'
const key = 'arn:aws:kms:us-east-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab'

const cases: [policy: string, action: string, resource: string, decision: 'Allowed' | 'ImplicitlyDenied'][] = [
  ['AdministratorAccess', 'kms:ScheduleKeyDeletion', key, 'Allowed'],
  ['AWSCodeCommitFullAccess', 'codecommit:DeleteRepository', repository, 'Allowed'],
  ['AWSCodeCommitFullAccess', 'kms:Decrypt', key, 'ImplicitlyDenied'],
  ['AWSCodeCommitPowerUser', 'codecommit:GitPush', repository, 'Allowed'],
  ['AWSCodeCommitPowerUser', 'codecommit:CreateRepository', repository, 'Allowed'],
  ['AWSCodeCommitPowerUser', 'codecommit:DeleteRepository', repository, 'ImplicitlyDenied'],
  ['AWSCodeCommitPowerUser', 'iam:CreateServiceSpecificCredential', alice.arn, 'Allowed'],
  ['AWSCodeCommitPowerUser', 'iam:CreateServiceSpecificCredential', 'arn:aws:iam::111122223333:user/bob', 'ImplicitlyDenied'],
  ['AWSCodeCommitReadOnly', 'codecommit:GitPull', repository, 'Allowed'],
  ['AWSCodeCommitReadOnly', 'codecommit:GitPush', repository, 'ImplicitlyDenied'],
  ['AWSKeyManagementServicePowerUser', 'kms:CreateKey', '*', 'Allowed'],
  ['AWSKeyManagementServicePowerUser', 'kms:ScheduleKeyDeletion', key, 'ImplicitlyDenied'],
  ['AWSCloudTrail_FullAccess', 'cloudtrail:LookupEvents', '*', 'Allowed'],
  ['AWSCloudTrail_FullAccess', 'kms:DisableKey', key, 'ImplicitlyDenied'],
  ['AWSCloudTrail_ReadOnlyAccess', 'cloudtrail:LookupEvents', '*', 'Allowed'],
  ['AWSCloudTrail_ReadOnlyAccess', 'cloudtrail:StopLogging', '*', 'ImplicitlyDenied'],
  ['IAMFullAccess', 'iam:PutUserPolicy', alice.arn, 'Allowed'],
  ['IAMFullAccess', 'codecommit:GitPull', repository, 'ImplicitlyDenied'],
  ['IAMReadOnlyAccess', 'iam:ListUsers', '*', 'Allowed'],
  ['IAMReadOnlyAccess', 'iam:CreateUser', alice.arn, 'ImplicitlyDenied'],
  ['IAMUserChangePassword', 'iam:ChangePassword', alice.arn, 'Allowed'],
  ['IAMUserChangePassword', 'iam:ChangePassword', 'arn:aws:iam::111122223333:user/bob', 'ImplicitlyDenied'],
  ['IAMUserSSHKeys', 'iam:UploadSSHPublicKey', alice.arn, 'Allowed'],
  ['IAMUserSSHKeys', 'iam:UploadSSHPublicKey', 'arn:aws:iam::111122223333:user/bob', 'ImplicitlyDenied'],
  ['IAMSelfManageServiceSpecificCredentials', 'iam:ResetServiceSpecificCredential', alice.arn, 'Allowed'],
  ['IAMSelfManageServiceSpecificCredentials', 'iam:CreateAccessKey', alice.arn, 'ImplicitlyDenied'],
  ['ReadOnlyAccess', 'codecommit:GitPull', repository, 'Allowed'],
  ['ReadOnlyAccess', 'kms:Decrypt', key, 'ImplicitlyDenied'],
]

test.each(cases)('%s: %s on %s is %s', (name, action, resource, decision) => {
  const policy = findAwsManagedPolicy(`arn:aws:iam::aws:policy/${name}`)
  const document = parsePolicyDocument(policy?.document ?? '', 'identity')
  const answer = evaluate(
    { principal: alice, action, resource, conditions: { 'aws:username': 'alice' } },
    { identity: [{ source: 'identity-policy', policy: name, attachedTo: 'alice', document }] },
  )
  expect(answer.decision).toBe(decision)
})

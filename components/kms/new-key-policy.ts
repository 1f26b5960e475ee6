/** A key policy as KMS's own form writes it: the account, those who administer the key, those who use it. */
export function newKeyPolicy(accountId: string, administrators: readonly string[], users: readonly string[]): string {
  const statements = [
    { Sid: 'Enable IAM User Permissions', Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${accountId}:root` }, Action: 'kms:*', Resource: '*' },
    ...(administrators.length > 0 ? [{ Sid: 'Allow access for Key Administrators', Effect: 'Allow', Principal: { AWS: administrators }, Action: administration, Resource: '*' }] : []),
    ...(users.length > 0 ? [{ Sid: 'Allow use of the key', Effect: 'Allow', Principal: { AWS: users }, Action: use, Resource: '*' }] : []),
  ]
  return JSON.stringify({ Version: '2012-10-17', Id: 'key-consolepolicy-3', Statement: statements }, null, 2)
}

const administration = [
  'kms:Create*',
  'kms:Describe*',
  'kms:Enable*',
  'kms:List*',
  'kms:Put*',
  'kms:Update*',
  'kms:Revoke*',
  'kms:Disable*',
  'kms:Get*',
  'kms:Delete*',
  'kms:TagResource',
  'kms:UntagResource',
  'kms:ScheduleKeyDeletion',
  'kms:CancelKeyDeletion',
  'kms:RotateKeyOnDemand',
]

const use = ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey']

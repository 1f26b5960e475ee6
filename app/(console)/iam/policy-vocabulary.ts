import { cloudtrailOperations } from '#lib/cloudtrail/api'
import { codecommitOperations } from '#lib/codecommit/api'
import { iamOperations, stsOperations } from '#lib/iam/api'
import { kmsOperations } from '#lib/kms/api'
import type { PolicyVocabulary } from '#components/iam/policy-tools.tsx'

/** What the editor of policies completes: the actions of every operation here, condition keys, operators, forms of ARNs. */
export function policyVocabulary(accountId: string): PolicyVocabulary {
  const actions = Object.entries({ codecommit: codecommitOperations, kms: kmsOperations, iam: iamOperations, sts: stsOperations, cloudtrail: cloudtrailOperations })
    .flatMap(([service, operations]) => [`${service}:*`, ...Object.keys(operations).map((name) => `${service}:${name}`)])
    .concat('codecommit:GitPull', 'codecommit:GitPush', 'kms:ReEncryptFrom', 'kms:ReEncryptTo')
    .sort()
  return {
    actions: ['*', ...actions],
    conditionKeys,
    operators: [...operators, ...operators.map((name) => `${name}IfExists`), 'Null', ...['ForAllValues', 'ForAnyValue'].flatMap((set) => ['StringEquals', 'StringLike'].map((name) => `${set}:${name}`))],
    resources: ['*', `arn:aws:codecommit:*:${accountId}:*`, `arn:aws:kms:*:${accountId}:key/*`, `arn:aws:kms:*:${accountId}:alias/*`, `arn:aws:iam::${accountId}:user/\${aws:username}`, `arn:aws:iam::${accountId}:user/*`, `arn:aws:iam::${accountId}:group/*`, `arn:aws:iam::${accountId}:policy/*`],
    principals: ['*', `arn:aws:iam::${accountId}:root`, `arn:aws:iam::${accountId}:user/`],
  }
}

const operators = [
  ...['Equals', 'NotEquals', 'EqualsIgnoreCase', 'NotEqualsIgnoreCase', 'Like', 'NotLike'].map((name) => `String${name}`),
  ...['Numeric', 'Date'].flatMap((type) => ['Equals', 'NotEquals', 'LessThan', 'LessThanEquals', 'GreaterThan', 'GreaterThanEquals'].map((name) => `${type}${name}`)),
  'Bool',
  'BinaryEquals',
  'IpAddress',
  'NotIpAddress',
  'ArnEquals',
  'ArnLike',
  'ArnNotEquals',
  'ArnNotLike',
]

const conditionKeys = [
  'aws:CalledVia', 'aws:CurrentTime', 'aws:EpochTime', 'aws:MultiFactorAuthPresent', 'aws:PrincipalAccount', 'aws:PrincipalArn', 'aws:PrincipalTag/', 'aws:PrincipalType',
  'aws:RequestedRegion', 'aws:RequestTag/', 'aws:ResourceTag/', 'aws:SecureTransport', 'aws:SourceIp', 'aws:TagKeys', 'aws:UserAgent', 'aws:userid', 'aws:username', 'aws:ViaAWSService',
  'codecommit:References', 'iam:PolicyARN', 'iam:ResourceTag/', 'kms:BypassPolicyLockoutSafetyCheck', 'kms:CallerAccount', 'kms:EncryptionAlgorithm', 'kms:EncryptionContext:aws:codecommit:repository-id',
  'kms:EncryptionContext:', 'kms:EncryptionContextKeys', 'kms:KeyOrigin', 'kms:KeySpec', 'kms:KeyUsage', 'kms:MultiRegion', 'kms:RequestAlias', 'kms:ResourceAliases', 'kms:ScheduleKeyDeletionPendingWindowInDays', 'kms:ViaService',
]

import type { RequestContext } from '#lib/operation/context'
import { remember } from '#lib/remember'

// A key that AWS manages is a key like any other. What protects it is its policy, which the policy engine evaluates;
// nothing in this folder asks who manages a key before it lets something be done to it.

/** A predefined alias: it is there before its key is, and DescribeKey makes the key from it (aws-facts B). */
export type PredefinedAlias = Readonly<{ aliasName: string; service: string; description: string }>

/** The predefined aliases of every account and Region, by name. */
export const predefinedAliases: readonly PredefinedAlias[] = [
  {
    aliasName: 'alias/aws/codecommit',
    service: 'codecommit',
    description: 'Default key that protects my CodeCommit repositories when no other key is defined',
  },
]

export function findPredefinedAlias(name: string): PredefinedAlias | undefined {
  return predefinedAliases.find(({ aliasName }) => aliasName === name)
}

/** The real policy of an AWS-managed key (aws-facts B), for a Region and account. */
export function awsManagedKeyPolicy({ service }: PredefinedAlias, place: Pick<RequestContext, 'region' | 'accountId'>): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Id: `auto-${service}-2`,
    Statement: [
      {
        Sid: 'Allow access through CodeCommit for all principals in the account that are authorized to use CodeCommit',
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
        Resource: '*',
        Condition: {
          StringEquals: {
            'kms:ViaService': `${service}.${place.region}.amazonaws.com`,
            'kms:CallerAccount': place.accountId,
          },
        },
      },
      {
        Sid: 'Allow direct access to key metadata to the account',
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${place.accountId}:root` },
        Action: ['kms:Describe*', 'kms:Get*', 'kms:List*'],
        Resource: '*',
      },
    ],
  })
}

/**
 * The ID that the key of a predefined alias will have, if this process is the one that makes it: policy is asked about its
 * ARN before there is a key, and a refusal that is repeated names the same one.
 */
export function candidateKeyId({ aliasName }: PredefinedAlias, place: Pick<RequestContext, 'region' | 'accountId'>): string {
  const candidates = remember('kms.candidateKeyIds', () => new Map<string, string>())
  const name = `${place.accountId} ${place.region} ${aliasName}`
  const known = candidates.get(name)
  if (known !== undefined) return known
  const made = crypto.randomUUID()
  candidates.set(name, made)
  return made
}

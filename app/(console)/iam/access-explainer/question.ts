import { cloudtrailOperations } from '#lib/cloudtrail/api'
import { codecommitOperations } from '#lib/codecommit/api'
import { repositoryArn } from '#lib/codecommit/repository-row'
import { iamOperations } from '#lib/iam/api'
import { kmsOperations } from '#lib/kms/api'
import { formatArn, parseArn } from '#lib/operation/arn'
import type { ConsoleContext } from '../../../session.ts'

/** What can be asked about, by service: what git does first, for that is what is asked most. */
export function offeredOperations(asked: string | undefined): (readonly [group: string, operations: readonly string[]])[] {
  const named = (service: string, table: Readonly<Record<string, unknown>>) => Object.keys(table).map((name) => `${service}:${name}`).sort()
  const groups: (readonly [string, readonly string[]])[] = [
    ['Git', ['codecommit:GitPush', 'codecommit:GitPull']],
    ['CodeCommit', named('codecommit', codecommitOperations)],
    ['KMS', named('kms', kmsOperations)],
    ['IAM', named('iam', iamOperations)],
    ['CloudTrail', named('cloudtrail', cloudtrailOperations)],
  ]
  const offered = asked === undefined || groups.some(([, operations]) => operations.includes(asked))
  return offered ? groups : [['Asked', [asked]], ...groups]
}

/** ARN of a principal that was named: an ARN as it is, `root`'s, or of a user in the root path. */
export function principalArn(user: string | undefined, { principal, accountId }: ConsoleContext): string {
  if (user === undefined) return principal.arn
  return user.startsWith('arn:') ? user : `arn:aws:iam::${accountId}:user/${user}`
}

/** ARN of what was named: a repository by its name, a key by its ID or alias, anything by its ARN. */
export function resourceArn(resource: string | undefined, operation: string, place: Readonly<{ accountId: string; region: string }>): string | undefined {
  if (resource === undefined || resource === '*' || parseArn(resource)) return resource
  const [service] = operation.split(':')
  if (service === 'codecommit') return repositoryArn(place, resource)
  if (service !== 'kms') return resource
  const alias = /^(alias\/|aws\/)/.test(resource)
  return formatArn({ service, ...place, resource: alias ? `alias/${resource.replace(/^alias\//, '')}` : `key/${resource}` })
}

/** Pairs as the AWS CLI writes them: `tenant=alice,purpose=backup`. */
export function readPairs(text: string | undefined): Record<string, string> | undefined {
  if (text === undefined) return undefined
  const pairs = text.split(',').map((pair) => [pair.slice(0, pair.indexOf('=')).trim(), pair.slice(pair.indexOf('=') + 1).trim()] as const)
  return Object.fromEntries(pairs.filter(([key]) => key !== ''))
}

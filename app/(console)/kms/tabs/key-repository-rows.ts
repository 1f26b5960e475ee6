import { ListRepositoriesUnderKey } from '#lib/codecommit/repositories-under-key'
import { formatArn } from '#lib/operation/arn'
import { listPage, type ListQuery } from '../../../list-page.ts'
import type { ConsoleContext } from '../../../session.ts'

/** The repositories that are encrypted under a key, a page of them. */
export function keyRepositoryRows(context: ConsoleContext, { token }: ListQuery<never>, keyId: string) {
  const keyArn = formatArn({ service: 'kms', region: context.region, accountId: context.accountId, resource: `key/${keyId}` })
  return listPage(ListRepositoriesUnderKey, context, { keyArn, nextToken: token }, ({ repositories, nextToken }) => ({
    rows: repositories.map(({ repositoryName, repositoryId, dataKeys, sealedBytes }) => ({ name: repositoryName, id: repositoryId, dataKeys, sealedBytes })),
    next: nextToken,
  }))
}

import { z } from 'zod'
import { db } from '#lib/db'
import { mayInvoke } from '#lib/invoke'
import { defineOperation } from '#lib/operation/define'
import { ServiceException } from '#lib/operation/exception'
import { decodeToken, pageOf } from '#lib/operation/pagination'
import { apiVersion } from './api-version.ts'
import { GetRepositoryEncryption } from './encryption.ts'

/**
 * The repositories of a Region that are encrypted under a key, by name in pages of 50, with how many data keys each has under
 * it and how many bytes they seal. Nothing is opened. Not an AWS operation: it asks for `codecommit:ListRepositories` and is
 * recorded as that. Of a repository that the caller may not read the metadata of, name and ID are all there is, as in ListRepositories.
 * @throws ServiceException InvalidContinuationTokenException
 */
export const ListRepositoriesUnderKey = defineOperation({
  service: 'codecommit',
  name: 'ListRepositories',
  readOnly: true,
  apiVersion,
  input: z.object({ keyArn: z.string().max(2048), nextToken: z.string().optional() }),
  resolve: (_context, { keyArn, nextToken }) => {
    const place = nextToken === undefined ? [] : decodeToken(listUnder(keyArn), nextToken)
    if (!place) throw new ServiceException('InvalidContinuationTokenException', 'The specified continuation token is not valid.')
    return { subject: String(place[0] ?? ''), access: [{ action: 'codecommit:ListRepositories', resource: '*' }] }
  },
  handler: async (context, { keyArn }, after) => {
    const { accountId, region } = context
    const rows = await db().repository.findMany({
      where: { accountId, region, kmsKeyArn: keyArn, name: { gt: after } },
      orderBy: { name: 'asc' },
      take: pageSize + 1,
      select: { id: true, name: true, _count: { select: { dataKeys: true } } },
    })
    const { items, next } = pageOf(listUnder(keyArn), rows, pageSize, (last) => [last.name])
    const decisions = await Promise.all(items.map(({ name }) => mayInvoke(GetRepositoryEncryption, context, { repositoryName: name })))
    const readable = items.filter((_row, index) => decisions[index]?.decision === 'Allowed').map(({ id }) => id)
    const sums = await db().storedObject.groupBy({ by: ['repositoryId'], where: { repositoryId: { in: readable } }, _sum: { sealedSize: true } })
    const sealed = new Map(sums.map(({ repositoryId, _sum }) => [repositoryId, Number(_sum.sealedSize ?? 0)]))
    return {
      repositories: items.map(({ id, name, _count }) => ({
        repositoryName: name,
        repositoryId: id,
        ...(readable.includes(id) && { dataKeys: _count.dataKeys, sealedBytes: sealed.get(id) ?? 0 }),
      })),
      ...(next !== undefined && { nextToken: next }),
    }
  },
  requestParameters: () => null,
})

// A place in one key's list is none in another's.
const listUnder = (keyArn: string) => `repositories-under-key ${keyArn}`
const pageSize = 50

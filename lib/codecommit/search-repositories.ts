import { z } from 'zod'
import { db } from '#lib/db'
import { decodeToken, pageOf } from '#lib/operation/pagination'
import { defineOperation } from '#lib/operation/define'
import { ServiceException } from '#lib/operation/exception'
import { apiVersion } from './api-version.ts'
import { cloneUrlHttp, cloneUrlSsh } from './repository-row.ts'

/**
 * The console's list of a Region's repositories: pages of 50 by name, narrowed by a part of the name, with what is known
 * of each without opening anything. Not an AWS operation: it asks for `codecommit:ListRepositories` and is recorded as that.
 * @throws ServiceException InvalidContinuationTokenException
 */
export const SearchRepositories = defineOperation({
  service: 'codecommit',
  name: 'ListRepositories',
  readOnly: true,
  apiVersion,
  input: z.object({ nameContains: z.string().max(100).optional(), nextToken: z.string().optional() }),
  resolve: (_context, { nextToken }) => {
    const place = nextToken === undefined ? [] : decodeToken(list, nextToken)
    if (!place) throw new ServiceException('InvalidContinuationTokenException', 'The specified continuation token is not valid.')
    const [after] = place
    return {
      subject: after === undefined ? undefined : String(after),
      access: [{ action: 'codecommit:ListRepositories', resource: '*' }],
    }
  },
  handler: async ({ accountId, region }, { nameContains }, after) => {
    const rows = await db().repository.findMany({
      where: {
        accountId,
        region,
        AND: [nameContains === undefined ? {} : { name: { contains: nameContains } }, after === undefined ? {} : { name: { gt: after } }],
      },
      orderBy: { name: 'asc' },
      take: pageSize + 1,
      select: { id: true, name: true, creationDate: true, lastModifiedDate: true },
    })
    const { items, next } = pageOf(list, rows, pageSize, (last) => [last.name])
    return {
      repositories: items.map(({ id, name, creationDate, lastModifiedDate }) => ({
        repositoryName: name,
        repositoryId: id,
        creationDate,
        lastModifiedDate,
        cloneUrlHttp: cloneUrlHttp(region, name),
        cloneUrlSsh: cloneUrlSsh(region, name),
      })),
      ...(next !== undefined && { nextToken: next }),
    }
  },
  requestParameters: () => null,
})

const list = 'search-repositories'
const pageSize = 50

import { z } from 'zod'
import { db } from '#lib/db'
import { defineOperation } from '#lib/operation/define'
import { parseArn } from '#lib/operation/arn'
import { isServiceException, ServiceException } from '#lib/operation/exception'
import { decodeToken, pageOf } from '#lib/operation/pagination'
import { apiVersion } from './api-version.ts'
import { openMetadata, type RepositoryMetadata } from './metadata.ts'
import { repositoryName } from './names.ts'
import { findRepository, repositoryArn, repositoryResource } from './repository-row.ts'
import { repositoryDoesNotExist } from './exceptions.ts'

/** API_ListRepositories: names and IDs, sorted, in pages of 1,000. The key is not touched. */
export const ListRepositories = defineOperation({
  service: 'codecommit',
  name: 'ListRepositories',
  readOnly: true,
  apiVersion,
  input: z.object({
    nextToken: z.string().optional(),
    sortBy: z.string().optional(),
    order: z.string().optional(),
  }),
  resolve: (_context, input) => ({ subject: listOrder(input), access: [{ action: 'codecommit:ListRepositories', resource: '*' }] }),
  handler: async ({ accountId, region }, _input, { sortBy, order, after }) => {
    const place = { accountId, region }
    const beyond = order === 'ascending' ? 'gt' : 'lt'
    const direction = order === 'ascending' ? 'asc' : 'desc'
    const [first, second] = after ?? []
    const rows = await db().repository.findMany({
      where:
        after === undefined
          ? place
          : sortBy === 'repositoryName'
            ? { ...place, name: { [beyond]: String(first) } }
            : {
                ...place,
                lastModifiedDate: { [`${beyond}e`]: new Date(Number(first)) },
                OR: [
                  { lastModifiedDate: { [beyond]: new Date(Number(first)) } },
                  { lastModifiedDate: new Date(Number(first)), name: { [beyond]: String(second) } },
                ],
              },
      orderBy: sortBy === 'repositoryName' ? { name: direction } : [{ lastModifiedDate: direction }, { name: direction }],
      take: pageSize + 1,
      select: { id: true, name: true, lastModifiedDate: true },
    })
    const { items, next } = pageOf(listName(sortBy, order), rows, pageSize, (last) =>
      sortBy === 'repositoryName' ? [last.name] : [last.lastModifiedDate.getTime(), last.name],
    )
    return {
      repositories: items.map(({ id, name }) => ({ repositoryName: name, repositoryId: id })),
      ...(next !== undefined && { nextToken: next }),
    }
  },
  requestParameters: ({ sortBy, order }) => (sortBy ?? order) === undefined ? null : { sortBy, order },
})

/** API_BatchGetRepositories: up to 100 names; those that fail are named with their errors. */
export const BatchGetRepositories = defineOperation({
  service: 'codecommit',
  name: 'BatchGetRepositories',
  readOnly: true,
  apiVersion,
  input: z.object({ repositoryNames: z.array(z.string()).optional() }),
  resolve: (context, { repositoryNames = [] }) => {
    if (repositoryNames.length === 0) throw new ServiceException('RepositoryNamesRequiredException', 'At least one repository name is required.')
    if (repositoryNames.length > 100) {
      throw new ServiceException('MaximumRepositoryNamesExceededException', 'The maximum number of allowed repository names was exceeded. Currently, this number is 100.')
    }
    const names = [...new Set(repositoryNames.map(repositoryName))]
    return {
      subject: names,
      access: names.map((name) => ({ action: 'codecommit:BatchGetRepositories', resource: repositoryArn(context, name) })),
      resources: names.map((name) => repositoryResource(repositoryArn(context, name))),
    }
  },
  handler: async (context, _input, names) => {
    const repositories: RepositoryMetadata[] = []
    const repositoriesNotFound: string[] = []
    const errors: { repositoryName: string; repositoryId?: string; errorCode: string; errorMessage: string }[] = []
    for (const name of names) {
      const row = await findRepository(context, name)
      if (!row) {
        repositoriesNotFound.push(name)
        continue
      }
      try {
        repositories.push(await openMetadata(context, row))
      } catch (error) {
        if (!isServiceException(error)) throw error
        errors.push({ repositoryName: name, repositoryId: row.id, errorCode: error.name, errorMessage: error.message })
      }
    }
    return { repositories, repositoriesNotFound, errors }
  },
  requestParameters: ({ repositoryNames }) => ({ repositoryNames }),
})

/**
 * Finds a repository by name, ID or ARN in all Regions: the console's look-up page. Not an AWS operation; it asks for
 * `codecommit:ListRepositories`, as the list does, and opens nothing.
 */
export const LookupRepository = defineOperation({
  service: 'codecommit',
  name: 'ListRepositories',
  readOnly: true,
  apiVersion,
  input: z.object({ text: z.string().max(2048) }),
  resolve: () => ({ subject: undefined, access: [{ action: 'codecommit:ListRepositories', resource: '*' }] }),
  handler: async ({ accountId }, { text }) => {
    const arn = parseArn(text.trim())
    const named = arn ? { name: arn.resource, region: arn.region } : { name: text.trim() }
    const rows = await db().repository.findMany({
      where: { accountId, OR: [{ id: text.trim().toLowerCase() }, named] },
      orderBy: [{ region: 'asc' }, { name: 'asc' }],
      take: 100,
      select: { id: true, name: true, region: true },
    })
    const found = arn && arn.service !== 'codecommit' ? [] : rows
    return {
      repositories: found.map(({ id, name, region }) => ({
        repositoryName: name,
        repositoryId: id,
        region,
        Arn: repositoryArn({ accountId, region }, name),
      })),
    }
  },
  requestParameters: () => null,
})

/** The repository that an ARN of the caller's own Region names. @throws ServiceException InvalidResourceArnException */
export function nameOfArn(resourceArn: string, { region, accountId }: { region: string; accountId: string }): string {
  const arn = parseArn(resourceArn)
  if (arn?.service !== 'codecommit' || arn.region !== region || arn.accountId !== accountId) {
    throw new ServiceException('InvalidResourceArnException', 'The value for the resource ARN is not valid.')
  }
  try {
    return repositoryName(arn.resource)
  } catch {
    throw repositoryDoesNotExist(arn.resource)
  }
}

const pageSize = 1000

function listOrder(input: { sortBy?: string | undefined; order?: string | undefined; nextToken?: string | undefined }) {
  const { sortBy = 'repositoryName', order = 'ascending' } = input
  if (sortBy !== 'repositoryName' && sortBy !== 'lastModifiedDate') {
    throw new ServiceException('InvalidSortByException', 'The specified sort by value is not valid.')
  }
  if (order !== 'ascending' && order !== 'descending') {
    throw new ServiceException('InvalidOrderException', 'The specified sort order is not valid.')
  }
  const after = input.nextToken === undefined ? undefined : decodeToken(listName(sortBy, order), input.nextToken)
  if (after === null) throw new ServiceException('InvalidContinuationTokenException', 'The specified continuation token is not valid.')
  return { sortBy, order, after }
}

function listName(sortBy: string, order: string): string {
  return `repositories/${sortBy}/${order}`
}

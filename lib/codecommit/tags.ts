import { z } from 'zod'
import { db, transaction } from '#lib/db'
import type { RequestContext } from '#lib/operation/context'
import { defineOperation } from '#lib/operation/define'
import { ServiceException } from '#lib/operation/exception'
import { apiVersion } from './api-version.ts'
import { tagKey, tagsMap } from './names.ts'
import { nameOfArn } from './repository-lists.ts'
import { onRepository, present } from './repository-row.ts'

/** API_ListTagsForResource */
export const ListTagsForResource = defineOperation({
  service: 'codecommit',
  name: 'ListTagsForResource',
  readOnly: true,
  apiVersion,
  input: z.object({ resourceArn: z.string().optional(), nextToken: z.string().optional() }),
  resolve: (context, { resourceArn }) => onResource('codecommit:ListTagsForResource', context, resourceArn),
  handler: async (_context, _input, row) => {
    const tags = await db().repositoryTag.findMany({ where: { repositoryId: present(row).id }, orderBy: { tagKey: 'asc' } })
    return { tags: Object.fromEntries(tags.map(({ tagKey, tagValue }) => [tagKey, tagValue])) }
  },
  requestParameters: ({ resourceArn }) => ({ resourceArn }),
})

/** API_TagResource: adds tags, or gives those that are there another value. */
export const TagResource = defineOperation({
  service: 'codecommit',
  name: 'TagResource',
  readOnly: false,
  apiVersion,
  input: z.object({ resourceArn: z.string().optional(), tags: z.record(z.string(), z.string()).optional() }),
  resolve: async (context, { resourceArn, tags }) => {
    if (!tags) throw new ServiceException('TagsMapRequiredException', 'A map of tags is required.')
    const entries = tagsMap(tags)
    return onResource('codecommit:TagResource', context, resourceArn, {
      ...Object.fromEntries(entries.map(([key, value]) => [`aws:RequestTag/${key}`, value])),
      'aws:TagKeys': entries.map(([key]) => key),
    })
  },
  handler: async (_context, { tags = {} }, row) => {
    const repositoryId = present(row).id
    await transaction(async (tx) => {
      for (const [key, value] of tagsMap(tags)) {
        const id = { repositoryId, tagKey: key }
        await tx.repositoryTag.upsert({ where: { repositoryId_tagKey: id }, create: { ...id, tagValue: value }, update: { tagValue: value } })
      }
      if ((await tx.repositoryTag.count({ where: { repositoryId } })) > 50) {
        throw new ServiceException('TooManyTagsException', 'The maximum number of tags for an AWS CodeCommit resource has been exceeded.')
      }
    })
    return undefined
  },
  requestParameters: ({ resourceArn, tags }) => ({ resourceArn, tags }),
})

/** API_UntagResource */
export const UntagResource = defineOperation({
  service: 'codecommit',
  name: 'UntagResource',
  readOnly: false,
  apiVersion,
  input: z.object({ resourceArn: z.string().optional(), tagKeys: z.array(z.string()).optional() }),
  resolve: async (context, { resourceArn, tagKeys }) => {
    if (!tagKeys) throw new ServiceException('TagKeysListRequiredException', 'A list of tag keys is required. The list cannot be empty or null.')
    return onResource('codecommit:UntagResource', context, resourceArn, { 'aws:TagKeys': tagKeys.map(tagKey) })
  },
  handler: async (_context, { tagKeys = [] }, row) => {
    await db().repositoryTag.deleteMany({ where: { repositoryId: present(row).id, tagKey: { in: tagKeys } } })
    return undefined
  },
  requestParameters: ({ resourceArn, tagKeys }) => ({ resourceArn, tagKeys }),
})

async function onResource(action: string, context: RequestContext, resourceArn: string | undefined, conditions?: Record<string, string | string[]>) {
  if (resourceArn === undefined || resourceArn === '') {
    throw new ServiceException('ResourceArnRequiredException', 'A valid Amazon Resource Name (ARN) for an AWS CodeCommit resource is required.')
  }
  return onRepository(action, context, nameOfArn(resourceArn, context), conditions)
}

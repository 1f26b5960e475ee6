import { z } from 'zod'
import type { IamUserTag } from '#prisma/sqlite/generated/client.ts'
import { db, transaction } from '#lib/db'
import { defineIam } from '#lib/iam/define-iam'
import { invalidInput, quotaExceeded } from '#lib/iam/exceptions'
import { forgetIdentityPolicies } from '#lib/iam/identity-policies'
import { existingUserName, paging, tags } from '#lib/iam/members'
import { slicePage } from '#lib/iam/pages'
import { recordedMembers } from '#lib/iam/recorded-members'
import { onUser, requestTagConditions, whileThere } from '#lib/iam/subjects'

const tagQuota = 50

export const TagUser = defineIam({
  name: 'TagUser',
  readOnly: false,
  input: z.object({ UserName: existingUserName, Tags: tags }),
  resolve: (context, { UserName, Tags }) => onUser(context, 'TagUser', UserName, requestTagConditions(Tags)),
  handler: async (_context, { Tags }, user) => {
    checkTags(Tags)
    await whileThere(
      transaction(async (tx) => {
        const held = await tx.iamUserTag.findMany({ where: { userId: user.id } })
        const given = new Set(Tags.map(({ Key }) => Key.toLowerCase()))
        const replaced = held.map(({ tagKey }) => tagKey).filter((key) => given.has(key.toLowerCase()))
        await tx.iamUserTag.deleteMany({ where: { userId: user.id, tagKey: { in: replaced } } })
        await tx.iamUserTag.createMany({ data: Tags.map(({ Key, Value }) => ({ userId: user.id, tagKey: Key, tagValue: Value })) })
        if ((await tx.iamUserTag.count({ where: { userId: user.id } })) > tagQuota) throw quotaExceeded('TagsPerUser', tagQuota)
      }),
      user.name,
    )
    // Policies may ask for the caller's tags (`aws:PrincipalTag/…`).
    forgetIdentityPolicies(user.id)
  },
  requestParameters: (input) => recordedMembers(input, 'UserName', 'Tags'),
})

export const UntagUser = defineIam({
  name: 'UntagUser',
  readOnly: false,
  input: z.object({ UserName: existingUserName, TagKeys: z.array(z.string().min(1).max(128)).max(tagQuota) }),
  resolve: (context, { UserName, TagKeys }) => onUser(context, 'UntagUser', UserName, { 'aws:TagKeys': TagKeys }),
  handler: async (_context, { TagKeys }, user) => {
    await db().iamUserTag.deleteMany({ where: { userId: user.id, tagKey: { in: TagKeys } } })
    // Policies may ask for the caller's tags (`aws:PrincipalTag/…`).
    forgetIdentityPolicies(user.id)
  },
  requestParameters: (input) => recordedMembers(input, 'UserName', 'TagKeys'),
})

export const ListUserTags = defineIam({
  name: 'ListUserTags',
  readOnly: true,
  input: z.object({ UserName: existingUserName, ...paging }),
  resolve: (context, { UserName }) => onUser(context, 'ListUserTags', UserName),
  handler: async (_context, input, user) => {
    const sorted = [...user.tags].sort((a, b) => (a.tagKey < b.tagKey ? -1 : 1))
    const page = await slicePage(`ListUserTags ${user.id}`, input, sorted, (tag) => tag.tagKey)
    return { Tags: tagList(page.items), ...page.end }
  },
  requestParameters: (input) => recordedMembers(input, 'UserName', 'MaxItems', 'Marker'),
})

/** @throws ServiceException — InvalidInput for a key twice (IAM's keys differ without regard to case) or a reserved one. */
export function checkTags(given: readonly { Key: string }[]): void {
  const keys = new Set(given.map(({ Key }) => Key.toLowerCase()))
  if (keys.size < given.length) throw invalidInput('Duplicate tag keys found. Please note that Tag keys are case insensitive.')
  if ([...keys].some((key) => key.startsWith('aws:'))) throw invalidInput('Tag keys beginning with aws: are reserved.')
}

/** The `Tags` member of the API. */
export function tagList(rows: readonly IamUserTag[]): { Key: string; Value: string }[] {
  return rows.map(({ tagKey, tagValue }) => ({ Key: tagKey, Value: tagValue }))
}

import { z } from 'zod'
import { db, transaction } from '#lib/db'
import { defineOperation } from '#lib/operation/define'
import { changedKey } from '#lib/kms/change-key'
import { accessOn, actingOn, findTarget, onKey } from '#lib/kms/key-access'
import { requireState } from '#lib/kms/key-state'
import { changingKey } from '#lib/kms/keys'
import { afterMarker, checkTagKeys, checkTags, kmsPage, KeyId, limit, Marker, Tag } from '#lib/kms/members'
import { tagConditions } from '#lib/kms/api/keys'

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_TagResource.html */
export const TagResource = defineOperation({
  service: 'kms',
  name: 'TagResource',
  readOnly: false,
  input: z.object({ KeyId, Tags: z.array(Tag).max(200) }),
  resolve: async (context, { KeyId, Tags }) => {
    checkTags(Tags)
    const target = await findTarget(context, KeyId, { aliases: false })
    return actingOn(target, [accessOn(target, 'kms:TagResource', tagConditions(Tags))])
  },
  handler: async (_context, { Tags }, key) => {
    requireState('tagResource', key)
    await changingKey(key.id, () =>
      transaction(async (tx) => {
        const present = await tx.kmsTag.findMany({ where: { keyId: key.id }, select: { tagKey: true } })
        checkTags(Tags, present.map(({ tagKey }) => tagKey))
        await tx.kmsTag.deleteMany({ where: { keyId: key.id, tagKey: { in: Tags.map(({ TagKey }) => TagKey) } } })
        await tx.kmsTag.createMany({ data: Tags.map(({ TagKey, TagValue }) => ({ keyId: key.id, tagKey: TagKey, tagValue: TagValue })) })
      }),
    )
  },
  requestParameters: ({ KeyId, Tags }) => ({
    keyId: KeyId,
    tags: Tags.map(({ TagKey, TagValue }) => ({ tagKey: TagKey, tagValue: TagValue })),
  }),
  recorded: changedKey,
})

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_UntagResource.html */
export const UntagResource = defineOperation({
  service: 'kms',
  name: 'UntagResource',
  readOnly: false,
  input: z.object({ KeyId, TagKeys: z.array(z.string().min(1).max(128)).max(200) }),
  resolve: async (context, { KeyId, TagKeys }) => {
    checkTagKeys(TagKeys)
    const target = await findTarget(context, KeyId, { aliases: false })
    const conditions: Record<string, readonly string[]> = TagKeys.length === 0 ? {} : { 'aws:TagKeys': TagKeys }
    return actingOn(target, [accessOn(target, 'kms:UntagResource', conditions)])
  },
  handler: async (_context, { TagKeys }, key) => {
    requireState('untagResource', key)
    await changingKey(key.id, () => db().kmsTag.deleteMany({ where: { keyId: key.id, tagKey: { in: TagKeys } } }))
  },
  requestParameters: ({ KeyId, TagKeys }) => ({ keyId: KeyId, tagKeys: TagKeys }),
  recorded: changedKey,
})

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_ListResourceTags.html */
export const ListResourceTags = defineOperation({
  service: 'kms',
  name: 'ListResourceTags',
  readOnly: true,
  input: z.object({ KeyId, Limit: limit(50).default(50), Marker: Marker.optional() }),
  resolve: onKey('kms:ListResourceTags'),
  handler: (_context, { Limit, Marker }, key) => {
    const after = afterMarker('tags', Marker)
    const rest = after === undefined ? key.tags : key.tags.filter(({ TagKey }) => TagKey > after)
    return kmsPage('tags', 'Tags', rest, Limit, ({ TagKey }) => TagKey, ({ TagKey, TagValue }) => ({ TagKey, TagValue }))
  },
  requestParameters: ({ KeyId, Limit, Marker }) => ({ keyId: KeyId, limit: Limit, marker: Marker }),
})

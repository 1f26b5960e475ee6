import { afterAll, beforeAll, expect, test } from 'vitest'
import { invoke } from '#lib/invoke'
import { DisableKey, ListResourceTags, ScheduleKeyDeletion, TagResource, UntagResource } from '#lib/kms/api'
import { allow, newKey, userWith } from '#lib/kms/test-story'
import { rootContext } from '#lib/testing/context'
import { testDatabase, type TestDatabase } from '#lib/testing/database'
import { refusal } from '#lib/testing/refusal'

let database: TestDatabase
beforeAll(async () => void (database = await testDatabase()))
afterAll(async () => database[Symbol.asyncDispose]())

const tags = (...keys: string[]) => keys.map((TagKey) => ({ TagKey, TagValue: `value of ${TagKey}` }))

test('tags are put, replaced, listed page by page and taken away', async () => {
  const { KeyId } = await newKey()
  await invoke(TagResource, rootContext(), { KeyId, Tags: tags('b', 'a', 'ü') })
  await invoke(TagResource, rootContext(), { KeyId, Tags: [{ TagKey: 'a', TagValue: 'new' }] })
  const first = await invoke(ListResourceTags, rootContext(), { KeyId, Limit: 2 })
  expect(first).toMatchObject({ Tags: [{ TagKey: 'a', TagValue: 'new' }, { TagKey: 'b' }], Truncated: true })
  const second = await invoke(ListResourceTags, rootContext(), { KeyId, Limit: 2, Marker: first.NextMarker })
  expect(second).toEqual({ Tags: tags('ü'), Truncated: false })
  await invoke(UntagResource, rootContext(), { KeyId, TagKeys: ['a', 'never there'] })
  expect((await invoke(ListResourceTags, rootContext(), { KeyId })).Tags).toEqual(tags('b', 'ü'))
})

test('a tag decides who may use the key: aws:ResourceTag', async () => {
  const { KeyId } = await newKey()
  const blue = { StringEquals: { 'aws:ResourceTag/team': 'blue' } }
  const user = await userWith('blue', { ...allow('kms:DisableKey'), Condition: blue })
  expect((await refusal(invoke(DisableKey, user, { KeyId }))).code).toBe('AccessDeniedException')
  await invoke(TagResource, rootContext(), { KeyId, Tags: [{ TagKey: 'team', TagValue: 'blue' }] })
  await invoke(DisableKey, user, { KeyId })
  await invoke(UntagResource, rootContext(), { KeyId, TagKeys: ['team'] })
  expect((await refusal(invoke(DisableKey, user, { KeyId }))).code).toBe('AccessDeniedException')
})

test('tags of every illegal kind are refused in AWS’s words', async () => {
  const { KeyId } = await newKey()
  const put = (Tags: unknown) => refusal(invoke(TagResource, rootContext(), { KeyId, Tags }))
  expect(await put(tags('a', 'a'))).toEqual({ code: 'TagException', message: 'Duplicate tag keys', status: 400 })
  expect(await put(tags('AWS:x'))).toEqual({ code: 'TagException', message: 'Tags beginning with aws: are reserved', status: 400 })
  expect(await put(tags(...Array.from({ length: 51 }, (_, index) => `k${index}`)))).toEqual({ code: 'TagException', message: 'Too many tags', status: 400 })
  expect((await put([{ TagKey: 'a', TagValue: 'x'.repeat(257) }])).message).toContain("at 'tags.1.member.tagValue' failed to satisfy constraint: Member must have length less than or equal to 256")
  expect((await put([{ TagKey: 'x'.repeat(129), TagValue: '' }])).message).toContain("at 'tags.1.member.tagKey' failed to satisfy constraint: Member must have length less than or equal to 128")
  expect(await refusal(invoke(UntagResource, rootContext(), { KeyId, TagKeys: ['aws:x'] }))).toMatchObject({ code: 'TagException' })
  await invoke(TagResource, rootContext(), { KeyId, Tags: tags(...Array.from({ length: 50 }, (_, index) => `k${index}`)) })
  expect(await put(tags('one more'))).toMatchObject({ message: 'Too many tags' })
  await invoke(ScheduleKeyDeletion, rootContext(), { KeyId })
  expect(await put(tags('k1'))).toMatchObject({ code: 'KMSInvalidStateException' })
})

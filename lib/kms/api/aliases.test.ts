import { afterAll, beforeAll, expect, test } from 'vitest'
import { invoke } from '#lib/invoke'
import { CreateAlias, DeleteAlias, DescribeKey, ListAliases, ScheduleKeyDeletion, UpdateAlias } from '#lib/kms/api'
import { allow, lastEvent, newKey, userWith } from '#lib/kms/test-story'
import { rootContext } from '#lib/testing/context'
import { testDatabase, type TestDatabase } from '#lib/testing/database'
import { refusal } from '#lib/testing/refusal'

let database: TestDatabase
beforeAll(async () => void (database = await testDatabase()))
afterAll(async () => database[Symbol.asyncDispose]())

const arnOf = (name: string) => `arn:aws:kms:us-east-2:111122223333:${name}`

test('an alias is made, moved to another key and deleted; each step counts at once', async () => {
  const one = await newKey()
  const two = await newKey()
  const AliasName = 'alias/moving'
  await invoke(CreateAlias, rootContext(), { AliasName, TargetKeyId: one.KeyId })
  expect((await invoke(DescribeKey, rootContext(), { KeyId: AliasName })).KeyMetadata.KeyId).toBe(one.KeyId)
  await invoke(UpdateAlias, rootContext(), { AliasName, TargetKeyId: two.Arn })
  expect((await invoke(DescribeKey, rootContext(), { KeyId: AliasName })).KeyMetadata.KeyId).toBe(two.KeyId)
  await invoke(UpdateAlias, rootContext(), { AliasName, TargetKeyId: one.KeyId })
  expect((await invoke(DescribeKey, rootContext(), { KeyId: AliasName })).KeyMetadata.KeyId).toBe(one.KeyId)
  expect((await lastEvent('UpdateAlias')).resources?.map(({ ARN, type }) => [ARN, type])).toEqual([
    [two.Arn, 'AWS::KMS::Key'],
    [one.Arn, 'AWS::KMS::Key'],
    [arnOf(AliasName), 'AWS::KMS::Alias'],
  ])
  await invoke(DeleteAlias, rootContext(), { AliasName })
  expect((await refusal(invoke(DescribeKey, rootContext(), { KeyId: AliasName }))).message).toBe(`Alias ${arnOf(AliasName)} is not found.`)
  await invoke(CreateAlias, rootContext(), { AliasName, TargetKeyId: two.KeyId })
  expect((await invoke(DescribeKey, rootContext(), { KeyId: AliasName })).KeyMetadata.KeyId).toBe(two.KeyId)
})

test('an alias is one key’s: what is there already, is absent or names an alias is refused in AWS’s words', async () => {
  const { KeyId } = await newKey()
  await invoke(CreateAlias, rootContext(), { AliasName: 'alias/taken', TargetKeyId: KeyId })
  const create = (input: object) => refusal(invoke(CreateAlias, rootContext(), { TargetKeyId: KeyId, ...input }))
  expect(await create({ AliasName: 'alias/taken' })).toEqual({
    code: 'AlreadyExistsException',
    message: `An alias with the name ${arnOf('alias/taken')} already exists`,
    status: 400,
  })
  expect(await create({ AliasName: 'alias/x', TargetKeyId: 'alias/taken' })).toMatchObject({ code: 'ValidationException', message: 'Aliases must refer to keys. Not aliases' })
  expect(await create({ AliasName: 'alias/x', TargetKeyId: arnOf('alias/taken') })).toMatchObject({ code: 'ValidationException' })
  expect(await create({ AliasName: 'no-prefix' })).toMatchObject({ code: 'ValidationException' })
  expect(await create({ AliasName: `alias/${'x'.repeat(260)}` })).toMatchObject({ code: 'ValidationException' })
  expect(await refusal(invoke(UpdateAlias, rootContext(), { AliasName: 'alias/none', TargetKeyId: KeyId }))).toMatchObject({ code: 'NotFoundException' })
  expect(await refusal(invoke(DeleteAlias, rootContext(), { AliasName: 'alias/none' }))).toMatchObject({ code: 'NotFoundException' })
  // Names are one letter's case apart, so they are two.
  await invoke(CreateAlias, rootContext(), { AliasName: 'alias/Taken', TargetKeyId: KeyId })
})

test('the action is needed on the alias and on the key: one of the two is not enough', async () => {
  const mine = await newKey()
  const theirs = await newKey()
  const AliasName = 'alias/both'
  const onlyAlias = await userWith('onlyAlias', allow('kms:*Alias', arnOf('alias/*')))
  const onlyKey = await userWith('onlyKey', allow('kms:*Alias', mine.Arn))
  const both = await userWith('both', allow('kms:*Alias', [arnOf(AliasName), mine.Arn]))
  const input = { AliasName, TargetKeyId: mine.KeyId }
  expect((await refusal(invoke(CreateAlias, onlyAlias, input))).message).toContain(`on resource: ${mine.Arn}`)
  expect((await refusal(invoke(CreateAlias, onlyKey, input))).message).toContain(`on resource: ${arnOf(AliasName)}`)
  await invoke(CreateAlias, both, input)
  // Who may not touch the other key can neither give it the alias nor take the alias from it.
  expect((await refusal(invoke(UpdateAlias, both, { AliasName, TargetKeyId: theirs.KeyId }))).message).toContain(`on resource: ${theirs.Arn}`)
  await invoke(UpdateAlias, rootContext(), { AliasName, TargetKeyId: theirs.KeyId })
  expect((await refusal(invoke(UpdateAlias, both, input))).message).toContain(`on resource: ${theirs.Arn}`)
  expect((await refusal(invoke(DeleteAlias, both, { AliasName }))).message).toContain(`on resource: ${theirs.Arn}`)
})

test('an alias may leave a key that waits for its deletion, and not come to one', async () => {
  const dying = await newKey()
  const living = await newKey()
  await invoke(CreateAlias, rootContext(), { AliasName: 'alias/leaving', TargetKeyId: dying.KeyId })
  await invoke(CreateAlias, rootContext(), { AliasName: 'alias/deleted', TargetKeyId: dying.KeyId })
  await invoke(ScheduleKeyDeletion, rootContext(), { KeyId: dying.KeyId })
  const pending = { code: 'KMSInvalidStateException', message: `${dying.Arn} is pending deletion.` }
  expect(await refusal(invoke(CreateAlias, rootContext(), { AliasName: 'alias/late', TargetKeyId: dying.KeyId }))).toMatchObject(pending)
  await invoke(UpdateAlias, rootContext(), { AliasName: 'alias/leaving', TargetKeyId: living.KeyId })
  expect(await refusal(invoke(UpdateAlias, rootContext(), { AliasName: 'alias/leaving', TargetKeyId: dying.KeyId }))).toMatchObject(pending)
  await invoke(DeleteAlias, rootContext(), { AliasName: 'alias/deleted' })
})

test('aliases are listed by name, page by page, of a Region or of one key', async () => {
  const context = rootContext({ region: 'eu-west-2' })
  const one = await newKey({}, context)
  const two = await newKey({}, context)
  const names = ['alias/a', 'alias/aws-like', 'alias/b', 'alias/c', 'alias/d']
  for (const AliasName of names) await invoke(CreateAlias, context, { AliasName, TargetKeyId: AliasName === 'alias/c' ? two.KeyId : one.KeyId })
  // The predefined alias, which has no key here, stands where its name belongs.
  const expected = ['alias/a', 'alias/aws-like', 'alias/aws/codecommit', 'alias/b', 'alias/c', 'alias/d']
  for (const Limit of [1, 2, 3, 100]) {
    const found: string[] = []
    let Marker: string | undefined
    do {
      const page = await invoke(ListAliases, context, { Limit, Marker })
      expect(page.Aliases.length).toBeLessThanOrEqual(Limit)
      expect(page.Truncated).toBe(page.NextMarker !== undefined)
      found.push(...page.Aliases.map(({ AliasName }) => AliasName))
      Marker = page.NextMarker
    } while (Marker !== undefined)
    expect(found, `pages of ${Limit}`).toEqual(expected)
  }
  const ofTwo = await invoke(ListAliases, context, { KeyId: two.Arn })
  expect(ofTwo.Aliases).toEqual([
    { AliasName: 'alias/c', AliasArn: 'arn:aws:kms:eu-west-2:111122223333:alias/c', TargetKeyId: two.KeyId, CreationDate: expect.any(Date) as Date, LastUpdatedDate: expect.any(Date) as Date },
  ])
  expect(await refusal(invoke(ListAliases, context, { Marker: 'forged' }))).toMatchObject({ code: 'InvalidMarkerException' })
  expect(await refusal(invoke(ListAliases, context, { Limit: 101 }))).toMatchObject({ code: 'ValidationException' })
  expect(await refusal(invoke(ListAliases, context, { KeyId: '00000000-0000-4000-8000-000000000000' }))).toMatchObject({ code: 'NotFoundException' })
})

test('a key has at most fifty aliases', async () => {
  const { KeyId } = await newKey()
  await Promise.all(Array.from({ length: 50 }, (_, index) => invoke(CreateAlias, rootContext(), { AliasName: `alias/n${index}`, TargetKeyId: KeyId })))
  expect((await refusal(invoke(CreateAlias, rootContext(), { AliasName: 'alias/n50', TargetKeyId: KeyId }))).code).toBe('LimitExceededException')
})

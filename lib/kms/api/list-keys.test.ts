import { afterAll, beforeAll, expect, test } from 'vitest'
import { invoke } from '#lib/invoke'
import { CreateAlias, CreateKey, DescribeKey, DisableKey, ListKeys, SearchKeys } from '#lib/kms/api'
import { allow, lastEvent, newKey, userWith } from '#lib/kms/test-story'
import { asService, type RequestContext } from '#lib/operation/context'
import { rootContext } from '#lib/testing/context'
import { testDatabase, type TestDatabase } from '#lib/testing/database'
import { refusal } from '#lib/testing/refusal'

let database: TestDatabase
beforeAll(async () => void (database = await testDatabase()))
afterAll(async () => database[Symbol.asyncDispose]())

async function searchAll(context: RequestContext, input: object): Promise<string[]> {
  const found: string[] = []
  let Marker: string | undefined
  do {
    const page = await invoke(SearchKeys, context, { ...input, Marker })
    found.push(...page.Keys.map(({ KeyId }) => KeyId))
    Marker = page.NextMarker
  } while (Marker !== undefined)
  return found
}

test('keys are listed by ID, page by page, of one Region', async () => {
  const context = rootContext({ region: 'eu-west-1' })
  const made = await Promise.all(Array.from({ length: 7 }, () => newKey({}, context)))
  await newKey()
  const expected = made.map(({ KeyId }) => KeyId).sort()
  for (const Limit of [1, 3, 7, 8]) {
    const found: string[] = []
    let Marker: string | undefined
    do {
      const page = await invoke(ListKeys, context, { Limit, Marker })
      found.push(...page.Keys.map(({ KeyId }) => KeyId))
      Marker = page.NextMarker
    } while (Marker !== undefined)
    expect(found, `pages of ${Limit}`).toEqual(expected)
  }
  const { NextMarker } = await invoke(ListKeys, context, { Limit: 1 })
  expect(await lastEvent('ListKeys')).toMatchObject({ requestParameters: { limit: 1 }, responseElements: null })
  for (const Marker of ['forged', `${String(NextMarker)}x`, Buffer.from('["aliases","alias/a"]').toString('base64url')]) {
    expect((await refusal(invoke(ListKeys, context, { Marker }))).code, Marker).toBe('InvalidMarkerException')
  }
  expect((await refusal(invoke(ListKeys, context, { Limit: 0 }))).code).toBe('ValidationException')
})

test('the console’s table has newest first, with aliases and state, narrowed by a part of an alias or ID', async () => {
  const context = rootContext({ region: 'sa-east-1' })
  const older = await newKey({ Description: 'older' }, context)
  const newer = await newKey({}, context)
  await invoke(CreateAlias, context, { AliasName: 'alias/Payments_live', TargetKeyId: older.KeyId })
  await invoke(CreateAlias, context, { AliasName: 'alias/pay', TargetKeyId: older.KeyId })
  const managed = (await invoke(DescribeKey, asService(context, 'codecommit'), { KeyId: 'alias/aws/codecommit' })).KeyMetadata
  const { Keys } = await invoke(SearchKeys, context, {})
  expect(Keys.map(({ KeyId }) => KeyId)).toEqual([managed.KeyId, newer.KeyId, older.KeyId])
  expect(Keys[2]).toEqual({
    KeyId: older.KeyId,
    KeyArn: older.Arn,
    Aliases: ['alias/Payments_live', 'alias/pay'],
    KeyState: 'Enabled',
    KeyManager: 'CUSTOMER',
    KeySpec: 'SYMMETRIC_DEFAULT',
    KeyUsage: 'ENCRYPT_DECRYPT',
    Description: 'older',
    CreationDate: expect.any(Date) as Date,
  })
  expect(Keys[0]).toMatchObject({ KeyManager: 'AWS', Aliases: ['alias/aws/codecommit'] })
  expect(await searchAll(context, { Limit: 1 })).toEqual([managed.KeyId, newer.KeyId, older.KeyId])
  expect(await searchAll(context, { Text: 'payMENTS' })).toEqual([older.KeyId])
  expect(await searchAll(context, { Text: ' aws/code ' })).toEqual([managed.KeyId])
  expect(await searchAll(context, { Text: newer.KeyId.slice(9, 18).toUpperCase() })).toEqual([newer.KeyId])
  // Neither the prefix that every alias has, nor SQL's wildcards.
  for (const Text of ['alias/', 'p%y', 'Payments?live', 'p_y', "'; --", '\\']) expect(await searchAll(context, { Text }), Text).toEqual([])
  expect(await searchAll(context, { Text: 'payments_live' })).toEqual([older.KeyId])
  expect((await refusal(invoke(SearchKeys, context, { Marker: 'forged' }))).code).toBe('InvalidMarkerException')
})

test('one’s own keys and AWS’s, in a state, by alias or ID, page by page', async () => {
  const context = rootContext({ region: 'eu-south-1' })
  const make = async (...aliases: string[]) => {
    const { KeyId } = (await invoke(CreateKey, context, {})).KeyMetadata
    for (const name of aliases) await invoke(CreateAlias, context, { AliasName: `alias/${name}`, TargetKeyId: KeyId })
    return KeyId
  }
  const zebra = await make('zebra', 'ant')
  const nameless = [await make(), await make()].toSorted()
  const bee = await make('bee')
  const managed = (await invoke(DescribeKey, asService(context, 'codecommit'), { KeyId: 'alias/aws/codecommit' })).KeyMetadata.KeyId
  await invoke(DisableKey, context, { KeyId: bee })

  expect(await searchAll(context, { KeyManager: 'AWS' })).toEqual([managed])
  expect(await searchAll(context, { KeyManager: 'AWS', Text: 'bee' })).toEqual([])
  const own = { KeyManager: 'CUSTOMER' as const }
  for (const Limit of [1, 2, 50]) {
    expect(await searchAll(context, { ...own, Sort: 'Alias', Limit })).toEqual([zebra, bee, ...nameless])
    expect(await searchAll(context, { ...own, Sort: 'KeyId', Limit })).toEqual([zebra, bee, ...nameless].toSorted())
  }
  expect(await searchAll(context, { ...own, KeyState: 'Disabled' })).toEqual([bee])
  expect(await searchAll(context, { ...own, KeyState: 'Disabled', Sort: 'Alias' })).toEqual([bee])
  expect(await searchAll(context, { ...own, KeyState: 'Enabled', Text: 'e' })).not.toContain(bee)
  // A place in one order is none in another.
  const { NextMarker } = await invoke(SearchKeys, context, { Sort: 'Alias', Limit: 1 })
  expect((await refusal(invoke(SearchKeys, context, { Sort: 'KeyId', Marker: NextMarker }))).code).toBe('InvalidMarkerException')
})

test('the table needs kms:ListKeys and kms:ListAliases', async () => {
  const half = await userWith('half', allow('kms:ListKeys'))
  expect((await refusal(invoke(SearchKeys, half, {}))).message).toContain('kms:ListAliases')
  expect(await lastEvent('ListKeys')).toMatchObject({ errorCode: 'AccessDenied' })
  const both = await userWith('both', allow(['kms:ListKeys', 'kms:ListAliases']))
  expect((await invoke(SearchKeys, both, {})).Keys.length).toBeGreaterThan(0)
})

import { afterAll, beforeAll, expect, test } from 'vitest'
import { db } from '#lib/db'
import { invoke } from '#lib/invoke'
import { CreateAlias, CreateKey, DeleteAlias, DescribeKey, ScheduleKeyDeletion, SearchKeys, UpdateAlias } from '#lib/kms/api'
import { DeleteKey } from '#lib/kms/api/key-deletion'
import { asService, type RequestContext } from '#lib/operation/context'
import { rootContext } from '#lib/testing/context'
import { testDatabase, type TestDatabase } from '#lib/testing/database'
import { findByName, nameChanged } from './key-names.ts'

let database: TestDatabase
beforeAll(async () => void (database = await testDatabase()))
afterAll(async () => database[Symbol.asyncDispose]())

const found = async (context: RequestContext, Text: string) => (await invoke(SearchKeys, context, { Text })).Keys.map(({ KeyId }) => KeyId)
const make = async (context: RequestContext) => (await invoke(CreateKey, context, {})).KeyMetadata.KeyId
const name = (context: RequestContext, alias: string, TargetKeyId: string) => invoke(CreateAlias, context, { AliasName: `alias/${alias}`, TargetKeyId })

test('each change counts in the very next search, whatever memory holds of before', async () => {
  const context = rootContext({ region: 'eu-west-1' })
  const first = await make(context)
  expect(await found(context, first.slice(9, 20))).toEqual([first])
  // From here on memory holds the Region's names.
  const second = await make(context)
  expect(await found(context, second)).toEqual([second])
  await name(context, 'Ledger_of_2026', first)
  expect(await found(context, 'LEDGER_of')).toEqual([first])
  await invoke(UpdateAlias, context, { AliasName: 'alias/Ledger_of_2026', TargetKeyId: second })
  expect(await found(context, 'ledger_of')).toEqual([second])
  await invoke(DeleteAlias, context, { AliasName: 'alias/Ledger_of_2026' })
  expect(await found(context, 'ledger_of')).toEqual([])
  const managed = (await invoke(DescribeKey, asService(context, 'codecommit'), { KeyId: 'alias/aws/codecommit' })).KeyMetadata.KeyId
  expect(await found(context, 'aws/code')).toEqual([managed])
  await invoke(ScheduleKeyDeletion, context, { KeyId: second, PendingWindowInDays: 7 })
  await invoke(DeleteKey, asService({ ...context, time: new Date(Date.now() + 8 * 86_400_000) }, 'codecommit'), { KeyId: second })
  expect(await found(context, second)).toEqual([])
})

test('a change in one Region is none in another, though both are in memory', async () => {
  const [here, there] = [rootContext({ region: 'ap-south-1' }), rootContext({ region: 'ap-south-2' })]
  for (const context of [here, there]) expect(await found(context, 'nothing')).toEqual([])
  const key = await make(there)
  await name(there, 'one-of-theirs', key)
  const managed = (await invoke(DescribeKey, asService(there, 'codecommit'), { KeyId: 'alias/aws/codecommit' })).KeyMetadata.KeyId
  for (const text of [key, key.slice(0, 6), 'one-of', managed, 'aws/']) expect(await found(here, text), text).toEqual([])
  expect(await found(there, 'aws/')).toEqual([managed])
})

test('what is in no name of its own is not found: not across two names, not the ID that stands before an alias, not SQL’s wildcards', async () => {
  const context = rootContext({ region: 'eu-west-2' })
  const key = await make(context)
  for (const alias of ['one', 'two']) await name(context, alias, key)
  await found(context, 'fill')
  const other = rootContext({ region: 'eu-west-3' })
  for (const text of ['one\ntwo', `one\n${key}`, `${key} one`, `${key.slice(-4)} o`, 'alias/', 'o%e', 'o_e', '\\']) expect(await found(context, text), text).toEqual([])
  expect(await found(context, ' ONE ')).toEqual([key])
  expect(await found(other, key)).toEqual([])
})

test('the same is found as by reading every row, for parts of every name', async () => {
  const context = rootContext({ region: 'sa-east-1' })
  for (let index = 0; index < 12; index++) await name(context, `Team-${index % 3}/key_${index}`, await make(context))
  const rows = await db().kmsKey.findMany({ where: { region: 'sa-east-1' }, include: { aliases: true } })
  const names = rows.flatMap(({ id, aliases }) => [id, ...aliases.map((alias) => alias.name.slice('alias/'.length))])
  for (const text of names.flatMap((each) => [each, each.slice(0, 3), each.slice(2, 7)])) {
    const expected = rows.filter(({ id, aliases }) => [id, ...aliases.map((alias) => alias.name.slice('alias/'.length))].some((each) => each.toLowerCase().includes(text.toLowerCase()))).map(({ id }) => id)
    expect((await found(context, text)).sort(), text).toEqual(expected.sort())
  }
})

test('a key that is made while the names are read is found by the next search', async () => {
  const context = rootContext({ region: 'ca-central-1' })
  for (let round = 0; round < 5; round++) {
    const [, key] = await Promise.all([findByName(context, 'nothing'), make(context)])
    expect(await found(context, key)).toEqual([key])
  }
})

test('after many changes the names are read anew, and nothing is lost', async () => {
  const context = rootContext({ region: 'eu-north-1' })
  const kept = await make(context)
  expect(await found(context, kept)).toEqual([kept])
  await name(context, 'before', kept)
  for (let index = 0; index < 400; index++) nameChanged(`${index}`)
  await name(context, 'after', kept)
  for (const text of ['before', 'after', 'EFOR']) expect(await found(context, text)).toEqual([kept])
  expect(await found(context, kept)).toEqual([kept])
})

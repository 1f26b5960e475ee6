import { afterAll, beforeAll, expect, test } from 'vitest'
import { csvLine } from '#lib/cloudtrail/csv-line'
import { ExportEvents } from '#lib/cloudtrail/export-events'
import { recordEvent } from '#lib/cloudtrail/record'
import { db } from '#lib/db'
import { invoke } from '#lib/invoke'
import { rootContext, userContext } from '#lib/testing/context'
import { testDatabase, type TestDatabase } from '#lib/testing/database'
import { trailTable } from '#lib/testing/event-disk'

let database: TestDatabase
const alice = { id: 'AIDACKCEVSQ6C2EXAMPLE', name: 'alice', arn: 'arn:aws:iam::111122223333:user/alice' }
const started = new Date('2026-11-20T12:00:00Z')
const entry = { eventSource: 'kms.amazonaws.com', readOnly: true, requestParameters: null, responseElements: null, resources: [] }

beforeAll(async () => {
  database = await testDatabase()
  await db().iamUser.create({ data: { ...alice, nameLower: 'alice', createDate: new Date() } })
  const context = rootContext({ time: started, userAgent: '=HYPERLINK("https://attacker.example","a, b")' })
  await recordEvent({ ...entry, context, eventName: 'Hostile', errorCode: 'DisabledException', errorMessage: '+cmd|"/c calc"\r\nsecond line' })
  await Promise.all(Array.from({ length: 1234 }, (_, n) => recordEvent({ ...entry, context: rootContext({ time: new Date(started.getTime() + n * 1000) }), eventName: 'Decrypt' })))
})

afterAll(() => database[Symbol.asyncDispose]())

test('every event of the conditions once, newest first, each record as a line of JSON', async () => {
  const lines = (await exported({ EventName: 'Decrypt', Format: 'jsonl' })).trimEnd().split('\n')
  const times = lines.map((line) => (JSON.parse(line) as { eventTime: string }).eventTime)
  expect(times).toHaveLength(1234)
  expect(times).toEqual([...times].sort().reverse())
})

test('as CSV, nothing that a caller sent is a formula or breaks out of its cell', async () => {
  const csv = await exported({ EventName: 'Hostile', Format: 'csv' })
  const [head = '', ...rest] = csv.split('\r\n')
  expect(head.startsWith('\ufeff"Event time","User name",')).toBe(true)
  expect(rest.join('\r\n')).toContain(`"Failed","DisabledException","'+cmd|""/c calc""\r\nsecond line","198.51.100.7","'=HYPERLINK(""https://attacker.example"",""a, b"")"`)
})

test.each(['=1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', ' =1', '＝1', '|calc'])('%j is text to a spreadsheet', (value) => {
  expect(csvLine([value])).toBe(`"'${value}"\r\n`)
})

test.each(['arn:aws:kms:us-east-2:1:key/2', '2026-11-20T12:00:00Z', 'a=b', ''])('%j stays as it is', (value) => {
  expect(csvLine([value])).toBe(`"${value}"\r\n`)
})

test('a page is read when it is asked for, and none after its reader has gone', async () => {
  const { text } = await invoke(ExportEvents, rootContext(), { Format: 'jsonl' })
  let pieces = 0
  for await (const piece of text) {
    pieces++
    expect(piece.trimEnd().split('\n')).toHaveLength(500)
    break
  }
  expect(pieces).toBe(1)
  expect(await text[Symbol.asyncIterator]().next()).toEqual({ done: true, value: undefined })
})

test('it needs cloudtrail:LookupEvents, and is recorded as that before its first byte, allowed or refused', async () => {
  await expect(invoke(ExportEvents, userContext(alice), { Format: 'csv' })).rejects.toMatchObject({ name: 'AccessDeniedException' })
  await invoke(ExportEvents, rootContext(), { Username: 'alice', Format: 'csv' })
  const records = await (await trailTable()).findMany({ where: { eventName: 'LookupEvents' }, orderBy: { sequence: 'desc' }, take: 2 })
  expect(records.map(({ username, errorCode }) => [username, errorCode])).toEqual([['root', ''], ['alice', 'AccessDenied']])
  expect(JSON.parse(records[0]?.record ?? '')).toMatchObject({
    requestParameters: { lookupAttributes: [{ attributeKey: 'Username', attributeValue: 'alice' }], export: 'csv' },
  })
})

async function exported(input: object): Promise<string> {
  const { text } = await invoke(ExportEvents, rootContext(), input)
  let all = ''
  for await (const piece of text) all += piece
  return all
}

import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { expect, test } from 'vitest'
import { LookupEvents } from '#lib/cloudtrail/api'
import { SearchEvents, SummarizeEvents } from '#lib/cloudtrail/history'
import { tallyEvents } from '#lib/cloudtrail/kept-tallies'
import { recordEvent } from '#lib/cloudtrail/record'
import { ConfigError } from '#lib/config'
import { migratePostgresql, migrationsFolder } from '#lib/database/migrate'
import { db, isUniqueViolation, transaction } from '#lib/db'
import { invoke } from '#lib/invoke'
import { rootContext } from '#lib/testing/context'
import { usePostgresql } from '#lib/testing/postgresql-database'

const { onPostgresql, url } = usePostgresql('the models')

onPostgresql('the migrations make every table, and are recorded', async () => {
  const names = await query<{ name: string }>(`SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'`)
  expect(names.map(({ name }) => name)).toEqual(expect.arrayContaining(['Account', 'IamUser', 'KmsKey', 'Repository', 'TrailEvent', '_prisma_migrations']))
  const history = await query('SELECT migration_name, applied_steps_count, finished_at IS NOT NULL AS finished FROM _prisma_migrations ORDER BY migration_name')
  expect(history).toEqual(migrations().map((migration_name) => ({ migration_name, applied_steps_count: 1, finished: true })))
  expect(await migratePostgresql(url())).toEqual([])
})

onPostgresql('rows are written, read and refused through the same client as on SQLite', async () => {
  const creationDate = new Date()
  const key = { id: 'k', accountId: '1', region: 'us-east-2', arn: 'arn', keyManager: 'AWS', managedAlias: 'alias/aws/codecommit', keyState: 'Enabled', policy: '{}', creationDate, currentKeyMaterialId: 'm' }
  await db().kmsKey.create({ data: { ...key, materials: { create: { id: 'm', rotation: 0, wrapped: new Uint8Array([1, 2, 255]), createdAt: creationDate } } } })
  const refusal: unknown = await db().kmsKey.create({ data: { ...key, id: 'k2', arn: 'arn2' } }).catch((error: unknown) => error)
  expect(isUniqueViolation(refusal)).toBe(true)
  const found = await db().kmsKey.findUniqueOrThrow({ where: { id: 'k' }, include: { materials: true } })
  expect(found.creationDate).toEqual(creationDate)
  expect([...(found.materials[0]?.wrapped ?? [])]).toEqual([1, 2, 255])
  await expect(
    transaction(async (tx) => {
      await tx.kmsKey.update({ where: { id: 'k' }, data: { description: 'changed' } })
      throw new Error('rolled back')
    }),
  ).rejects.toThrow('rolled back')
  expect((await db().kmsKey.findUniqueOrThrow({ where: { id: 'k' } })).description).toBe('')
  await db().kmsKey.delete({ where: { id: 'k' } })
  expect(await db().kmsKeyMaterial.count()).toBe(0)
})

onPostgresql('events are recorded and found, whatever characters they hold', async () => {
  const keyArn = 'arn:aws:kms:us-east-2:111122223333:key/1'
  const resources = [{ type: 'AWS::KMS::Key', arn: keyArn }, { type: 'AWS::KMS::Key', arn: `${keyArn}2` }]
  const context = rootContext({ userAgent: 'zero \0 and lone \ud800' })
  const entry = { context, eventSource: 'kms.amazonaws.com', eventName: 'ReEncrypt', readOnly: true, requestParameters: null, responseElements: null, resources }
  await Promise.all(Array.from({ length: 700 }, () => recordEvent(entry)))
  for (const [AttributeKey, AttributeValue] of [['ResourceName', keyArn], ['ResourceType', 'AWS::KMS::Key'], ['EventName', 'ReEncrypt'], ['ReadOnly', 'true']]) {
    const ids = new Set<string>()
    let NextToken: string | undefined
    for (let page = 0; page < 14; page++) {
      const answer = await invoke(LookupEvents, rootContext(), { LookupAttributes: [{ AttributeKey, AttributeValue }], EndTime: context.time, ...(NextToken !== undefined && { NextToken }) })
      for (const event of answer.Events) ids.add(event.EventId)
      ;({ NextToken } = answer)
    }
    expect(ids.size).toBe(700)
  }
  const summarize = () => invoke(SummarizeEvents, rootContext(), { ResourceName: keyArn, Username: 'root', Outcome: 'Succeeded', EndTime: context.time })
  const Keys = [keyArn, `${keyArn}2`].map((Value) => ({ Value, Count: 700 }))
  const expected = { Count: 700, EventNames: [{ Value: 'ReEncrypt', Count: 700 }], Usernames: [{ Value: 'root', Count: 700 }], ErrorCodes: [], Keys }
  expect(await summarize()).toMatchObject(expected)
  // The same from what is kept of each hour, and of the day.
  await tallyEvents(Date.now() + 2 * 24 * 3600 * 1000, 0)
  expect(new Set((await db().trailTally.findMany()).map(({ length }) => length / 3_600_000))).toEqual(new Set([1, 6, 24]))
  expect(await summarize()).toMatchObject(expected)
  expect(await invoke(SummarizeEvents, rootContext(), { ResourceName: keyArn, EventName: 'ReEncrypt', BucketSeconds: 86_400 })).toMatchObject({ Count: 700, Buckets: [{ Succeeded: 700 }] })
  await recordEvent(entry)
  await tallyEvents(Date.now() + 2 * 24 * 3600 * 1000, 0)
  expect((await summarize()).Count).toBe(701)
  const { Events } = await invoke(SearchEvents, rootContext(), { ResourceType: 'AWS::KMS::Key', Outcome: 'Failed' })
  expect(Events).toEqual([])
})

onPostgresql('a migration that fails leaves nothing behind, and an edited one is refused', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'codekeep-postgresql-migrations-'))
  cpSync(migrationsFolder('postgresql'), folder, { recursive: true })
  mkdirSync(join(folder, '30000101000000_half'))
  writeFileSync(join(folder, '30000101000000_half/migration.sql'), 'CREATE TABLE "Half" ("id" INTEGER); CREATE TABLE nonsense nonsense;')
  await expect(migratePostgresql(url(), folder)).rejects.toThrow(/^migration 30000101000000_half cannot be applied: syntax error/)
  expect(await query(`SELECT 1 FROM information_schema.tables WHERE table_name = 'Half'`)).toEqual([])

  const init = join(folder, '20261122000000_init/migration.sql')
  writeFileSync(init, `${readFileSync(init, 'utf8')}\n-- innocent`)
  await expect(migratePostgresql(url(), folder)).rejects.toThrow('migration 20261122000000_init was edited after it was applied')
  rmSync(folder, { recursive: true })
})

onPostgresql('processes that start at once migrate one after the other', async () => {
  await query('CREATE DATABASE together')
  const together = url().replace(/postgres$/, 'together')
  const applied = await Promise.all(Array.from({ length: 5 }, () => migratePostgresql(together)))
  expect(applied.map((names) => names.length).sort()).toEqual([0, 0, 0, 0, migrations().length])
})

test('a server that cannot be reached is told as a setting that is wrong, without its password', async () => {
  await expect(migratePostgresql('postgresql://codekeep:hunter2@127.0.0.1:1/codekeep')).rejects.toThrow(
    new ConfigError('CODEKEEP_DATABASE_URL: the database cannot be opened (connect ECONNREFUSED 127.0.0.1:1)'),
  )
})

/** Names of the migrations that there are, in order. */
function migrations(): string[] {
  return readdirSync(migrationsFolder('postgresql')).filter((name) => !name.endsWith('.toml')).sort()
}

async function query<Row extends object>(sql: string): Promise<Row[]> {
  const client = new Client({ connectionString: url() })
  await client.connect()
  try {
    return (await client.query<Row>(sql)).rows
  } finally {
    await client.end()
  }
}

import { linkSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { LookupEvents } from '#lib/cloudtrail/api'
import { findEvents } from '#lib/cloudtrail/find-events'
import { SearchEvents } from '#lib/cloudtrail/history'
import { parseConfig, useConfig } from '#lib/config'
import { closeDatabase, databaseFile, openDatabase } from '#lib/database/open'
import { invoke } from '#lib/invoke'
import { rootContext } from '#lib/testing/context'
import { migrateSqlite } from '#lib/database/migrate'
import { fillEvents } from './fill-events.ts'
import type { Row } from './row.ts'

/**
 * A page of events among many: p95 of the operation, policy and its own durable event included, over every kind of lookup and
 * over places near and far back. `CODEKEEP_BENCH_EVENTS` sets how many (default a million; the design asks for ten, which
 * take some minutes to make), `CODEKEEP_BENCH_EVENTS_FILE` names a file that {@link fillEvents} made before
 * (the lookups are recorded in it, too).
 */
export async function eventRows(): Promise<Row[]> {
  const events = Number(process.env['CODEKEEP_BENCH_EVENTS'] ?? 1_000_000)
  const made = process.env['CODEKEEP_BENCH_EVENTS_FILE']
  const dataDir = mkdtempSync(join(made === undefined ? tmpdir() : dirname(made), 'codekeep-bench-events-'))
  try {
    const file = databaseFile(dataDir)
    if (made === undefined) {
      migrateSqlite(file)
      fillEvents(file, events)
    } else linkSync(made, file)
    const config = parseConfig({ CODEKEEP_DATA_DIR: dataDir, CODEKEEP_ACCOUNT_ID: '111122223333', CODEKEEP_ROOT_KEY: 'env:key', key: '07'.repeat(32) })
    useConfig(config)
    await openDatabase(config)
    // The first round brings the upper pages of every index into memory, where those of a server in use are.
    await pages()
    const times = await pages()
    await closeDatabase()
    const p95 = times[Math.floor(times.length * 0.95)] ?? Number.NaN
    const p50 = times[Math.floor(times.length * 0.5)] ?? Number.NaN
    return [{ name: 'Page of events', codekeep: `p95 ${p95.toFixed(1)} ms, p50 ${p50.toFixed(1)} ms`, peer: '-', peerName: made ?? `${events.toLocaleString('en-US')} events`, ratio: '-', allowed: 'p95 50 ms' }]
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
}

/** Milliseconds of each page, ascending. */
async function pages(): Promise<number[]> {
  const context = () => rootContext({ secureTransport: true })
  const key = 'arn:aws:kms:us-east-2:111122223333:key/7'
  const repository = '00000000-0000-4000-8000-000000000042'
  const lookups: [key: string, value: string][] = [
    ['EventName', 'GitPush'],
    ['ReadOnly', 'false'],
    ['Username', 'user7'],
    ['ResourceType', 'AWS::KMS::Key'],
    ['ResourceName', key],
    ['EventSource', 'kms.amazonaws.com'],
    ['AccessKeyId', 'AKIA0000000000000007'],
    ['EventName', 'NeverHappened'],
  ]
  const searches = [{ RepositoryId: repository }, { RepositoryId: repository, EventName: 'GitPush' }, { ResourceName: key, Username: 'user7' }, { Outcome: 'AccessDenied' }]
  const times: number[] = []
  for (let round = 0; round < 10; round++) {
    const days = round * 8
    const EndTime = new Date(Date.now() - days * 24 * 3600 * 1000)
    for (const [AttributeKey, AttributeValue] of lookups) {
      times.push(await milliseconds(() => invoke(LookupEvents, context(), { LookupAttributes: [{ AttributeKey, AttributeValue }], EndTime })))
    }
    for (const conditions of searches) times.push(await milliseconds(() => invoke(SearchEvents, context(), { ...conditions, EndTime })))
    times.push(await milliseconds(() => invoke(LookupEvents, context(), { EndTime })))
    // The page after a place far back, as a NextToken says it.
    const everything = { region: 'us-east-2', from: 0, to: 8.64e15 }
    for (const filter of [{}, { eventSource: 'kms.amazonaws.com' }, { resourceType: 'AWS::KMS::Key' }]) {
      times.push(await milliseconds(() => findEvents({ ...everything, ...filter }, 50, [EndTime.getTime(), Number.MAX_SAFE_INTEGER])))
    }
  }
  return times.sort((one, other) => one - other)
}

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now()
  await work()
  return performance.now() - begin
}

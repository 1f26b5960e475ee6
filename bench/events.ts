import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LookupEvents } from '#lib/cloudtrail/api'
import { findEvents, lastSequence } from '#lib/cloudtrail/find-events'
import { SearchEvents, SummarizeEvents } from '#lib/cloudtrail/history'
import { tallyEvents } from '#lib/cloudtrail/kept-tallies'
import { parseConfig, useConfig } from '#lib/config'
import { closeDatabase, databaseFile, openDatabase } from '#lib/database/open'
import { db } from '#lib/db'
import { invoke } from '#lib/invoke'
import { rootContext } from '#lib/testing/context'
import { migrateSqlite } from '#lib/database/migrate'
import { fillEvents } from './fill-events.ts'
import { milliseconds, pagesRow, type Row } from './row.ts'

/**
 * A page of events among many: p95 of the operation, policy and its own durable event included, over every kind of lookup and
 * over places near and far back. `CODEKEEP_BENCH_EVENTS` sets how many (default a million; the design asks for ten, which
 * take some minutes to make), `CODEKEEP_BENCH_DATA_DIR` names a data folder that npm run seed:large made before
 * (the lookups are recorded in it, too).
 */
export async function eventRows(): Promise<Row[]> {
  const given = process.env['CODEKEEP_BENCH_DATA_DIR']
  const dataDir = given ?? mkdtempSync(join(tmpdir(), 'codekeep-bench-events-'))
  try {
    if (given === undefined) {
      migrateSqlite(databaseFile(dataDir))
      fillEvents(databaseFile(dataDir), Number(process.env['CODEKEEP_BENCH_EVENTS'] ?? 1_000_000))
    }
    const config = parseConfig({ CODEKEEP_DATA_DIR: dataDir, CODEKEEP_ACCOUNT_ID: '111122223333' })
    useConfig(config)
    await openDatabase(config)
    try {
      const targets = await targetsOf()
      const count = `${(await lastSequence()).toLocaleString('en-US')} events`
      const begin = performance.now()
      await tallyEvents(Date.now(), 0)
      console.error(`events counted for the charts in ${((performance.now() - begin) / 1000).toFixed(1)} s`)
      // The first round brings the upper pages of every index into memory, where those of a server in use are.
      await pages(targets)
      await summaries(targets)
      return [pagesRow('Page of events', count, await pages(targets)), pagesRow('Histogram and facets of events', count, await summaries(targets))]
    } finally {
      await closeDatabase()
    }
  } finally {
    if (given === undefined) rmSync(dataDir, { recursive: true, force: true })
  }
}

/** A key and a repository that many events are about, as {@link fillEvents} chose them. */
type Targets = Readonly<{ key: string; repository: string }>

async function targetsOf(): Promise<Targets> {
  const [key] = await db().kmsKey.findMany({ orderBy: { id: 'asc' }, skip: 7, take: 1, select: { arn: true } })
  const [repository] = await db().repository.findMany({ orderBy: { id: 'asc' }, skip: 42, take: 1, select: { id: true } })
  return { key: key?.arn ?? 'arn:aws:kms:us-east-2:111122223333:key/7', repository: repository?.id ?? '00000000-0000-4000-8000-000000000042' }
}

/** What the event history draws beside a page: of everything and of some conditions, over all times and over less. */
async function summaries({ key, repository }: Targets): Promise<number[]> {
  const times: number[] = []
  const conditions = [{}, { Username: 'user7' }, { EventName: 'Decrypt' }, { ReadOnly: false }, { RepositoryId: repository }, { ResourceName: key }, { Outcome: 'AccessDenied' }, { Username: 'user7', EventName: 'GitPush', RepositoryId: repository }]
  for (const condition of conditions) {
    for (const days of [90, 30, 7, 1, 0.1]) {
      for (const daysAgo of [0, 9]) {
        const EndTime = new Date(Date.now() - daysAgo * day)
        const StartTime = new Date(EndTime.getTime() - days * day)
        const range = days === 90 ? {} : { StartTime, EndTime }
        times.push(await milliseconds(() => invoke(SummarizeEvents, rootContext({ secureTransport: true }), { ...condition, ...range })))
      }
    }
  }
  return times.sort((one, other) => one - other)
}

const day = 24 * 3600 * 1000

/** Milliseconds of each page, ascending. */
async function pages({ key, repository }: Targets): Promise<number[]> {
  const context = () => rootContext({ secureTransport: true })
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

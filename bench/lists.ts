import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ListRepositories, LookupRepository } from '#lib/codecommit/repository-lists'
import { SearchRepositories } from '#lib/codecommit/search-repositories'
import { parseConfig, useConfig } from '#lib/config'
import { closeDatabase, openDatabase } from '#lib/database/open'
import { db } from '#lib/db'
import { invoke } from '#lib/invoke'
import { ListAliases, ListKeys } from '#lib/kms/api'
import { SearchKeys } from '#lib/kms/api/search-keys'
import { rootContext } from '#lib/testing/context'
import { milliseconds, pagesRow, type Row } from './row.ts'

/**
 * Pages of keys and of repositories among many: p95 of the operation, policy and its own durable event included. In the data
 * folder that `CODEKEEP_BENCH_DATA_DIR` names (npm run seed:large made it; the pages are recorded in it, too), else in one that is
 * made for it, of 100,000 keys and 1,000 repositories.
 */
export async function listRows(): Promise<Row[]> {
  const given = process.env['CODEKEEP_BENCH_DATA_DIR']
  const dataDir = given ?? mkdtempSync(join(tmpdir(), 'codekeep-bench-lists-'))
  try {
    if (given === undefined) {
      execFileSync(process.execPath, ['--import', 'tsx', 'prisma/seed-large.ts', '--keys', '100000', '--repositories', '1000', '--events', '0'], {
        stdio: 'inherit',
        env: { ...process.env, CODEKEEP_DATA_DIR: dataDir, CODEKEEP_ACCOUNT_ID: '111122223333' },
      })
    }
    const config = parseConfig({ CODEKEEP_DATA_DIR: dataDir, CODEKEEP_ACCOUNT_ID: '111122223333' })
    useConfig(config)
    await openDatabase(config)
    try {
      const [keys, repositories] = [await db().kmsKey.count(), await db().repository.count()]
      // The first round brings the upper pages of every index into memory, where those of a server in use are.
      for (const pages of [keyPages, repositoryPages]) await pages()
      return [pagesRow('Page of keys', `${keys.toLocaleString('en-US')} keys`, await keyPages()), pagesRow('Page of repositories', `${repositories.toLocaleString('en-US')} repositories`, await repositoryPages())]
    } finally {
      await closeDatabase()
    }
  } finally {
    if (given === undefined) rmSync(dataDir, { recursive: true, force: true })
  }
}

const rounds = 10

/** Milliseconds of each page, from ten places of every list, ascending. */
async function keyPages(): Promise<number[]> {
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    const [key] = await db().kmsKey.findMany({ skip: round * Math.floor((await db().kmsKey.count()) / rounds), take: 1, orderBy: { id: 'asc' }, include: { aliases: true } })
    const list = [
      () => invoke(ListKeys, context(), {}),
      () => invoke(ListAliases, context(), {}),
      () => invoke(ListAliases, context(), { KeyId: key?.id }),
      () => invoke(SearchKeys, context(), {}),
      () => invoke(SearchKeys, context(), { KeyManager: 'CUSTOMER', Sort: 'Alias' }),
      () => invoke(SearchKeys, context(), { KeyManager: 'CUSTOMER', Sort: 'KeyId', KeyState: 'Disabled' }),
      () => invoke(SearchKeys, context(), { KeyManager: 'CUSTOMER', KeyState: 'PendingDeletion' }),
      () => invoke(SearchKeys, context(), { Text: key?.id.slice(0, 8) }),
      () => invoke(SearchKeys, context(), { Text: key?.aliases[0]?.name.slice('alias/'.length) }),
    ]
    for (const page of list) times.push(await milliseconds(page))
    // Far from the beginning: the tenth page, as its marker says it.
    let Marker: string | undefined
    for (let n = 0; n < 10; n++) {
      times.push(await milliseconds(async () => ({ NextMarker: Marker } = await invoke(ListKeys, context(), { Limit: 1000, ...(Marker !== undefined && { Marker }) }))))
    }
  }
  return times.sort((one, other) => one - other)
}

async function repositoryPages(): Promise<number[]> {
  const times: number[] = []
  const count = await db().repository.count()
  for (let round = 0; round < rounds; round++) {
    const [repository] = await db().repository.findMany({ skip: round * Math.floor(count / rounds), take: 1, orderBy: { name: 'asc' } })
    const { id = '', name = '' } = repository ?? {}
    const list = [
      ...['repositoryName', 'lastModifiedDate'].flatMap((sortBy) => ['ascending', 'descending'].map((order) => () => invoke(ListRepositories, context(), { sortBy, order }))),
      () => invoke(SearchRepositories, context(), {}),
      () => invoke(SearchRepositories, context(), { nameContains: name.slice(2, 8) }),
      () => invoke(SearchRepositories, context(), { nameContains: 'never-there' }),
      ...[id, name, `arn:aws:codecommit:us-east-2:111122223333:${name}`].map((text) => () => invoke(LookupRepository, context(), { text })),
    ]
    for (const page of list) times.push(await milliseconds(page))
  }
  return times.sort((one, other) => one - other)
}

function context() {
  return rootContext({ secureTransport: true })
}

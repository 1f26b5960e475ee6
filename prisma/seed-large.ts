// npm run seed:large: an account of the size that lists are measured at, for trying out and for npm run bench. The server must not run.
import { randomUUID } from 'node:crypto'
import { parseArgs } from 'node:util'
import { accountId } from '#lib/account'
import { CreateRepository } from '#lib/codecommit/repositories'
import { config } from '#lib/config'
import { lockDataDir, unlockDataDir } from '#lib/database/data-lock'
import { closeDatabase, databaseFile, openDatabase } from '#lib/database/open'
import { sqlite, storedDate } from '#lib/db'
import { invoke } from '#lib/invoke'
import { keyArn } from '#lib/kms/key-id'
import { createKeyMaterial } from '#lib/kms/key-material'
import { defaultKeyPolicy } from '#lib/kms/key-policy'
import type { RequestContext } from '#lib/operation/context'
import { fillEvents } from '../bench/fill-events.ts'

const usage = 'npm run seed:large -- [--keys 100000] [--repositories 10000] [--events 10000000] [--region us-east-2]'

/** What is made, beside what is there: every row is one that the program itself could have written. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      keys: { type: 'string', default: '100000' },
      repositories: { type: 'string', default: '10000' },
      events: { type: 'string', default: '10000000' },
      region: { type: 'string', default: 'us-east-2' },
    },
  })
  const [keys, repositories, events] = [values.keys, values.repositories, values.events].map(Number)
  if (![keys, repositories, events].every((count) => Number.isSafeInteger(count) && Number(count) >= 0)) throw new Error(usage)
  const { region } = values
  await openDatabase(config())
  const account = accountId()
  try {
    await timed(`${keys} keys with an alias each`, () => seedKeys({ accountId: account, region }, keys ?? 0))
    await timed(`${repositories} repositories`, () => seedRepositories({ accountId: account, region }, repositories ?? 0))
  } finally {
    await closeDatabase()
  }
  // The database is closed: the fill is not safe beside another connection.
  const { dataDir } = config()
  lockDataDir(dataDir)
  try {
    await timed(`${events} events`, () => fillEvents(databaseFile(dataDir), events ?? 0))
  } finally {
    unlockDataDir(dataDir)
  }
}

type Place = Readonly<{ accountId: string; region: string }>

/** Enabled, disabled and pending keys with their own wrapped key material, made over the last two years. */
async function seedKeys(place: Place, count: number): Promise<void> {
  const embedded = sqlite()
  if (!embedded) throw new Error('npm run seed:large fills the embedded database, not PostgreSQL')
  const policy = defaultKeyPolicy(place.accountId)
  const now = Date.now()
  for (let first = 0; first < count; first += rowsAtOnce) {
    await embedded.transact(['KmsKey', 'KmsKeyMaterial', 'KmsAlias'], (connection) => {
      const insert = (table: string, columns: string) =>
        connection.prepare(`INSERT INTO "${table}" (${columns}) VALUES (${columns.replace(/\w+/g, '@$&')})`)
      const key = insert('KmsKey', 'id, accountId, region, arn, keyManager, description, policy, creationDate, keyState, deletionDate, currentKeyMaterialId')
      const material = insert('KmsKeyMaterial', 'id, keyId, rotation, wrapped, createdAt')
      const alias = insert('KmsAlias', 'accountId, region, name, targetKeyId, creationDate, lastUpdatedDate')
      for (let n = first; n < Math.min(count, first + rowsAtOnce); n++) {
        const id = randomUUID()
        const arn = keyArn(place, id)
        const creationDate = storedDate(new Date(now - (2 * 365 * day * (count - n)) / count))
        const made = createKeyMaterial({ keyArn: arn, rotation: 0 })
        const keyState = n % 50 === 7 ? 'PendingDeletion' : n % 20 === 3 ? 'Disabled' : 'Enabled'
        const deletionDate = keyState === 'PendingDeletion' ? storedDate(new Date(now + 30 * day)) : null
        key.run({ ...place, id, arn, keyManager: 'CUSTOMER', description: `Seeded key ${n}`, policy, creationDate, keyState, deletionDate, currentKeyMaterialId: made.id })
        material.run({ ...made, keyId: id, rotation: 0, createdAt: creationDate })
        alias.run({ ...place, name: `alias/seeded/${id.slice(0, 8)}-${n}`, targetKeyId: id, creationDate, lastUpdatedDate: creationDate })
      }
    })
  }
}

const day = 86_400_000

/** By CreateRepository itself: each has its data key, its sealed description and its events. */
async function seedRepositories(place: Place, count: number): Promise<void> {
  const names = Array.from({ length: count }, (_, n) => `${words[n % words.length] ?? ''}-${randomUUID().slice(0, 8)}`).values()
  await Promise.all(
    Array.from({ length: createdAtOnce }, async () => {
      for (const repositoryName of names) {
        await invoke(CreateRepository, rootContext(place), { repositoryName, repositoryDescription: `Seeded: ${repositoryName}` })
      }
    }),
  )
}

function rootContext({ accountId, region }: Place): RequestContext {
  return {
    principal: { type: 'Root', accountId, arn: `arn:aws:iam::${accountId}:root`, principalId: accountId },
    region,
    accountId,
    requestId: randomUUID(),
    sourceIPAddress: '127.0.0.1',
    userAgent: 'codekeep seed',
    time: new Date(),
    secureTransport: true,
    calledVia: [],
  }
}

async function timed(what: string, work: () => Promise<void> | void): Promise<void> {
  const begin = performance.now()
  await work()
  console.log(`${what}: ${((performance.now() - begin) / 1000).toFixed(1)} s`)
}

const rowsAtOnce = 2000
const createdAtOnce = 32
const words = ['api', 'billing', 'console', 'docs', 'engine', 'forms', 'gateway', 'infra', 'journal', 'keys', 'ledger', 'mobile']

await main()

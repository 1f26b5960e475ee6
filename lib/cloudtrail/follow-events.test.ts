import { afterAll, beforeAll, expect, test } from 'vitest'
import { FollowEvents } from '#lib/cloudtrail/follow-events'
import { recordEvent } from '#lib/cloudtrail/record'
import { db } from '#lib/db'
import { invoke } from '#lib/invoke'
import { rootContext, userContext } from '#lib/testing/context'
import { testDatabase, type TestDatabase } from '#lib/testing/database'
import { trailTable } from '#lib/testing/event-disk'

let database: TestDatabase
const alice = { id: 'AIDACKCEVSQ6C2EXAMPLE', name: 'alice', arn: 'arn:aws:iam::111122223333:user/alice' }

beforeAll(async () => {
  database = await testDatabase()
  await db().iamUser.create({ data: { ...alice, nameLower: 'alice', createDate: new Date() } })
})

afterAll(() => database[Symbol.asyncDispose]())

test('what is recorded from now on and meets the conditions, in the order of recording, once', async () => {
  await record('Before', 'DisabledException')
  const { batches } = await invoke(FollowEvents, rootContext(), { Outcome: 'Failed' })
  const seen: string[] = []
  // A code of an error that nobody had seen when it began.
  const names = ['First', 'Fine', 'Second', 'Elsewhere', 'Third']
  for await (const batch of batches) {
    seen.push(...batch.map((text) => (JSON.parse(text) as { eventName: string }).eventName))
    if (seen.length >= 3) break
    const name = names.shift()
    if (name !== undefined) await record(name, name === 'Fine' ? undefined : `${name}Exception`, name === 'Elsewhere' ? 'eu-west-1' : 'us-east-2')
  }
  expect(seen).toEqual(['First', 'Second', 'Third'])
}, 30_000)

test('it needs cloudtrail:LookupEvents, and is recorded as that once', async () => {
  await expect(invoke(FollowEvents, userContext(alice), {})).rejects.toMatchObject({ name: 'AccessDeniedException' })
  const recorded = async () => (await trailTable()).count({ where: { eventName: 'LookupEvents', username: 'root' } })
  const before = await recorded()
  const { batches } = await invoke(FollowEvents, rootContext(), {})
  let turns = 0
  for await (const _batch of batches) if (++turns === 2) break
  expect(await recorded()).toBe(before + 1)
})

async function record(eventName: string, errorCode?: string, region = 'us-east-2'): Promise<void> {
  await recordEvent({
    context: rootContext({ region, time: new Date() }),
    eventName,
    eventSource: 'kms.amazonaws.com',
    readOnly: true,
    requestParameters: null,
    responseElements: null,
    resources: [],
    ...(errorCode !== undefined && { errorCode }),
  })
}

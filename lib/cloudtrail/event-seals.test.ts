import { afterAll, beforeAll, expect, test } from 'vitest'
import { sealEvents } from '#lib/cloudtrail/event-seals'
import { recordEvent } from '#lib/cloudtrail/record'
import { VerifyEvents } from '#lib/cloudtrail/verify-events'
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

test('what is sealed verifies, what came since is said to be unsealed, and each kind of alteration is found', async () => {
  await record(3)
  expect(await verify()).toMatchObject({ state: 'NotSealed', verified: 0 })
  await sealEvents(0)
  await record(2)
  await sealEvents(0)
  await record(1)
  const sealed = await db().trailSeal.findMany({ orderBy: { lastSequence: 'asc' } })
  expect(sealed.length).toBe(2)
  const fine = await verify()
  expect(fine.state).toBe('Verified')
  expect(fine.verified).toBe(sealed.reduce((sum, { count }) => sum + count, 0))
  expect(fine.notSealed).toBeGreaterThan(0)

  const [first] = await (await trailTable()).findMany({ where: { eventName: 'Decrypt' }, orderBy: { sequence: 'asc' } })
  if (!first) throw new Error('nothing was recorded')
  const where = { sequence: first.sequence }
  const alterations: readonly (readonly [attack: () => Promise<unknown>, undo: () => Promise<unknown>])[] = [
    [() => db().trailEvent.update({ where, data: { record: first.record.replace('alice', 'bob').replace('Root', 'None') } }), () => db().trailEvent.update({ where, data: { record: first.record } })],
    [() => db().trailEvent.update({ where, data: { username: 'somebody' } }), () => db().trailEvent.update({ where, data: { username: first.username } })],
    [() => db().trailEvent.update({ where, data: { at: first.at + 1n } }), () => db().trailEvent.update({ where, data: { at: first.at } })],
    [() => db().trailEvent.delete({ where }), () => db().trailEvent.create({ data: first })],
    [() => db().trailSeal.delete({ where: { lastSequence: sealed[0]?.lastSequence ?? 0 } }), () => db().trailSeal.create({ data: sealed[0] ?? fail() })],
  ]
  for (const [attack, undo] of alterations) {
    await attack()
    expect((await verify()).state).toBe('Altered')
    await undo()
    expect((await verify()).state).toBe('Verified')
  }
})

test('it needs cloudtrail:LookupEvents', async () => {
  await expect(invoke(VerifyEvents, userContext(alice), {})).rejects.toMatchObject({ name: 'AccessDeniedException' })
})

function verify() {
  return invoke(VerifyEvents, rootContext(), {})
}

function fail(): never {
  throw new Error('there is no first seal')
}

async function record(count: number): Promise<void> {
  for (let n = 0; n < count; n++) {
    await recordEvent({ context: rootContext(), eventName: 'Decrypt', eventSource: 'kms.amazonaws.com', readOnly: true, requestParameters: null, responseElements: null, resources: [] })
  }
}

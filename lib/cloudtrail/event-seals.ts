import { createHmac, timingSafeEqual } from 'node:crypto'
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises'
import { enterEvents } from '#lib/cloudtrail/journaled-events'
import { db } from '#lib/db'
import { deriveKey } from '#lib/crypto/derive'
import { rootKey } from '#lib/root-key'

/**
 * Seals what was recorded since the last seal: each seal is a keyed digest of some thousand events in the order of recording,
 * chained to the one before, as CloudTrail's digest files are (docs/formats.md section 10). To be run every few minutes.
 *
 * @param settle  milliseconds that a commit under way gets: of two databases one hands out a sequence before its row is seen
 */
export async function sealEvents(settle = 2000): Promise<void> {
  await enterEvents()
  const { _max } = await db().trailEvent.aggregate({ _max: { sequence: true } })
  const end = _max.sequence ?? 0
  let last = await lastSeal()
  if ((last?.lastSequence ?? 0) >= end) return
  await pause(settle, undefined, { ref: false })
  for (let seals = 0; seals < mostSealsOfRun; seals++) {
    const from = last?.lastSequence ?? 0
    const sequences = await db().trailEvent.findMany({ where: { sequence: { gt: from, lte: end } }, orderBy: { sequence: 'asc' }, take: eventsOfSeal, select: { sequence: true } })
    const to = sequences.at(-1)?.sequence
    if (to === undefined) return
    const { digest, firstAt, lastAt, count } = await digestOf({ firstSequence: from + 1, lastSequence: to }, last?.digest ?? '')
    last = await db().trailSeal.create({ data: { firstSequence: from + 1, lastSequence: to, firstAt, lastAt, count, digest } })
  }
}

/** What the seals of a period say. */
export type SealState = Readonly<{
  state: 'Verified' | 'Altered' | 'NotSealed'
  /** Events that were read again and stand as they were sealed. */
  verified: number
  /** Events of any time that no seal covers yet. */
  notSealed: number
  /** Stretches of time whose seal does not fit what is stored, milliseconds since the epoch. */
  altered: readonly (readonly [from: number, to: number])[]
  /** Where there were too many to read at once: how far back it went, milliseconds since the epoch. */
  back?: number
}>

/**
 * Reads the events of a period again, in all Regions, with those that share a seal with them, and compares each seal. It
 * shows what was changed, added or taken away in the database by whoever has not the root key; the newest events, which
 * no seal covers yet, excepted.
 */
export async function verifySeals(from: number, to: number): Promise<SealState> {
  await enterEvents()
  const seals = await db().trailSeal.findMany({ where: { lastAt: { gte: BigInt(from) }, firstAt: { lt: BigInt(Math.min(to, farthest)) } }, orderBy: { lastSequence: 'desc' }, take: mostSealsVerified + 1 })
  const altered: [number, number][] = []
  let verified = 0
  for (const seal of seals.slice(0, mostSealsVerified)) {
    const before = seal.firstSequence === 1 ? null : await db().trailSeal.findUnique({ where: { lastSequence: seal.firstSequence - 1 } })
    const { digest, count } = await digestOf(seal, before?.digest ?? '')
    const whole = (before !== null || seal.firstSequence === 1) && isEqual(digest, seal.digest)
    if (whole) verified += count
    else altered.push([Number(seal.firstAt), Number(seal.lastAt)])
  }
  const last = await lastSeal()
  const notSealed = await db().trailEvent.count({ where: { sequence: { gt: last?.lastSequence ?? 0 } } })
  const oldest = seals.length > mostSealsVerified ? seals[mostSealsVerified - 1] : undefined
  return {
    state: altered.length > 0 ? 'Altered' : verified > 0 ? 'Verified' : 'NotSealed',
    verified,
    notSealed,
    altered,
    ...(oldest && { back: Number(oldest.firstAt) }),
  }
}

async function lastSeal() {
  return db().trailSeal.findFirst({ orderBy: { lastSequence: 'desc' } })
}

/** The digest that the stored events of some sequences have, after the seal before them. */
async function digestOf({ firstSequence, lastSequence }: Readonly<{ firstSequence: number; lastSequence: number }>, previous: string) {
  const hmac = createHmac('sha256', deriveKey(rootKey(), 'codekeep event seal', new Uint8Array(0)))
  hmac.update(frame([previous, firstSequence, lastSequence]))
  let [count, firstAt, lastAt] = [0, BigInt(farthest), 0n]
  for (let after = firstSequence - 1; ; ) {
    const rows = await db().trailEvent.findMany({ where: { sequence: { gt: after, lte: lastSequence } }, orderBy: { sequence: 'asc' }, take: rowsOfPage })
    for (const row of rows) {
      const { sequence, eventId, at, region, eventName, eventSource, username, readOnly, accessKeyId, errorCode, repositoryId, record } = row
      hmac.update(frame([sequence, eventId, at.toString(), region, eventName, eventSource, username, readOnly, accessKeyId, errorCode, repositoryId, record]))
      count++
      if (at < firstAt) firstAt = at
      if (at > lastAt) lastAt = at
      after = sequence
    }
    if (rows.length < rowsOfPage) return { digest: hmac.digest('hex'), count, firstAt, lastAt }
    // The embedded database answers within this process: others get their turn.
    await nextTurn()
  }
}

/** Values as JSON behind the length of it, so that none runs into the next. */
function frame(values: readonly (string | number | boolean)[]): Buffer {
  const text = Buffer.from(JSON.stringify(values))
  const length = Buffer.alloc(4)
  length.writeUInt32BE(text.length)
  return Buffer.concat([length, text])
}

function isEqual(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other))
}

const eventsOfSeal = 5000
const mostSealsOfRun = 20
const mostSealsVerified = 10
const rowsOfPage = 500
/** The latest time that JavaScript has. */
const farthest = 8.64e15

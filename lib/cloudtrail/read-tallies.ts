import { Prisma } from '#prisma/sqlite/generated/client.ts'
import { hour } from '#lib/cloudtrail/open-tallies'
import { attributes, decodeTally, type Tally } from '#lib/cloudtrail/tally'
import { beforeClosing, db } from '#lib/db'
import { remember } from '#lib/remember'

/** A tally that is kept: it never changes, another takes its place. Times in milliseconds. */
export type Stretch = Readonly<{ start: number; length: number; upTo: number; combinations: number }>

/**
 * The fewest tallies that cover a range: the longest first, and shorter ones for what these leave. Those of an hour may reach
 * beyond its ends. Where there is none, there was no event.
 *
 * @param of  `lengths` that may be used, ascending
 */
export async function talliesWithin(region: string, range: Readonly<{ from: number; to: number; upTo: number }>, of: readonly number[]): Promise<Stretch[]> {
  const found: Stretch[] = []
  let gaps: (readonly [from: number, to: number])[] = [[range.from, range.to]]
  for (const length of of.toReversed()) {
    if (gaps.length === 0) break
    const parts = gaps.map(([from, to]) =>
      length === hour
        ? Prisma.sql`("start" > ${BigInt(from - hour)} AND "start" < ${BigInt(to)})`
        : Prisma.sql`("start" >= ${BigInt(from)} AND "start" <= ${BigInt(to - length)})`,
    )
    const rows = await db().$queryRaw<{ start: bigint; upTo: number; combinations: number }[]>`
      SELECT "start", "upTo", "combinations" FROM "TrailTally"
      WHERE "region" = ${region} AND "length" = ${length} AND "upTo" <= ${range.upTo} AND (${Prisma.join(parts, ' OR ')}) ORDER BY "start"`
    const these = rows.map((row) => ({ ...row, start: Number(row.start), length }))
    found.push(...these)
    gaps = gaps.flatMap((gap) => without(gap, these))
  }
  return found
}

/** What stretches, ascending, leave of a gap. */
function without([from, to]: readonly [number, number], stretches: readonly Stretch[]): (readonly [number, number])[] {
  const left: (readonly [number, number])[] = []
  let begin = from
  for (const { start, length } of stretches) {
    if (start < begin || start >= to) continue
    if (start > begin) left.push([begin, start])
    begin = start + length
  }
  if (begin < to) left.push([begin, to])
  return left
}

/**
 * A tally whose values have the places that {@link ReadTallies.known} gives them, so that sums over many need no look-up by text; and
 * what was summed up of all of it.
 */
export type ReadTally = Tally & Readonly<{ places: readonly Uint32Array[]; totals: Map<string, Uint32Array> }>

/** Tallies in memory, and every value that they have: by attribute, in the order of a tally's columns. */
export type ReadTallies = { known: readonly Readonly<{ places: Map<string, number>; values: string[] }>[]; values: number; tallies: Map<string, ReadTally>; combinations: number }

/** What is in memory. For one count, hold on to the same: another begins with nothing known where there were too many values. */
export function tallyMemory(): ReadTallies {
  const memory = remember<{ current: ReadTallies }>('cloudtrail.tallies', () => {
    beforeClosing('cloudtrail.tallies', () => Promise.resolve())
    return { current: emptyMemory() }
  })
  if (memory.current.values > mostValues) memory.current = emptyMemory()
  return memory.current
}

/** The tallies of some stretches, from memory as far as they are there; undefined where one is no more. */
export async function readTallies(memory: ReadTallies, region: string, stretches: readonly Stretch[]): Promise<ReadonlyMap<object, ReadTally> | undefined> {
  const missing = stretches.filter((stretch) => !memory.tallies.has(nameOf(region, stretch)))
  const read = new Map<string, ReadTally>()
  if (missing.length > 0) {
    const which = missing.map(({ start, length, upTo }) => Prisma.sql`("length" = ${length} AND "start" = ${BigInt(start)} AND "upTo" = ${upTo})`)
    const rows = await db().$queryRaw<{ start: bigint; length: number; upTo: number; tally: Uint8Array }[]>`
      SELECT "start", "length", "upTo", "tally" FROM "TrailTally" WHERE "region" = ${region} AND (${Prisma.join(which, ' OR ')})`
    for (const { start, length, upTo, tally } of rows) read.set(nameOf(region, { start: Number(start), length, upTo }), placed(memory, decodeTally(tally)))
  }
  const found = new Map<object, ReadTally>()
  for (const stretch of stretches) {
    const name = nameOf(region, stretch)
    const tally = memory.tallies.get(name) ?? read.get(name)
    if (!tally) return undefined
    found.set(stretch, tally)
    keepInMemory(memory, name, tally)
  }
  return found
}

/** A tally with the places of its values. */
export function placed(memory: ReadTallies, tally: Tally): ReadTally {
  const places = tally.columns.map(({ values }, column) => {
    const known = memory.known[column]
    return Uint32Array.from(values, (value) => {
      const place = known?.places.get(value) ?? known?.values.length ?? 0
      if (place === known?.values.length) {
        known.places.set(value, place)
        known.values.push(value)
        memory.values++
      }
      return place
    })
  })
  return { ...tally, places, totals: new Map() }
}

/** Used last, forgotten last. */
function keepInMemory(memory: ReadTallies, name: string, tally: ReadTally): void {
  if (!memory.tallies.delete(name)) memory.combinations += tally.counts.length
  memory.tallies.set(name, tally)
  for (const [oldest, { counts }] of memory.tallies) {
    if (memory.combinations <= mostInMemory || oldest === name) break
    memory.tallies.delete(oldest)
    memory.combinations -= counts.length
  }
}

function emptyMemory(): ReadTallies {
  return { known: attributes.map(() => ({ places: new Map<string, number>(), values: [] })), values: 0, tallies: new Map(), combinations: 0 }
}

function nameOf(region: string, { start, length, upTo }: Omit<Stretch, 'combinations'>): string {
  return `${region} ${length} ${start} ${upTo}`
}

/** Combinations, of some 16 bytes: 96 MB. Ninety days of an installation of ten million events are a third of it. */
const mostInMemory = 6_000_000
const mostValues = 300_000

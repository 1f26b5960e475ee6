import type { EventCount } from '#lib/cloudtrail/count-events'
import type { EventFilter } from '#lib/cloudtrail/find-events'
import { hour, minute } from '#lib/cloudtrail/open-tallies'
import type { ReadTallies, ReadTally } from '#lib/cloudtrail/read-tallies'
import { attributes, type Column } from '#lib/cloudtrail/tally'
import { matching, othersThan, predicatesOf, resourcesOf, type Predicates } from '#lib/cloudtrail/tally-filter'

/** Sums of what a filter asks for over tallies: how many events have each value, and each name in each bucket. */
export type Sums = Readonly<{
  known: ReadTallies['known']
  predicates: Predicates
  /** By attribute, then by the known place of a value. */
  values: Map<Summed, Uint32Array>
  /** By bucket, then by name: those that succeeded and those that failed. */
  names: Map<number, Map<string, [succeeded: number, failed: number]>>
}>

const summed = ['eventSource', 'username', 'errorCode', 'repositoryId', 'resources'] as const
type Summed = (typeof summed)[number]

/** Nothing yet, of what a filter asks for: the Region and the ends of its range aside. */
export function sumsOver(filter: EventFilter, known: ReadTallies['known']): Sums {
  return { known, predicates: predicatesOf(filter), values: new Map(), names: new Map() }
}

/** A tally that begins at `start`, of which what lies within `from` and `to` is asked for, in buckets of `length` milliseconds. */
type Extent = Readonly<{ start: number; from: number; to: number; length: number }>

/** Adds the events of a tally that the filter asks for. */
export function addMatching(sums: Sums, tally: ReadTally, extent: Extent): void {
  const places = matching(tally, sums.predicates, extent)
  if (places?.length === 0) return
  // Where it is most of them, the others are counted and taken from all, which are counted once for every request.
  const most = !places || places.length * 2 > tally.counts.length
  const fewer = places && (most ? othersThan(places, tally.counts.length) : places)
  for (const attribute of summed) {
    const index = attributes.indexOf(attribute)
    const column = tally.columns[index]
    if (!column) continue
    const some = fewer && countCodes(column, tally.counts, fewer)
    const counted = most ? difference(once(tally, attribute, () => countCodes(column, tally.counts, null)), some) : some
    if (counted) addCounted(sums, attribute, tally.places[index], counted)
  }
  if (tally.minutes && extent.length % hour !== 0) addNames(sums, tally, countNames(tally, places, bucketsOfMinutes(extent)), extent)
  else {
    const some = fewer && countNames(tally, fewer, null)
    addNames(sums, tally, most ? difference(once(tally, 'names', () => countNames(tally, null, null)), some) : (some ?? new Uint32Array(0)), extent)
  }
}

/** The sums as counts, each key of an event by itself. */
export function eventCounts({ known, values, names }: Sums): EventCount[] {
  const counts: EventCount[] = []
  for (const [bucket, inside] of names) {
    for (const [value, [succeeded, failed]] of inside) {
      if (succeeded > 0) counts.push({ of: 'eventName', value, bucket, failed: 0, count: succeeded })
      if (failed > 0) counts.push({ of: 'eventName', value, bucket, failed: 1, count: failed })
    }
  }
  const keys = new Map<string, number>()
  for (const [attribute, sums] of values) {
    const texts = known[attributes.indexOf(attribute)]?.values
    sums.forEach((count, place) => {
      const value = texts?.[place] ?? ''
      if (count === 0) return
      if (attribute !== 'resources') counts.push({ of: attribute, value, bucket: 0, failed: 0, count })
      else if (value.includes(keyType)) for (const [type, name] of resourcesOf(value)) if (type === keyType) keys.set(name, (keys.get(name) ?? 0) + count)
    })
  }
  for (const [value, count] of keys) counts.push({ of: 'key', value, bucket: 0, failed: 0, count })
  return counts
}

const keyType = 'AWS::KMS::Key'

/** What is the same for every request, kept with the tally. */
function once({ totals }: ReadTally, name: string, count: () => Uint32Array): Uint32Array {
  const known = totals.get(name) ?? count()
  totals.set(name, known)
  return known
}

function difference(all: Uint32Array, some: Uint32Array | null): Uint32Array {
  return some ? all.map((count, index) => count - (some[index] ?? 0)) : all
}

/** How many events have each code, of some combinations or of all. */
function countCodes({ codes, values }: Column, counts: Uint32Array, places: Uint32Array | null): Uint32Array {
  const counted = new Uint32Array(values.length)
  const end = places?.length ?? counts.length
  for (let index = 0; index < end; index++) {
    const place = places ? (places[index] ?? 0) : index
    const code = codes[place] ?? 0
    counted[code] = (counted[code] ?? 0) + (counts[place] ?? 0)
  }
  return counted
}

/** Adds counts by a column's codes to those by known places. */
function addCounted(sums: Sums, attribute: Summed, places: Uint32Array | undefined, counted: Uint32Array): void {
  const length = sums.known[attributes.indexOf(attribute)]?.values.length ?? 0
  let into = sums.values.get(attribute) ?? new Uint32Array(0)
  if (into.length < length) {
    const longer = new Uint32Array(length)
    longer.set(into)
    sums.values.set(attribute, (into = longer))
  }
  for (let code = 0; code < counted.length; code++) {
    const place = places?.[code] ?? 0
    into[place] = (into[place] ?? 0) + (counted[code] ?? 0)
  }
}

/** In which bucket each minute of an hour is, from that of the first. */
function bucketsOfMinutes({ start, length }: Extent): Uint16Array {
  const first = Math.floor(start / length)
  return Uint16Array.from({ length: 60 }, (_, each) => Math.floor((start + each * minute) / length) - first)
}

/** By bucket, then by code of the name: those that succeeded and those that failed. Without buckets, in one. */
function countNames({ columns, minutes, counts }: ReadTally, places: Uint32Array | null, buckets: Uint16Array | null): Uint32Array {
  const [names, errors] = [columns[attributes.indexOf('eventName')], columns[attributes.indexOf('errorCode')]]
  if (!names || !errors) return new Uint32Array(0)
  const failed = Uint8Array.from(errors.values, (code) => (code === '' ? 0 : 1))
  const counted = new Uint32Array(((buckets?.[59] ?? 0) + 1) * names.values.length * 2)
  const end = places?.length ?? counts.length
  for (let index = 0; index < end; index++) {
    const place = places ? (places[index] ?? 0) : index
    const bucket = buckets && minutes ? (buckets[minutes[place] ?? 0] ?? 0) : 0
    const at = (bucket * names.values.length + (names.codes[place] ?? 0)) * 2 + (failed[errors.codes[place] ?? 0] ?? 0)
    counted[at] = (counted[at] ?? 0) + (counts[place] ?? 0)
  }
  return counted
}

function addNames(sums: Sums, { columns }: ReadTally, counted: Uint32Array, { start, length }: Extent): void {
  const names = columns[attributes.indexOf('eventName')]?.values ?? []
  for (let at = 0; at < counted.length; at++) {
    const count = counted[at] ?? 0
    if (count === 0) continue
    const bucket = Math.floor(start / length) + Math.floor(at / (2 * names.length))
    const value = names[Math.floor(at / 2) % names.length] ?? ''
    const inside = sums.names.get(bucket) ?? new Map<string, [number, number]>()
    sums.names.set(bucket, inside)
    const pair = inside.get(value) ?? [0, 0]
    pair[at % 2] = (pair[at % 2] ?? 0) + count
    inside.set(value, pair)
  }
}

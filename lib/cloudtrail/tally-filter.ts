import type { EventFilter } from '#lib/cloudtrail/find-events'
import { hour, minute } from '#lib/cloudtrail/open-tallies'
import type { ReadTally } from '#lib/cloudtrail/read-tallies'
import { attributes, type Codes } from '#lib/cloudtrail/tally'

/** Which values of some columns an event may have; a column that is not among them may have any. */
export type Predicates = readonly Predicate[]

type Predicate = Readonly<{
  /** The column's place. */
  column: number
  allows: (value: string) => boolean
  /** By the known place of a value, what was found out: 1 allowed, 2 not. */
  answers: number[]
}>

/** What a filter asks of the attributes: the Region and the ends of its range aside. */
export function predicatesOf(filter: EventFilter): Predicates {
  const { errorCodes, resourceName, resourceType, readOnly } = filter
  const on = (attribute: Attribute, allows: (value: string) => boolean): Predicate => ({ column: attributes.indexOf(attribute), allows, answers: [] })
  const resource = (allows: (type: string, name: string) => boolean) => on('resources', (value) => resourcesOf(value).some(([type, name]) => allows(type, name)))
  return [
    ...(['eventName', 'eventSource', 'username', 'repositoryId', 'accessKeyId'] as const).flatMap((attribute) => (filter[attribute] === undefined ? [] : [on(attribute, (value) => value === filter[attribute])])),
    ...(errorCodes === undefined ? [] : [on('errorCode', (value) => errorCodes.includes(value))]),
    ...(readOnly === undefined ? [] : [on('readOnly', (value) => value === String(readOnly))]),
    ...(resourceName === undefined ? [] : [resource((_, name) => name === resourceName)]),
    ...(resourceType === undefined ? [] : [resource((type) => type === resourceType)]),
  ]
}

/** The places of the combinations that are asked for, of a tally that begins at `start`, between two times; null: all. */
export function matching({ columns, minutes, places: known }: ReadTally, predicates: Predicates, { start, from, to }: Readonly<{ start: number; from: number; to: number }>): Uint32Array | null {
  let places: Uint32Array | null = null
  for (const { column: index, allows, answers } of predicates) {
    const [column, knownPlaces] = [columns[index], known[index]]
    if (!column || !knownPlaces) continue
    const allowed = Uint8Array.from(knownPlaces, (place, code) => ((answers[place] ??= allows(column.values[code] ?? '') ? 1 : 2) === 1 ? 1 : 0))
    if (!allowed.includes(1)) return new Uint32Array(0)
    if (allowed.includes(0)) places = narrowed(places, column.codes, allowed)
  }
  if (!minutes || (from <= start && to >= start + hour)) return places
  return narrowed(places, minutes, Uint8Array.from({ length: 60 }, (_, each) => (start + each * minute >= from && start + each * minute < to ? 1 : 0)))
}

/** The places, of so many, that are not among some. */
export function othersThan(places: Uint32Array, count: number): Uint32Array {
  const among = new Uint8Array(count)
  for (let index = 0; index < places.length; index++) among[places[index] ?? 0] = 1
  return narrowed(null, among, Uint8Array.of(1, 0))
}

/** The resources of a tally's value. */
export function resourcesOf(value: string): (readonly [type: string, name: string])[] {
  const parts = value === '' ? [] : value.split('\0')
  return Array.from({ length: parts.length / 2 }, (_, index) => [parts[index * 2] ?? '', parts[index * 2 + 1] ?? ''])
}

type Attribute = (typeof attributes)[number]

/** Those of some places, or of all, whose code is allowed. */
function narrowed(places: Uint32Array | null, codes: Codes, allowed: Uint8Array): Uint32Array {
  const kept = new Uint32Array(places?.length ?? codes.length)
  let length = 0
  if (places) {
    for (let index = 0; index < places.length; index++) {
      const place = places[index] ?? 0
      if (allowed[codes[place] ?? 0] === 1) kept[length++] = place
    }
  } else {
    for (let place = 0; place < codes.length; place++) if (allowed[codes[place] ?? 0] === 1) kept[length++] = place
  }
  return kept.subarray(0, length)
}

import type { EventFilter } from '#lib/cloudtrail/find-events'
import { hour, minute } from '#lib/cloudtrail/open-tallies'
import { attributes, type Codes, type Tally } from '#lib/cloudtrail/tally'

/** Which values of a column an event may have, by the column's place; a column that is not in it may have any. */
export type Predicates = readonly (readonly [column: number, allows: (value: string) => boolean])[]

/** What a filter asks of the attributes: the Region and the ends of its range aside. */
export function predicatesOf(filter: EventFilter): Predicates {
  const { errorCodes, resourceName, resourceType, readOnly } = filter
  const is = (attribute: Attribute, value: string | undefined) => (value === undefined ? [] : [[attributes.indexOf(attribute), (each: string) => each === value] as const])
  const resources = (allows: (type: string, name: string) => boolean) => [attributes.indexOf('resources'), (each: string) => resourcesOf(each).some(([type, name]) => allows(type, name))] as const
  return [
    ...(['eventName', 'eventSource', 'username', 'repositoryId', 'accessKeyId'] as const).flatMap((attribute) => is(attribute, filter[attribute])),
    ...(errorCodes === undefined ? [] : [[attributes.indexOf('errorCode'), (each: string) => errorCodes.includes(each)] as const]),
    ...is('readOnly', readOnly === undefined ? undefined : String(readOnly)),
    ...(resourceName === undefined ? [] : [resources((_, name) => name === resourceName)]),
    ...(resourceType === undefined ? [] : [resources((type) => type === resourceType)]),
  ]
}

/** The places of the combinations that are asked for, of a tally that begins at `start`, between two times; null: all. */
export function matching({ columns, minutes }: Tally, predicates: Predicates, { start, from, to }: Readonly<{ start: number; from: number; to: number }>): Uint32Array | null {
  let places: Uint32Array | null = null
  for (const [index, allows] of predicates) {
    const column = columns[index]
    if (!column) continue
    const allowed = Uint8Array.from(column.values, (value) => (allows(value) ? 1 : 0))
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

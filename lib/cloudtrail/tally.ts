/**
 * How many events there were of each combination of the attributes that they are searched by, in one Region and one stretch of
 * time. Column by column, so that a count runs through two or three arrays of numbers. Plain data: module copies share it.
 */
export type Tally = Readonly<{
  /** In the order of {@link attributes}. */
  columns: readonly Column[]
  /** Of each combination, the minute since the beginning of the stretch; none where only the whole stretch is counted. */
  minutes: Codes | null
  /** Of each combination, how many events have it. */
  counts: Uint32Array
}>

export type Column = Readonly<{
  /** Each value that occurs, once. */
  values: readonly string[]
  /** Of each combination, which of the values it has. */
  codes: Codes
}>

/** What is counted of an event, each as text. `resources` are pairs of a type and an ARN, all with zero characters between. */
export const attributes = ['eventName', 'eventSource', 'username', 'errorCode', 'repositoryId', 'accessKeyId', 'readOnly', 'resources'] as const

/** As narrow as its values allow: millions are kept in memory. */
export type Codes = Uint8Array | Uint16Array | Uint32Array

/** A tally in the making. */
export type OpenTally = Readonly<{
  /** The place of each value of each column. */
  values: readonly Map<string, number>[]
  /** The place of each combination, by its codes and its minute. */
  places: Map<string, number>
  codes: readonly number[][]
  minutes: number[] | null
  counts: number[]
}>

export function openTally(withMinutes: boolean): OpenTally {
  return { values: attributes.map(() => new Map<string, number>()), places: new Map(), codes: attributes.map(() => []), minutes: withMinutes ? [] : null, counts: [] }
}

/** Counts events of one combination, whose values are in the order of {@link attributes}. */
export function addToTally(tally: OpenTally, values: readonly string[], minute: number, count: number): void {
  addCodes(tally, tally.values.map((known, column) => codeOf(known, values[column] ?? '')), minute, count)
}

/**
 * Adds what another counted to a tally without minutes: what is returned adds the combinations from `first` to before `end`, since
 * all of a long one would hold up whatever else the process does.
 */
export function merging(into: OpenTally, { columns, counts }: Tally): (first: number, end: number) => void {
  const translated = columns.map(({ values }, column) => values.map((value) => codeOf(into.values[column] ?? new Map<string, number>(), value)))
  return (first, end) => {
    for (let place = first; place < Math.min(counts.length, end); place++) {
      addCodes(into, columns.map(({ codes }, column) => translated[column]?.[codes[place] ?? 0] ?? 0), 0, counts[place] ?? 0)
    }
  }
}

/** What an open tally has counted so far. */
export function tallyOf({ values, codes, minutes, counts }: OpenTally): Tally {
  return {
    columns: values.map((known, column) => ({ values: [...known.keys()], codes: codesOf(codes[column] ?? []) })),
    minutes: minutes && codesOf(minutes),
    counts: Uint32Array.from(counts),
  }
}

function addCodes(tally: OpenTally, codes: readonly number[], minute: number, count: number): void {
  const name = `${codes.join(' ')} ${minute}`
  const place = tally.places.get(name)
  if (place !== undefined) {
    tally.counts[place] = (tally.counts[place] ?? 0) + count
    return
  }
  tally.places.set(name, tally.counts.length)
  tally.codes.forEach((column, index) => column.push(codes[index] ?? 0))
  tally.minutes?.push(minute)
  tally.counts.push(count)
}

function codeOf(known: Map<string, number>, value: string): number {
  const code = known.get(value) ?? known.size
  if (code === known.size) known.set(value, code)
  return code
}

function codesOf(numbers: readonly number[]): Codes {
  const codes = emptyCodes(widthOf(numbers), numbers.length)
  codes.set(numbers)
  return codes
}

/** The bytes of a tally (docs/formats.md, section 12). */
export function encodeTally({ columns, minutes, counts }: Tally): Uint8Array<ArrayBuffer> {
  const numbers = [...columns.map(({ codes }) => codes), counts, ...(minutes ? [minutes] : [])]
  const widths = numbers.map(widthOf)
  const head = Buffer.from(JSON.stringify({ combinations: counts.length, widths, values: columns.map(({ values }) => values) }))
  const bytes = Buffer.from(new ArrayBuffer(4 + head.length + widths.reduce((sum, width) => sum + width * counts.length, 0)))
  bytes.writeUInt32BE(head.length)
  bytes.set(head, 4)
  let at = 4 + head.length
  numbers.forEach((each, index) => {
    const width = widths[index] ?? 1
    for (const number of each) at = bytes.writeUIntBE(number, at, width)
  })
  return new Uint8Array(bytes.buffer)
}

/** The tally of some bytes. */
export function decodeTally(stored: Uint8Array): Tally {
  const bytes = Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength)
  const end = 4 + bytes.readUInt32BE()
  const { combinations, widths, values } = JSON.parse(bytes.toString('utf8', 4, end)) as { combinations: number; widths: number[]; values: string[][] }
  let at = end
  const numbers = widths.map((width) => {
    const codes = readNumbers(bytes.subarray(at, at + width * combinations), width)
    at += width * combinations
    return codes
  })
  const none = new Uint8Array(combinations)
  return {
    columns: attributes.map((_, column) => ({ values: values[column] ?? [], codes: numbers[column] ?? none })),
    counts: Uint32Array.from(numbers[attributes.length] ?? none),
    minutes: numbers[attributes.length + 1] ?? null,
  }
}

/** A loop for each width: a day has a hundred thousand numbers, and a page waits for ninety days. */
function readNumbers(bytes: Buffer, width: number): Codes {
  const count = bytes.length / width
  const numbers = emptyCodes(width, count)
  if (width === 1) numbers.set(bytes)
  else if (width === 2) for (let place = 0; place < count; place++) numbers[place] = ((bytes[place * 2] ?? 0) << 8) | (bytes[place * 2 + 1] ?? 0)
  else for (let place = 0; place < count; place++) numbers[place] = bytes.readUInt32BE(place * 4)
  return numbers
}

function emptyCodes(width: number, count: number): Codes {
  return width === 1 ? new Uint8Array(count) : width === 2 ? new Uint16Array(count) : new Uint32Array(count)
}

/** Bytes that hold each of some numbers. */
function widthOf(numbers: ArrayLike<number>): 1 | 2 | 4 {
  let most = 0
  for (let place = 0; place < numbers.length; place++) most = Math.max(most, numbers[place] ?? 0)
  return most < 0x100 ? 1 : most < 0x10000 ? 2 : 4
}

/**
 * A `--format` for git log and the parser of what it prints, made from one table so that they cannot disagree.
 *
 * Every field ends with NUL, which neither a name nor a message can hold: `-z` (part of the arguments) ends the last one.
 */
export function logFormat<const Fields extends Readonly<Record<string, string>>>(
  fields: Fields,
): {
  formatArgs: readonly string[]
  /** The records of a whole output. Throws if it is not a multiple of the fields: then it is cut off. */
  parse: (output: Uint8Array) => { [Name in keyof Fields]: string }[]
} {
  const names = Object.keys(fields) as (keyof Fields & string)[]
  return {
    formatArgs: ['-z', `--format=tformat:${names.map((name) => fields[name]).join('%x00')}`],
    parse: (output) => {
      const values = Buffer.from(output.buffer, output.byteOffset, output.length).toString('utf8').split('\0')
      values.pop()
      if (values.length % names.length !== 0) throw new Error('the output of git log is cut off')
      const records: { [Name in keyof Fields]: string }[] = []
      for (let at = 0; at < values.length; at += names.length) {
        const record = Object.fromEntries(names.map((name, index) => [name, values[at + index] ?? '']))
        records.push(record as { [Name in keyof Fields]: string })
      }
      return records
    },
  }
}

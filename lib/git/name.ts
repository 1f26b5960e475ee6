/**
 * A path or ref name as a string, and back to exactly the bytes git holds.
 *
 * git's names are bytes, usually UTF-8. A byte that is no part of valid UTF-8 becomes the private-use character
 * U+F700 + byte (U+F780–U+F7FF), and so do the bytes of such a character itself: every name has its own well-formed
 * string, which survives JSON, URLs and databases, and comes back to the same bytes.
 */
export function decodeName(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const text = buffer.toString('utf8')
  if (!/[\uFFFD\uF780-\uF7FF]/.test(text)) return text
  let name = ''
  for (let at = 0; at < buffer.length; ) {
    const length = sequenceLength(buffer, at)
    const character = length === 0 ? '' : buffer.toString('utf8', at, at + length)
    if (length === 0 || isEscape(character.charCodeAt(0))) {
      const stop = at + Math.max(length, 1)
      for (; at < stop; at++) name += String.fromCharCode(0xf700 + (buffer[at] ?? 0))
    } else {
      name += character
      at += length
    }
  }
  return name
}

/** The bytes of a name from {@link decodeName}. */
export function encodeName(name: string): Buffer {
  if (!/[\uF780-\uF7FF]/.test(name)) return Buffer.from(name, 'utf8')
  const parts = name.split(/([\uF780-\uF7FF]+)/)
  return Buffer.concat(
    parts.map((part, index) =>
      index % 2 === 0 ? Buffer.from(part, 'utf8') : Buffer.from(Array.from(part, (char) => char.charCodeAt(0) - 0xf700)),
    ),
  )
}

/** Orders names as git does: by their bytes. */
export function compareNames(a: string, b: string): number {
  return Buffer.compare(encodeName(a), encodeName(b))
}

/**
 * The name as a command-line argument, or null where that is impossible: arguments go through UTF-8, so a name with bytes
 * outside it can only be given to git on standard input.
 */
export function nameAsArgument(name: string): string | null {
  return /[\uF780-\uF7FF\0]/.test(name) ? null : name
}

function isEscape(code: number): boolean {
  return code >= 0xf780 && code <= 0xf7ff
}

/** Length of the valid UTF-8 sequence at `at`, or 0 (Unicode 15, table 3-7). */
function sequenceLength(buffer: Buffer, at: number): number {
  const first = buffer[at] ?? 0
  if (first < 0x80) return 1
  const second = buffer[at + 1] ?? 0
  const continues = (offset: number): boolean => ((buffer[at + offset] ?? 0) & 0xc0) === 0x80
  if (first >= 0xc2 && first <= 0xdf) return continues(1) ? 2 : 0
  if (first >= 0xe0 && first <= 0xef) {
    if (first === 0xe0 && second < 0xa0) return 0
    if (first === 0xed && second > 0x9f) return 0
    return continues(1) && continues(2) ? 3 : 0
  }
  if (first >= 0xf0 && first <= 0xf4) {
    if (first === 0xf0 && second < 0x90) return 0
    if (first === 0xf4 && second > 0x8f) return 0
    return continues(1) && continues(2) && continues(3) ? 4 : 0
  }
  return 0
}

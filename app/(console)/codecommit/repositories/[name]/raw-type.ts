/** The kind of picture that bytes are, by how they begin; undefined for anything else. SVG is text, and known by its name. */
export function imageType(bytes: Uint8Array, path: string): string | undefined {
  const beginning = Buffer.from(bytes.subarray(0, 16)).toString('latin1')
  const found = signatures.find(([signature]) => signature.test(beginning))
  if (found) return found[1]
  return /\.svg$/i.test(path) && !bytes.subarray(0, 8000).includes(0) ? 'image/svg+xml' : undefined
}

/**
 * What a file's bytes are sent as: pictures as pictures, text as plain text whatever it says it is, anything else as bytes to
 * keep. Nothing is sent as a document that a browser would run.
 */
export function rawType(beginning: Uint8Array, path: string): { type: string; keep: boolean } {
  const image = imageType(beginning, path)
  if (image !== undefined) return { type: image, keep: false }
  return beginning.includes(0) ? { type: 'application/octet-stream', keep: true } : { type: 'text/plain; charset=utf-8', keep: false }
}

const signatures: readonly (readonly [RegExp, string])[] = [
  [/^\x89PNG\r\n\x1a\n/, 'image/png'],
  [/^\xff\xd8\xff/, 'image/jpeg'],
  [/^GIF8[79]a/, 'image/gif'],
  [/^RIFF.{4}WEBP/s, 'image/webp'],
  [/^.{4}ftypavif/s, 'image/avif'],
  [/^BM.{4}\0\0\0\0/s, 'image/bmp'],
  [/^\0\0\x01\0/, 'image/x-icon'],
]

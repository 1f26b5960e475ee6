/** A policy document as IAM sends it: percent-encoded, and every character that RFC 3986 reserves with it. */
export function encodedDocument(document: string): string {
  return encodeURIComponent(document).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
}

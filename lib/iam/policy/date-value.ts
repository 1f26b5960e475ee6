/**
 * Reads a date of a policy or a request, in milliseconds since 1970: a W3C profile of ISO 8601 (`2026`, `2026-11`, `2026-11-22`,
 * `2026-11-22T10:00Z`, `2026-11-22T10:00:00.5+01:00`) or Unix seconds. Null for anything else, days that do not exist too.
 *
 * `Date.parse` reads more, and differently from engine to engine.
 */
export function parseDate(text: string): number | null {
  if (/^\d{9,}(?:\.\d+)?$/.test(text)) return Number(text) * 1000
  const found =
    /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:?\d\d)?)?)?)?$/.exec(text)
  if (!found) return null
  const [, year = '', month = '01', day = '01', hour = '00', minute = '00', second = '00', fraction = '', zone = 'Z'] = found
  const [m, d, h, min, s] = [month, day, hour, minute, second].map(Number)
  const at = Date.UTC(Number(year), (m ?? 1) - 1, d, h, min, s) + Number(`0.${fraction || '0'}`) * 1000
  const date = new Date(at)
  const exists = date.getUTCMonth() + 1 === m && date.getUTCDate() === d && date.getUTCHours() === h
  if (!exists || date.getUTCMinutes() !== min || date.getUTCSeconds() !== s) return null
  return at - zoneOffset(zone)
}

function zoneOffset(zone: string): number {
  if (zone === 'Z') return 0
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2))
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000
}

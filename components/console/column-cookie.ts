import type { HiddenColumns } from '#components/ui/column-choice.tsx'

/** The cookie that keeps which columns are left out, so that the server draws each table as it was chosen. */
export const columnCookie = 'codekeep-columns'

/** The cookie's text: JSON, percent-encoded. Tables chosen first go first when there are many, for a cookie holds 4 kB. */
export function formatColumns(hidden: HiddenColumns): string {
  let kept = Object.entries(hidden).filter(([, columns]) => columns.length > 0)
  const text = () => encodeURIComponent(JSON.stringify(Object.fromEntries(kept)))
  while (text().length > mostCharacters) kept = kept.slice(1)
  return text()
}

/** What a cookie says; nothing where it is not one of ours. */
export function parseColumns(cookie: string | undefined): HiddenColumns {
  if (cookie === undefined) return {}
  try {
    const parsed: unknown = JSON.parse(decodeURIComponent(cookie))
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return {}
    return Object.fromEntries(Object.entries(parsed).flatMap(([table, columns]) => (Array.isArray(columns) ? [[table, columns.filter((id) => typeof id === 'string')] as const] : [])))
  } catch {
    return {}
  }
}

const mostCharacters = 3000

/**
 * A page of React's streaming server as it is once its scripts have put the parts that came later in their places: for a
 * browser that runs no scripts. What follows no such form stays as it is.
 *
 * React writes a part as a hidden element `S:…` at the end, and after it the script that moves it: `$RS` to where one place was
 * kept free for it (`<template id="P:…">`), `$RC` and `$RR` to the boundary whose place a skeleton holds (`<!--$?--><template id="B:…">` to
 * its `<!--/$-->`). Text and attributes have no bare `<` or `"`, so nothing that a page shows is taken for one of these.
 *
 * @param html  the whole answer
 */
export function wholePage(html: string): string {
  const { rest, parts } = takeParts(html)
  const ofPlace = new Map<string, string>()
  for (const [, , first = '', second = ''] of html.matchAll(/\$R([SCR])\("([SB]:[0-9a-f]+)","([SP]:[0-9a-f]+)"/g)) {
    const [place, part] = first.startsWith('B:') ? [first, second] : [second, first]
    const content = parts.get(part)
    if (content !== undefined) ofPlace.set(place, content)
  }
  return fill(rest, ofPlace)
}

/** The page without the parts that came later, and those by their names. */
function takeParts(html: string): { rest: string; parts: ReadonlyMap<string, string> } {
  const parts = new Map<string, string>()
  const begin = /<(?:(div|table) hidden|(svg|math) aria-hidden="true" style="display:none"|table hidden><(tbody|tr|colgroup)) id="(S:[0-9a-f]+)">/g
  let rest = ''
  let from = 0
  for (let found = begin.exec(html); found; found = begin.exec(html)) {
    const [{ length }, whole, drawing, ofTable, id = ''] = found
    const tag = whole ?? drawing ?? ofTable ?? ''
    const content = found.index + length
    const end = endOf(html, content, new RegExp(`<${tag}\\b`, 'g'), `</${tag}>`)
    if (end === -1) break
    parts.set(id, html.slice(content, end))
    rest += html.slice(from, found.index)
    from = end + `</${tag}>`.length + (ofTable === undefined ? 0 : '</table>'.length)
    begin.lastIndex = from
  }
  return { rest: rest + html.slice(from), parts }
}

function fill(html: string, parts: ReadonlyMap<string, string>): string {
  const place = /(<!--\$\?-->)?<template id="([BP]:[0-9a-f]+)"><\/template>/g
  let filled = ''
  let from = 0
  for (let found = place.exec(html); found; found = place.exec(html)) {
    const [{ length }, boundary, id = ''] = found
    const part = parts.get(id)
    if (part === undefined) continue
    const after = found.index + length
    const end = boundary === undefined ? after : endOf(html, after, /<!--\$[?!~]?-->/g, boundaryEnd)
    if (end === -1) continue
    filled += `${html.slice(from, found.index)}${boundary === undefined ? '' : '<!--$-->'}${fill(part, parts)}`
    from = end
    place.lastIndex = end
  }
  return filled + html.slice(from)
}

const boundaryEnd = '<!--/$-->'

/** Where that ends which has begun just before `from`, its own kind within it passed over; -1 where it does not. */
function endOf(html: string, from: number, begin: RegExp, end: string): number {
  let depth = 1
  let at = from
  for (;;) {
    const close = html.indexOf(end, at)
    if (close === -1) return -1
    begin.lastIndex = at
    for (let found = begin.exec(html); found && found.index < close; found = begin.exec(html)) depth++
    depth--
    if (depth === 0) return close
    at = close + end.length
  }
}

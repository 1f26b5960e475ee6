import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import { Markdown } from './markdown.tsx'

function render(text: string): string {
  return renderToStaticMarkup(createElement(Markdown, { text, folder: 'docs', resolve: (path: string) => `/browse/${path}` }))
}

test.each([
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<svg onload=alert(1)><script>alert(1)</script></svg>',
  '<iframe src="javascript:alert(1)"></iframe>',
  '<a href="javascript:alert(1)">x</a>',
  '[x](javascript:alert(1))',
  '[x](JaVaScRiPt:alert(1))',
  '[x](data:text/html,<script>alert(1)</script>)',
  '<style>body{display:none}</style>',
  '<form action="https://evil.example"><input name=password></form>',
  '<div style="position:fixed">x</div>',
  '<base href="https://evil.example">',
  '<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>',
])('a hostile README does nothing: %s', (text) => {
  const html = render(text)
  expect(html).not.toMatch(/<(script|img|svg|iframe|style|form|base|object|embed|math)\b/i)
  expect(html).not.toMatch(/<[^>]*(\son\w+=|javascript:|data:text|style=")/i)
})

test('a picture of elsewhere is a link, so that opening a README tells nobody', () => {
  const html = render('![a badge](https://elsewhere.example/badge.svg) ![](//elsewhere.example/pixel.gif)')
  expect(html).not.toContain('<img')
  expect(html).toContain('href="https://elsewhere.example/badge.svg"')
  expect(html).not.toContain('pixel.gif')
})

test('a picture of the repository is shown, and no other', () => {
  const picture = (path: string) => `/raw/${path}`
  const text = '![ours](a.png) ![theirs](https://elsewhere.example/a.png) ![](//elsewhere.example/b.png) ![](javascript:alert(1)) <img src="../c.svg" onerror="alert(1)">'
  const html = renderToStaticMarkup(createElement(Markdown, { text, folder: 'docs', resolve: (path: string) => `/browse/${path}`, picture }))
  expect([...html.matchAll(/<img[^>]*src="([^"]*)"/g)].map(([, src]) => src)).toEqual(['/raw/docs/a.png', '/raw/c.svg'])
  expect(html).not.toContain('onerror')
})

test('links within the repository lead to where the console shows the file', () => {
  expect(render('[guide](guide.md#start)')).toContain('href="/browse/docs/guide.md#start"')
  expect(render('[licence](../LICENSE)')).toContain('href="/browse/LICENSE"')
  expect(render('[out](../../../../etc/passwd)')).toContain('href="/browse/etc/passwd"')
  expect(render('[root](/src/a.ts)')).toContain('href="/browse/src/a.ts"')
})

test('a table, a task list and code read as on GitHub', () => {
  const html = render('| a | b |\n|---|---|\n| 1 | 2 |\n\n- [x] done\n\n```ts\nconst a = 1\n```')
  expect(html).toContain('<td>1</td>')
  expect(html).toContain('type="checkbox"')
  expect(html).toContain('const a = 1')
})

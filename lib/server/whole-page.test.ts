import { Writable } from 'node:stream'
import { createElement as h, Suspense, use, type ReactNode } from 'react'
import { renderToPipeableStream } from 'react-dom/server'
import { expect, test } from 'vitest'
import { wholePage } from './whole-page.ts'

/** What React streams: the shell at once, with skeletons; then each part as it comes. */
async function streamed(content: ReactNode): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: string[] = []
    const sink = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        chunks.push(chunk.toString())
        done()
      },
      final: () => resolve(chunks.join('')),
    })
    const { pipe } = renderToPipeableStream(content, { onShellReady: () => void pipe(sink), onError: () => undefined, onShellError: reject })
  })
}

function Late({ after, children }: { after: Promise<unknown>; children: ReactNode }) {
  use(after)
  return children
}

const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))
const page = (content: ReactNode) => h('html', null, h('body', null, h('main', null, content), h('footer', null, 'the foot')))
const text = (html: string) => html.replace(/<script[\s\S]*?<\/script>/g, '').replace(/<!--.*?-->/g, '')

test('what came later stands where its skeleton stood, and the skeleton is gone', async () => {
  const html = await streamed(page(h(Suspense, { fallback: h('div', null, h('p', null, 'loading')) }, h(Late, { after: wait(20), children: h('div', null, h('div', null, 'late'), ' & <b>') }))))
  expect(html).toContain('loading')
  expect(text(wholePage(html))).toBe('<!DOCTYPE html><html><head></head><body><main><div><div>late</div> &amp; &lt;b&gt;</div></main><footer>the foot</footer></body></html>')
})

test('parts within parts, of tables too, however they come', async () => {
  const row = (name: string, after: number) => h('tr', { key: name }, h('td', null, h(Suspense, { fallback: h('i', null, 'waits') }, h(Late, { after: wait(after), children: h('b', null, name) }))))
  const rows = h(Suspense, { fallback: h('tr', null, h('td', null, 'loading')) }, h(Late, { after: wait(30), children: [row('one', 60), row('two', 10), row('three', 90)] }))
  const html = await streamed(page(h(Suspense, { fallback: h('p', null, 'loading') }, h(Late, { after: wait(10), children: h('table', null, h('tbody', null, rows)) }))))
  expect(html).toMatch(/<table hidden><tbody id="S:/)
  const shown = text(wholePage(html))
  expect(shown).toContain('<main><table><tbody><tr><td><b>one</b></td></tr><tr><td><b>two</b></td></tr><tr><td><b>three</b></td></tr></tbody></table></main>')
  expect(shown).not.toMatch(/loading|waits|hidden|template/)
})

test('what a part shows is never taken for React’s own marks', async () => {
  const hostile = '</div></main><!--/$--><script>$RC("B:0","S:0")</script><template id="B:0"></template><div hidden id="S:7">'
  const html = await streamed(page(h(Suspense, { fallback: h('p', null, 'loading') }, h(Late, { after: wait(10), children: h('pre', { title: hostile }, hostile) }))))
  expect(wholePage(html).replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"')).toContain(`<pre title="${hostile}">${hostile}</pre><!--/$-->`)
  expect(text(wholePage(html))).not.toContain('loading')
})

test('a part that failed keeps what stands for it, and a page without parts is as it was', async () => {
  const failing = h(Late, { after: wait(10).then(() => Promise.reject(new Error('no'))), children: null })
  expect(text(wholePage(await streamed(page(h(Suspense, { fallback: h('p', null, 'loading') }, failing)))))).toContain('loading')
  const plain = await streamed(page(h('p', null, 'at once')))
  expect(wholePage(plain)).toBe(plain)
})

import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

/** Every text colour with every ground it is put on, and every outline that tells where a control is. */
const grounds = ['canvas', 'surface', 'raised', 'sunken', 'hover', 'selected']
const pairs: readonly (readonly [string, string, number])[] = [
  ...['ink', 'ink-2', 'ink-3', 'accent', 'accent-hover'].flatMap((text) => grounds.map((ground) => [text, ground, 4.5] as const)),
  ...['danger', 'warning', 'success', 'info', 'managed'].flatMap((state) => [
    [state, `${state}-soft`, 4.5] as const,
    [state, 'surface', 4.5] as const,
    [state, 'canvas', 4.5] as const,
    ['ink', `${state}-soft`, 4.5] as const,
    ['ink-2', `${state}-soft`, 4.5] as const,
  ]),
  ...['keyword', 'string', 'constant', 'function', 'parameter', 'comment'].flatMap((kind) =>
    ['surface', 'hover', 'selected', 'managed-soft', 'added-soft', 'deleted-soft'].map((ground) => [`code-${kind}`, ground, 4.5] as const),
  ),
  ...['added', 'deleted'].flatMap((kind) => [['ink', `${kind}-soft`, 4.5] as const, ['ink', `${kind}-word`, 4.5] as const, ['ink-3', `${kind}-soft`, 4.5] as const]),
  ['on-accent', 'accent', 4.5],
  ['on-accent', 'accent-hover', 4.5],
  ['white', 'danger-fill', 4.5],
  ['bar-ink', 'bar', 4.5],
  ['bar-ink-2', 'bar', 4.5],
  ['bar-ink', 'bar-hover', 4.5],
  ['bar-ink-2', 'bar-hover', 4.5],
  ['outline', 'surface', 3],
  ['outline', 'canvas', 3],
  ['outline', 'raised', 3],
]

describe.each(['light', 'dark'] as const)('the %s tokens', (theme) => {
  test.each(pairs)('%s on %s reads at %f:1 or better', (text, ground, least) => {
    expect(contrast(token(text, theme), token(ground, theme))).toBeGreaterThanOrEqual(least)
  })
})

const css = readFileSync(new URL('globals.css', import.meta.url), 'utf8')

function token(name: string, theme: 'light' | 'dark'): string {
  if (name === 'white') return '#ffffff'
  const value = new RegExp(`--${name}: ([^;]+);`).exec(css)?.[1]
  const colours = value?.match(/#[0-9a-f]{6}/g)
  const colour = theme === 'dark' ? (colours?.[1] ?? colours?.[0]) : colours?.[0]
  if (!colour) throw new Error(`no colour is named ${name}`)
  return colour
}

/** Contrast ratio of WCAG 2.2. */
function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x)
  return (high + 0.05) / (low + 0.05)
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = parseInt(colour.slice(at, at + 2), 16) / 255
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

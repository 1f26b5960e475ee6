import { expect, test } from 'vitest'
import { wordDiff } from './word-diff.ts'

const marked = (before: string, after: string) => wordDiff(before, after)?.map((parts) => parts.map(({ text, changed }) => (changed ? `[${text}]` : text)).join(''))

test('the words that changed are marked on both sides', () => {
  expect(marked('const total = 1 + two', 'const total = 1 + three')).toEqual(['const total = 1 + [two]', 'const total = 1 + [three]'])
  expect(marked('return größe(a)', 'return größe(a, b)')).toEqual(['return größe(a)', 'return größe(a[, b])'])
  expect(marked('  indented', '    indented')).toEqual(['[  ]indented', '[    ]indented'])
})

test('the parts are the whole line, whatever is in it', () => {
  for (const [before, after] of [['a <b> & "c"', 'a <i> & "c"'], ['x😀y same words here', 'x😁y same words here']] as const) {
    const [one = [], other = []] = wordDiff(before, after) ?? []
    expect(one.map(({ text }) => text).join('')).toBe(before)
    expect(other.map(({ text }) => text).join('')).toBe(after)
  }
})

test('lines with little in common, and very long ones, are not marked', () => {
  expect(wordDiff('import a from "b"', 'throw new Error()')).toBeNull()
  expect(wordDiff('x '.repeat(5000), 'x '.repeat(5000) + 'y')).toBeNull()
})

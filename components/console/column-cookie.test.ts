import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { formatColumns, parseColumns } from './column-cookie.ts'

test('a choice of columns comes back from its cookie', () => {
  const chosen = { Branches: ['date'], 'Git tags': ['commit', 'message'], 'Größe; =, "x"': ['a'] }
  const cookie = formatColumns(chosen)
  expect(cookie).not.toMatch(/[;,\s"]/)
  expect(parseColumns(cookie)).toEqual(chosen)
})

test('a table of which all columns are shown takes no room', () => {
  expect(formatColumns({ Branches: [], Users: ['arn'] })).toBe(formatColumns({ Users: ['arn'] }))
})

test('what does not fit into a cookie goes, the oldest first', () => {
  const many = Object.fromEntries(Array.from({ length: 400 }, (_, index) => [`Table ${index}`, ['a', 'b']]))
  const cookie = formatColumns(many)
  expect(cookie.length).toBeLessThanOrEqual(3000)
  expect(Object.keys(parseColumns(cookie)).at(-1)).toBe('Table 399')
})

test.each([undefined, '', '%', 'null', '[]', '"x"', encodeURIComponent('{"Branches":"date"}'), encodeURIComponent('{"Branches":[1,{"a":2}]}')])('%s says nothing', (cookie) => {
  expect(Object.values(parseColumns(cookie)).flat()).toEqual([])
})

test('no two tables keep their choice under one name', () => {
  const components = join(import.meta.dirname, '..')
  const tables = readdirSync(components, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.tsx'))
    .flatMap((file) => [...readFileSync(join(components, file), 'utf8').matchAll(/<Table\s[^>]*?label=(?<label>"[^"]*"|\{[^}]*\})(?:\s+choice=(?<choice>"[^"]*"|\{`[^`]*`\}))?/g)].map(({ groups = {} }) => ({ file, choice: groups['choice'] ?? groups['label'] ?? '' })))
  expect(tables.length).toBeGreaterThan(12)
  // Labels that are handed in stand for as many tables as there are: none of those may be one of the others'.
  expect(tables.filter(({ choice }, index) => tables.findIndex((other) => other.choice === choice) !== index && choice !== '{label}')).toEqual([])
})

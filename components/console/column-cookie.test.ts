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

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readTokens } from './tokens.ts'

const root = join(import.meta.dirname, '../..')

test('the design page shows every primitive', () => {
  const here = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.tsx'))
  const source = here.map((name) => readFileSync(join(import.meta.dirname, name), 'utf8')).join('\n')
  // Parts of another one, fetched or drawn by it.
  const parts = ['dialog-content.tsx', 'menu-content.tsx', 'table-body.tsx', 'table-row.tsx', 'toast-list.tsx', 'column-choice.tsx']
  const primitives = readdirSync(join(root, 'components/ui')).filter((name) => name.endsWith('.tsx') && !parts.includes(name))
  expect(primitives.length).toBeGreaterThan(15)
  expect(primitives.filter((name) => !source.includes(`#components/ui/${name}'`))).toEqual([])
})

test('the tokens are read from where they are defined', () => {
  const { root: groups, theme } = readTokens()
  const names = groups.flatMap(({ tokens }) => tokens.map(([name]) => name))
  expect(names).toEqual(expect.arrayContaining(['canvas', 'ink', 'code-keyword', 'bar', 'bar-height', 'motion-quick']))
  expect(theme.flatMap(({ tokens }) => tokens.map(([name]) => name))).toEqual(expect.arrayContaining(['text-body', 'spacing', 'radius-control', 'shadow-raised', 'ease-settle', 'animate-wait']))
  expect(groups.every(({ title }) => title !== '')).toBe(true)
})

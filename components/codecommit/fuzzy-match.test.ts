import { expect, test } from 'vitest'
import { fuzzyMatches } from './fuzzy-match.ts'

const paths = ['app/paths.ts', 'lib/git/patch.ts', 'lib/git/parse-patch-header.ts', 'docs/patience.md', 'README.md', 'src/über/größe.txt']
const names = (typed: string, among: readonly string[] = paths) => fuzzyMatches(among, typed, 10).map(({ path }) => path)

test('a whole name comes before letters that are scattered', () => {
  expect(names('patch')[0]).toBe('lib/git/patch.ts')
  expect(names('readme')).toEqual(['README.md'])
  expect(names('gitpatch')[0]).toBe('lib/git/patch.ts')
  expect(names('größe')).toEqual(['src/über/größe.txt'])
})

test('letters in their order are enough, out of order they are not', () => {
  expect(names('lgpt')).toContain('lib/git/patch.ts')
  expect(names('zzz')).toEqual([])
  expect(names('dmr')).toEqual([])
})

test('what matched is told, and nothing typed gives the first paths', () => {
  expect(fuzzyMatches(['a/bc.ts'], 'bc', 1)).toEqual([{ path: 'a/bc.ts', at: [2, 3] }])
  expect(names('')).toEqual(paths)
  expect(fuzzyMatches(paths, '', 2)).toHaveLength(2)
})

test('tens of thousands of files are looked through in one go', () => {
  const many = Array.from({ length: 50_000 }, (_, index) => `packages/part-${index % 100}/src/module-${index}.ts`)
  expect(names('part99module49999', many)[0]).toBe('packages/part-99/src/module-49999.ts')
})

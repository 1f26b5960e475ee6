import { expect, test } from 'vitest'
import { objectEnvironment } from '#lib/git/object-directory'

test('a repository alone needs nothing said', () => {
  expect(objectEnvironment({ gitDir: '/repo' })).toEqual({})
})

test('a quarantine is where objects go, and its alternates are where they may come from', () => {
  expect(objectEnvironment({ gitDir: '/repo', objectDirectory: '/q', alternates: ['/repo/objects', '/a:b "c"\\d'] })).toEqual({
    GIT_OBJECT_DIRECTORY: '/q',
    GIT_QUARANTINE_PATH: '/q',
    GIT_ALTERNATE_OBJECT_DIRECTORIES: '/repo/objects:"/a:b \\"c\\"\\\\d"',
  })
})

import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { decodeName } from '#lib/git/name'
import { headRef, isOid, isValidRefName, packedRefs, sortedRefs, type Refs } from '#lib/git/refs'
import { TestRepository } from '#lib/git/test-repository'

const names = [
  ...['main', 'refs/heads/main', 'refs/heads/feature/x', 'refs/heads/größe', 'refs/heads/日本', 'HEAD', '@', 'a@', 'a/@', '@/a'],
  ...['', '/', 'a/', '/a', 'a//b', '.a', 'a/.b', 'a.', 'a./b', 'a.b', 'a..b', 'a.lock', 'a.lock/b', 'a/b.lock', 'a.lockx'],
  ...['a b', 'a\tb', 'a\nb', 'a\x7fb', 'a~b', 'a^b', 'a:b', 'a?b', 'a*b', 'a[b', 'a\\b', 'a]b', 'a@{b', 'a@b', 'a{b', 'refs/heads/-a', 'a/-b'],
]

test.each(names)('%j is a ref name exactly when git check-ref-format says so', (name) => {
  for (const allowOneLevel of [false, true]) {
    const args = ['check-ref-format', ...(allowOneLevel ? ['--allow-onelevel'] : []), name]
    expect(isValidRefName(name, { allowOneLevel })).toBe(spawnSync('git', args).status === 0)
  }
})

test('an oid is 40 lower-case hexadecimal digits, nothing else', () => {
  expect(isOid('a'.repeat(40))).toBe(true)
  for (const text of ['a'.repeat(39), 'A'.repeat(40), 'g'.repeat(40), `${'a'.repeat(40)}\n`, '']) expect(isOid(text)).toBe(false)
})

test('packed-refs is byte for byte what git pack-refs writes, bytes outside UTF-8 and annotated tags included', () => {
  using repository = new TestRepository()
  const commit = repository.commit('one')
  repository.git('tag', '-a', '-m', 'first', 'v1')
  repository.git('tag', '-a', '-m', 'of a tag', 'nested', 'v1')
  repository.git('tag', 'light')
  for (const name of ['\u{1F389}', '\uFF5E', 'feature/x', 'feature-x', 'größe']) repository.git('branch', name)
  repository.git('pack-refs', '--all')
  const refs = repository.refs()
  expect(packedRefs(refs).toString()).toBe(readFileSync(join(repository.gitDir, 'packed-refs'), 'utf8'))

  const odd = decodeName(Buffer.concat([Buffer.from('refs/heads/'), Buffer.from([0xe9])]))
  expect(packedRefs({ head: null, refs: new Map([[odd, { oid: commit }]]) }).includes(0xe9)).toBe(true)
  expect(headRef(refs)?.oid).toBe(commit)
})

test('git reads what was written, in the order it expects', () => {
  using repository = new TestRepository()
  const oid = repository.commit('one')
  const refs: Refs = {
    head: 'refs/heads/main',
    refs: new Map(['refs/tags/z', 'refs/heads/main', 'refs/heads/a.b', 'refs/heads/a-b', 'refs/heads/a/b'].map((name) => [name, { oid }])),
  }
  writeFileSync(join(repository.gitDir, 'packed-refs'), packedRefs(refs))
  repository.git('update-ref', '-d', 'refs/heads/main', '--no-deref')
  writeFileSync(join(repository.gitDir, 'packed-refs'), packedRefs(refs))
  expect(repository.git('for-each-ref', '--format=%(refname)').split('\n')).toEqual(sortedRefs(refs).map(([name]) => name))
})

test('HEAD of an unborn branch, and no HEAD, point at nothing', () => {
  expect(headRef({ head: 'refs/heads/main', refs: new Map() })).toBeNull()
  expect(headRef({ head: null, refs: new Map() })).toBeNull()
})

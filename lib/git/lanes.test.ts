import { expect, test } from 'vitest'
import { layOutLanes, waitedFor } from '#lib/git/lanes'
import { log } from '#lib/git/log'
import { TestRepository } from '#lib/git/test-repository'

test('a line of commits is one lane', () => {
  const { rows, open } = layOutLanes([{ oid: 'b', parents: ['a'] }, { oid: 'a', parents: [] }])
  expect(rows).toEqual([
    { column: 0, through: [], into: [], out: [0] },
    { column: 0, through: [], into: [0], out: [] },
  ])
  expect(open).toEqual([])
})

test('a branch leaves its lane at the merge and comes back at the fork', () => {
  const { rows } = layOutLanes([
    { oid: 'm', parents: ['b', 'c'] },
    { oid: 'c', parents: ['a'] },
    { oid: 'b', parents: ['a'] },
    { oid: 'a', parents: [] },
  ])
  expect(rows).toEqual([
    { column: 0, through: [], into: [], out: [0, 1] },
    { column: 1, through: [0], into: [1], out: [1] },
    { column: 0, through: [1], into: [0], out: [1] },
    { column: 1, through: [], into: [1], out: [] },
  ])
})

test('a parent that stands above its child already is waited for by nobody', () => {
  const { rows, open } = layOutLanes([{ oid: 'a', parents: [] }, { oid: 'b', parents: ['a'] }])
  expect(rows[1]).toEqual({ column: 0, through: [], into: [], out: [] })
  expect(open).toEqual([])
})

test('over pages of any size the drawing of a real history goes on, and each commit comes once', async () => {
  using repository = new TestRepository()
  repository.commit('root')
  for (let round = 0; round < 6; round++) {
    repository.git('checkout', '-q', '-b', `topic-${round}`)
    repository.commit(`topic ${round}`)
    repository.git('checkout', '-q', 'main')
    repository.commit(`main ${round}`)
    if (round % 2 === 1) repository.git('merge', '-q', '--no-ff', '-m', `merge ${round}`, `topic-${round}`, `topic-${round - 1}`)
  }
  const head = repository.git('rev-parse', 'HEAD')
  const whole = await log(repository.gitDir, { from: head, limit: 1000 })
  const all = layOutLanes(whole)
  expect(all.open).toEqual([])
  for (const size of [1, 2, 3, 7]) {
    let open: readonly (string | null)[] = []
    let from: readonly string[] = [head]
    const seen: string[] = []
    const rows = []
    while (from.length > 0) {
      const page = await log(repository.gitDir, { from, limit: size })
      const laid = layOutLanes(page, open)
      seen.push(...page.map(({ oid }) => oid))
      rows.push(...laid.rows)
      open = laid.open
      from = waitedFor(open)
    }
    expect(seen).toEqual(whole.map(({ oid }) => oid))
    expect(rows).toEqual(all.rows)
  }
})

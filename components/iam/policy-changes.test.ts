import { describe, expect, it } from 'vitest'
import { policyChanges, saysTheSame } from './policy-changes.ts'

const document = (...actions: string[]) => JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] }, null, 2)

describe('policyChanges', () => {
  it('gives each change with three lines around it, and the numbers of both sides', () => {
    const before = Array.from({ length: 20 }, (_line, index) => `line ${index + 1}`)
    const after = before.with(1, 'line two').toSpliced(15, 1)
    const [first, second, ...more] = policyChanges(before.join('\n'), after.join('\n'))
    expect(more).toEqual([])
    expect(first).toMatchObject({ before: 1, after: 1 })
    expect(first?.lines.map(({ kind, text }) => `${kind} ${text}`)).toEqual(['context line 1', 'deleted line 2', 'added line two', 'context line 3', 'context line 4', 'context line 5'])
    expect(second?.lines.filter(({ kind }) => kind !== 'context')).toEqual([{ kind: 'deleted', text: 'line 16', before: 16, after: null }])
    expect(second).toMatchObject({ before: 13, after: 13 })
  })

  it('put together again is the text after, whatever changed', () => {
    for (const [before, after] of [['', document('a')], [document('a'), ''], [document('a', 'b', 'c'), document('b', 'c', 'd')], [document('a'), document('a')]] as const) {
      const lines = policyChanges(before, after).flatMap((hunk) => hunk.lines)
      for (const line of lines) {
        if (line.after !== null) expect(after.split('\n')[line.after - 1]).toBe(line.text)
        if (line.before !== null) expect(before.split('\n')[line.before - 1]).toBe(line.text)
      }
      const added = lines.filter(({ kind }) => kind === 'added').length
      const deleted = lines.filter(({ kind }) => kind === 'deleted').length
      expect(before.split('\n').length - deleted + added).toBe(after.split('\n').length)
    }
  })
})

describe('saysTheSame', () => {
  it('looks at what a document says, not at its layout', () => {
    expect(saysTheSame(document('a'), JSON.stringify(JSON.parse(document('a'))))).toBe(true)
    expect(saysTheSame(document('a'), document('b'))).toBe(false)
    expect(saysTheSame('{', '{')).toBe(true)
    expect(saysTheSame('{', '{ ')).toBe(false)
  })
})

import { expect, test } from 'vitest'
import { logFormat } from '#lib/git/format'
import { TestRepository } from '#lib/git/test-repository'

test('format and parser agree, whatever the fields hold', () => {
  using repository = new TestRepository()
  const first = repository.commit('one\n\nwith\nlines')
  const second = repository.commit('%H %x00 | " \t größe')
  const { formatArgs, parse } = logFormat({ oid: '%H', body: '%B', none: '', subject: '%s' })
  expect(parse(repository.gitBytes('log', ...formatArgs))).toEqual([
    { oid: second, body: '%H %x00 | " \t größe\n', none: '', subject: '%H %x00 | " \t größe' },
    { oid: first, body: 'one\n\nwith\nlines\n', none: '', subject: 'one' },
  ])
  expect(parse(Buffer.alloc(0))).toEqual([])
})

test('an output that is cut off is not taken for a shorter history', () => {
  const { parse } = logFormat({ oid: '%H', subject: '%s' })
  expect(() => parse(Buffer.from('abc\0'))).toThrow('cut off')
})

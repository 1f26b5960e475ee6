import fc from 'fast-check'
import { expect, test } from 'vitest'
import { globOf, matchesGlob } from './match.ts'

/** The definition itself, exponential and obvious. */
function matchesNaively(pattern: string, text: string): boolean {
  if (pattern === '') return text === ''
  const rest = pattern.slice(1)
  if (pattern.startsWith('*')) return matchesNaively(rest, text) || (text !== '' && matchesNaively(pattern, text.slice(1)))
  return text !== '' && (pattern.startsWith('?') || pattern[0] === text[0]) && matchesNaively(rest, text.slice(1))
}

const letters = (alphabet: string, maxLength: number) =>
  fc.array(fc.constantFrom(...Array.from(alphabet)), { maxLength }).map((list) => list.join(''))

test('the matcher agrees with the definition', () => {
  fc.assert(
    fc.property(letters('ab*?', 8), letters('ab', 8), (pattern, text) => {
      expect(matchesGlob(globOf(pattern), text)).toBe(matchesNaively(pattern, text))
    }),
    { numRuns: 20_000 },
  )
})

test('any text matches itself, itself with a star anywhere, and with a question mark for any character', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.nat(), (drawn, place) => {
      const text = drawn.replace(/[*?]/g, '.')
      const at = place % text.length
      expect(matchesGlob(globOf(text), text)).toBe(true)
      expect(matchesGlob(globOf(`${text.slice(0, at)}*${text.slice(at)}`), text)).toBe(true)
      expect(matchesGlob(globOf(`${text.slice(0, at)}?${text.slice(at + 1)}`), text)).toBe(true)
      expect(matchesGlob(globOf(`${text}?`), text)).toBe(false)
    }),
  )
})

test('patterns that make backtracking matchers run for years are answered at once', () => {
  const text = 'a'.repeat(8000)
  const attacks = ['*a'.repeat(4000) + 'b', '*' + 'a*'.repeat(4000) + 'b', '*'.repeat(10_000) + 'b', '*' + '?'.repeat(4000) + '*b', '*b' + 'a'.repeat(4000) + '*']
  for (const pattern of attacks) {
    const glob = globOf(pattern)
    const started = process.cpuUsage()
    expect(matchesGlob(glob, text)).toBe(false)
    expect(process.cpuUsage(started).user / 1000).toBeLessThan(1000)
  }
})

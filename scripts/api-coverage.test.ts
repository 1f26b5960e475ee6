import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { apiCoverage } from './api-coverage.ts'

test('docs/api-coverage.md is what the operation tables say (npx tsx scripts/api-coverage.ts)', () => {
  expect(readFileSync('docs/api-coverage.md', 'utf8')).toBe(apiCoverage())
})

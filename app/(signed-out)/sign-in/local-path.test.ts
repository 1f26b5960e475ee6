import { expect, test } from 'vitest'
import { localPath } from './local-path.ts'

test.each(['//evil.example', '/\\evil.example', '/\t/evil.example', 'https://evil.example/', 'javascript:alert(1)', '/sign-in?next=/sign-in', undefined, ''])(
  'signing in never leads away: %j',
  (next) => expect(localPath(next)).toBe('/console'),
)

test('signing in leads back to the page that asked for it', () => {
  expect(localPath('/codecommit/repositories/hello?region=us-east-2')).toBe('/codecommit/repositories/hello?region=us-east-2')
})

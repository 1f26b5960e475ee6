import { expect, test } from 'vitest'
import { placeAt } from './policy-place.ts'

/** The place of `|` in a text. */
function place(text: string) {
  const offset = text.indexOf('|')
  const found = placeAt(text.replace('|', ''), offset)
  return found && [found.path.join('.'), found.inName ? 'name' : 'value', text.slice(found.from, offset)]
}

test('the place of the cursor in a policy', () => {
  expect(place('{ "Ver|" }')).toEqual(['', 'name', 'Ver'])
  expect(place('{ "Version": "20|"')).toEqual(['Version', 'value', '20'])
  expect(place('{ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": ["kms:Encrypt", "kms:De|"] }] }')).toEqual(['Statement.Action', 'value', 'kms:De'])
  expect(place('{ "Statement": [{ "Effect": "Allow" }, { "Eff|')).toEqual(['Statement', 'name', 'Eff'])
  expect(place('{ "Statement": { "Condition": { "StringEquals": { "kms:Via|": "x" } } } }')).toEqual(['Statement.Condition.StringEquals', 'name', 'kms:Via'])
  expect(place('{ "Statement": { "Condition": { "Str|": {} } } }')).toEqual(['Statement.Condition', 'name', 'Str'])
  expect(place('{ "Statement": { "Principal": { "AWS": ["arn|"] } } }')).toEqual(['Statement.Principal.AWS', 'value', 'arn'])
  expect(place('{ "Statement": { "Sid": "a \\" b|" } }')).toEqual(['Statement.Sid', 'value', 'a \\" b'])
})

test('outside a string there is none', () => {
  expect(place('{ | "Version": 1 }')).toBeNull()
  expect(place('{ "Version": |')).toBeNull()
  expect(place('{ "Statement": [] }|')).toBeNull()
})

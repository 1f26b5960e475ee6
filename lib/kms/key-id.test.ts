import { expect, test } from 'vitest'
import { checkAliasName, parseKeyId } from '#lib/kms/key-id'

const place = { region: 'us-east-2', accountId: '111122223333' }
const uuid = '1234abcd-12ab-34cd-56ef-1234567890ab'
const keyArn = `arn:aws:kms:us-east-2:111122223333:key/${uuid}`

test('a key is named by its ID or ARN everywhere, by an alias only where the operation takes one', () => {
  expect(parseKeyId(place, uuid, { aliases: false })).toMatchObject({ kind: 'key', keyId: uuid, arn: keyArn })
  expect(parseKeyId(place, keyArn, { aliases: false })).toMatchObject({ kind: 'key', keyId: uuid, arn: keyArn })
  expect(parseKeyId(place, `mrk-${'0a'.repeat(16)}`, { aliases: false })).toMatchObject({ kind: 'key' })
  const aliasArn = 'arn:aws:kms:us-east-2:111122223333:alias/app'
  expect(parseKeyId(place, 'alias/app', { aliases: true })).toMatchObject({ kind: 'alias', aliasName: 'alias/app', arn: aliasArn })
  expect(parseKeyId(place, aliasArn, { aliases: true })).toMatchObject({ kind: 'alias', aliasName: 'alias/app' })
  expect(() => parseKeyId(place, 'alias/app', { aliases: false })).toThrow("Invalid keyId 'alias/app'")
  expect(() => parseKeyId(place, aliasArn, { aliases: false })).toThrow(`Invalid keyId '${aliasArn}'`)
})

test.each([
  ['app', 'NotFoundException', "Invalid keyId 'app'"],
  [`${uuid} `, 'NotFoundException', `Invalid keyId '${uuid} '`],
  ['../key', 'NotFoundException', "Invalid keyId '../key'"],
  [keyArn.replace('us-east-2', 'eu-west-1'), 'NotFoundException', 'Invalid arn eu-west-1'],
  ['arn:aws:kms:us-east-2:111122223333:key/master', 'NotFoundException', "Invalid keyId 'arn:aws:kms:us-east-2:111122223333:key/master'"],
  ['arn:aws:s3:::bucket', 'InvalidArnException', "Invalid arn 'arn:aws:s3:::bucket'"],
  ['arn:', 'InvalidArnException', "Invalid arn 'arn:'"],
])('%s names no key: %s', (text, name, message) => {
  expect(() => parseKeyId(place, text, { aliases: true })).toThrow(expect.objectContaining({ name, message }) as Error)
})

test.each([
  ['app', 'Alias must start with the prefix "alias/"'],
  ['alias/', 'Member must satisfy regular expression pattern: ^[a-zA-Z0-9:/_-]+$'],
  ['alias/a b', 'Member must satisfy regular expression pattern: ^[a-zA-Z0-9:/_-]+$'],
  ['alias/é', 'Member must satisfy regular expression pattern: ^[a-zA-Z0-9:/_-]+$'],
  ['alias/a:b', 'alias/a:b contains invalid characters for an alias'],
])('%s is no name for an alias', (name, message) => {
  expect(() => checkAliasName(name)).toThrow(message)
})

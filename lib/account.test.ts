import { chmodSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { accountId } from '#lib/account'
import { ConfigError, parseConfig, useConfig } from '#lib/config'
import { closeDatabase, openDatabase } from '#lib/database/open'
import { db } from '#lib/db'
import { rootKey } from '#lib/root-key'
import { testDatabase, type TestDatabase } from '#lib/testing/database'

let opened: TestDatabase | undefined

afterEach(async () => {
  await opened?.[Symbol.asyncDispose]()
  opened = undefined
})

test('the first start draws an account and a root key, and the second finds them again', async () => {
  opened = await testDatabase({ accountId: undefined })
  const drawn = accountId()
  const key = rootKey()
  expect(drawn).toMatch(/^\d{12}$/)
  expect(key).toHaveLength(32)
  expect(statSync(join(opened.dataDir, 'root.key')).mode & 0o777).toBe(0o600)

  await closeDatabase()
  expect(() => accountId()).toThrow('the database is not open')
  expect(() => db()).toThrow('the database is not open')
  await openDatabase(opened.config)
  expect(accountId()).toBe(drawn)
  expect(rootKey()).toEqual(key)
})

test('a configured account that is not the database’s is refused', async () => {
  opened = await testDatabase()
  expect(accountId()).toBe('111122223333')
  await closeDatabase()
  await expect(openDatabase({ ...opened.config, accountId: '999999999999' })).rejects.toThrow(
    new ConfigError('CODEKEEP_ACCOUNT_ID: is 999999999999, but this database is account 111122223333'),
  )
})

test('a lost root key is not replaced by a new one, which would hide that everything is lost', async () => {
  opened = await testDatabase()
  const file = join(opened.dataDir, 'root.key')
  const key = readFileSync(file)
  await closeDatabase()
  rmSync(file)
  await expect(openDatabase(opened.config)).rejects.toThrow('the root key is missing')

  writeFileSync(file, '07'.repeat(32), { mode: 0o600 })
  await expect(openDatabase(opened.config)).rejects.toThrow('is not the root key')

  writeFileSync(file, key)
  await openDatabase(opened.config)
  expect(Buffer.from(rootKey()).toString('hex')).toBe(key.toString().trim())
})

test('a root key that others may read, or of the wrong length, is refused', async () => {
  opened = await testDatabase()
  const file = join(opened.dataDir, 'root.key')
  await closeDatabase()
  chmodSync(file, 0o640)
  await expect(openDatabase(opened.config)).rejects.toThrow(/may be read by others \(mode 640\)/)
  chmodSync(file, 0o600)
  for (const text of ['', '07'.repeat(31), '07'.repeat(33), 'not a key', '\0'.repeat(32)]) {
    writeFileSync(file, text)
    await expect(openDatabase(opened.config)).rejects.toThrow(`${file} must hold 32 bytes, as 64 hexadecimal digits or as base64`)
  }
})

test('a root key in the environment is read as base64 or hex, and nothing is written to disk', async () => {
  opened = await testDatabase()
  const folder = opened.dataDir
  await closeDatabase()
  rmSync(join(folder, 'root.key'))
  rmSync(join(folder, 'codekeep.db'))
  const bytes = Buffer.from(Array.from({ length: 32 }, (_, index) => 255 - index))
  const open = async (text: string) => {
    const config = parseConfig({ CODEKEEP_DATA_DIR: folder, CODEKEEP_ROOT_KEY: 'env:VAULT', VAULT: text })
    useConfig(config)
    await openDatabase(config)
  }
  for (const text of [bytes.toString('base64'), bytes.toString('hex'), `${bytes.toString('hex').toUpperCase()}\n`]) {
    await open(text)
    expect(Buffer.from(rootKey())).toEqual(bytes)
    await closeDatabase()
  }
  for (const text of ['secret', bytes.toString('hex').slice(2), bytes.subarray(1).toString('base64')]) {
    await expect(open(text)).rejects.toThrow('CODEKEEP_ROOT_KEY: VAULT must hold 32 bytes, as 64 hexadecimal digits or as base64')
  }
  expect(() => statSync(join(folder, 'root.key'))).toThrow()
})

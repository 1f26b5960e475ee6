import { expect, test } from 'vitest'
import { dummyHash, hashPassword, verifyPassword } from '#lib/crypto/password'
import vectors from './testdata/password.json'

test.each(vectors)('verifies what another implementation hashed: $password', async ({ password, hash }) => {
  expect(await verifyPassword(password, hash)).toBe(true)
  expect(await verifyPassword(`${password}x`, hash)).toBe(false)
})

test('a password verifies against its own hash and no other does', async () => {
  const hash = await hashPassword('Tr0ub4dor&3')
  expect(hash).toMatch(/^\$scrypt\$ln=15,r=8,p=3\$[\w+/]{22}\$[\w+/]{43}$/)
  expect(await verifyPassword('Tr0ub4dor&3', hash)).toBe(true)
  expect(await verifyPassword('tr0ub4dor&3', hash)).toBe(false)
  expect(await verifyPassword('', hash)).toBe(false)
})

test('the same password twice gives two hashes', async () => {
  expect(await hashPassword('same')).not.toBe(await hashPassword('same'))
})

test('who tries a user that does not exist waits as long, and is refused', async () => {
  const hash = await hashPassword('password')
  const real = await timeOf(async () => verifyPassword('guess', hash))
  const dummy = await timeOf(async () => verifyPassword('guess', dummyHash))
  expect(dummy).toBeGreaterThan(real / 4)
  expect(dummyHash.split('$')[2]).toBe(hash.split('$')[2])
  expect(await verifyPassword('', dummyHash)).toBe(false)
})

test('a damaged hash is an error, not a wrong password, and cannot cost minutes', async () => {
  for (const hash of ['', 'plain', '$scrypt$ln=15,r=8,p=3$short$short', dummyHash.replace('ln=15', 'ln=31'), dummyHash.replace('r=8', 'r=0'), `${dummyHash}x`]) {
    await expect(verifyPassword('x', hash)).rejects.toThrow('malformed')
  }
})

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

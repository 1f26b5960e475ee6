import { expect, test } from 'vitest'
import { qrCode } from './qr-code.ts'

test('a path of whole modules inside the quiet zone, with the three finder patterns in their corners', () => {
  const { path, size } = qrCode('otpauth://totp/Codekeep:alice@111122223333?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Codekeep')
  expect(path).toMatch(/^(M\d+ \d+h\d+v1h-\d+z)+$/)
  const dark = Array.from({ length: size }, () => Array.from({ length: size }, () => false))
  for (const [, x = '', y = '', length = ''] of path.matchAll(/M(\d+) (\d+)h(\d+)/g)) for (let at = 0; at < Number(length); at++) (dark[Number(y)] ?? [])[Number(x) + at] = true
  const rows = dark.map((row) => row.map((each) => (each ? '#' : '.')).join(''))
  for (const row of [...rows.slice(0, 4), ...rows.slice(-4)]) expect(row).toBe('.'.repeat(size))
  for (const row of rows) expect(row.slice(0, 4) + row.slice(-4)).toBe('.'.repeat(8))
  const finder = ['#######', '#.....#', '#.###.#', '#.###.#', '#.###.#', '#.....#', '#######']
  for (const [left, top] of [[4, 4], [size - 11, 4], [4, size - 11]] as const) expect(rows.slice(top, top + 7).map((row) => row.slice(left, left + 7))).toEqual(finder)
})

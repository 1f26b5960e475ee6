import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { scratchRoot } from '#lib/scratch'
import { isOnMemoryDisk, openScratch } from './scratch.ts'

const folders: string[] = []

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function folder(under: string): string {
  const path = mkdtempSync(join(under, 'codekeep-scratch-'))
  folders.push(path)
  return path
}

const hasMemory = process.platform === 'linux' && existsSync('/dev/shm')

test.runIf(hasMemory)('a folder in memory is taken: a folder of our own in it, for us alone, gone when the process stops', async () => {
  const scratchDir = folder('/dev/shm')
  const scratch = await openScratch({ scratchDir, allowPlaintextScratch: false, dataDir: '/data' })
  expect(scratch.path.startsWith(`${scratchDir}/codekeep-`)).toBe(true)
  expect(statSync(scratch.path).mode & 0o777).toBe(0o700)
  expect(scratchRoot()).toBe(scratch.path)
  expect(scratch.warnings.filter((warning) => !warning.startsWith('swap is on'))).toEqual([])
  await scratch[Symbol.asyncDispose]()
  expect(existsSync(scratch.path)).toBe(false)
})

test.runIf(hasMemory)('what a killed process left is gone at the next start; another installation’s stays', async () => {
  const scratchDir = folder('/dev/shm')
  const options = { scratchDir, allowPlaintextScratch: false }
  const killed = await openScratch({ ...options, dataDir: '/data/one' })
  writeFileSync(join(killed.path, 'plaintext'), 'left behind')
  const other = await openScratch({ ...options, dataDir: '/data/two' })
  writeFileSync(join(other.path, 'plaintext'), 'in use')
  const next = await openScratch({ ...options, dataDir: '/data/one' })
  expect(next.path).toBe(killed.path)
  expect(existsSync(join(next.path, 'plaintext'))).toBe(false)
  expect(existsSync(join(other.path, 'plaintext'))).toBe(true)
})

// On a machine whose /tmp is in memory there may be no disk to try.
const disk = '/var/tmp'

test('a folder on disk is refused, with what to do; accepted in so many words, it is warned of', async () => {
  const scratchDir = folder(disk)
  await expect(openScratch({ scratchDir, allowPlaintextScratch: false, dataDir: '/data' })).rejects.toThrow(/^CODEKEEP_SCRATCH_DIR: .* is not backed by memory.*CODEKEEP_ALLOW_PLAINTEXT_SCRATCH=yes accepts/)
  const scratch = await openScratch({ scratchDir, allowPlaintextScratch: true, dataDir: '/data' })
  expect(scratch.warnings).toEqual([expect.stringContaining('on disk in the clear')])
  await scratch[Symbol.asyncDispose]()
})

test('a folder that is not there is named', async () => {
  await expect(openScratch({ scratchDir: '/nowhere/at/all', allowPlaintextScratch: false, dataDir: '/data' })).rejects.toThrow('CODEKEEP_SCRATCH_DIR: /nowhere/at/all is not there')
})

test.runIf(hasMemory)('attack: somebody else put a link under our name, to have plaintext written or files removed elsewhere', async () => {
  const scratchDir = folder('/dev/shm')
  const options = { scratchDir, allowPlaintextScratch: false, dataDir: '/data' }
  const { path, [Symbol.asyncDispose]: dispose } = await openScratch(options)
  await dispose()
  const theirs = folder(tmpdir())
  mkdirSync(join(theirs, 'kept'))
  symlinkSync(theirs, path)
  await expect(openScratch(options)).rejects.toThrow(/belongs to another user/)
  expect(existsSync(join(theirs, 'kept'))).toBe(true)
})

test('macOS: a disk image in memory is told from one in a file', () => {
  // As `hdiutil info` prints it.
  const info = [
    'framework       : 683',
    '================================================',
    'image-path      : ram://8388608',
    'image-type      : read/write',
    '/dev/disk4\t\t\t',
    '/dev/disk5\tEF57347C-0000-11AA-AA11-0030654\t',
    '/dev/disk5s1\t41504653-0000-11AA-AA11-0030654\t/Volumes/Codekeep',
    '================================================',
    'image-path      : /Users/me/disk.dmg',
    '/dev/disk6s1\t41504653-0000-11AA-AA11-0030654\t/Volumes/Other',
  ].join('\n')
  expect(isOnMemoryDisk('/Volumes/Codekeep', info)).toBe(true)
  expect(isOnMemoryDisk('/Volumes/Codekeep/sub', info)).toBe(true)
  expect(isOnMemoryDisk('/Volumes/Codekeep2', info)).toBe(false)
  expect(isOnMemoryDisk('/Volumes/Other', info)).toBe(false)
  expect(isOnMemoryDisk('/tmp', '')).toBe(false)
})

import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { completeLock, registryHosts, type Lock } from './complete-lock.mjs'

const committed = (): Lock => JSON.parse(readFileSync('package-lock.json', 'utf8')) as Lock

test('the lock file has an entry for every platform’s optional package, so npm ci takes it anywhere', () => {
  expect(completeLock(committed())).toEqual([])
})

test('the lock file names no registry: npm asks the one it is configured with', () => {
  expect(registryHosts(committed())).toEqual([])
})

test('where a platform’s package is missing npm ci refuses the file; completed, it takes it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'codekeep-lock-'))
  try {
    const lock: Lock = {
      lockfileVersion: 3,
      packages: {
        '': { dependencies: { tool: '1.0.0' } },
        'node_modules/tool': { version: '1.0.0', optionalDependencies: { 'tool-darwin-arm64': '1.0.0', 'tool-linux-x64-musl': '1.0.0' } },
      },
    }
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'a', version: '1.0.0', dependencies: { tool: '1.0.0' } }))
    copyFileSync('.npmrc', join(folder, '.npmrc'))
    const check = (): string => {
      writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ name: 'a', version: '1.0.0', ...lock }))
      try {
        // Nothing may be fetched: what is asked is only whether the file is whole. Said aloud, also under `npm test --silent`.
        execFileSync('npm', ['ci', '--dry-run', '--offline', '--loglevel=error'], { cwd: folder, stdio: 'pipe' })
        return 'taken'
      } catch (error) {
        return String((error as { stderr: Buffer }).stderr)
      }
    }
    expect(check()).toMatch(/Missing: tool-darwin-arm64@/)
    expect(completeLock(lock)).toEqual(['tool-darwin-arm64', 'tool-linux-x64-musl'])
    expect(lock.packages['node_modules/tool-darwin-arm64']).toEqual({ version: '1.0.0', cpu: ['arm64'], os: ['darwin'], optional: true })
    expect(lock.packages['node_modules/tool-linux-x64-musl']).toEqual({ version: '1.0.0', cpu: ['x64'], libc: ['musl'], os: ['linux'], optional: true })
    expect(check()).not.toMatch(/Missing/)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

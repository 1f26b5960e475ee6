import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'

test('a history reaches the size that was asked for, is whole, and comes out the same twice', () => {
  const folder = mkdtempSync(join(tmpdir(), 'codekeep-history-'))
  const git = (repository: string, ...args: string[]): string =>
    execFileSync('git', args, { cwd: join(folder, repository), encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim()
  try {
    for (const [name, ...flags] of [['first'], ['second'], ['other', '--seed=2'], ['packed', '--repack']] as const) {
      execFileSync(process.execPath, ['scripts/make-large-history.mjs', join(folder, name), '--objects=1500', '--size=3m', ...flags])
    }
    expect(git('first', 'for-each-ref')).toBe(git('second', 'for-each-ref'))
    expect(git('first', 'for-each-ref')).not.toBe(git('other', 'for-each-ref'))
    for (const name of ['first', 'packed']) {
      git(name, 'fsck', '--full', '--strict', '--no-dangling')
      const counted = git(name, 'count-objects', '-v')
      expect(Number(/^size-pack: (\d+)$/m.exec(counted)?.[1])).toBeGreaterThanOrEqual(3 * 1024)
      expect(Number(/^in-pack: (\d+)$/m.exec(counted)?.[1])).toBeGreaterThan(1200)
    }
    expect(Number(git('first', 'rev-list', '--count', '--merges', '--all'))).toBeGreaterThan(0)
    expect(git('first', 'ls-tree', '-r', '-z', '--name-only', 'main')).toContain('assets/größe/')
  
    // Beyond some thousands of commits it is made of parts.
    execFileSync(process.execPath, ['scripts/make-large-history.mjs', join(folder, 'parts'), '--objects=45000', '--size=1k'])
    expect(git('parts', 'for-each-ref', 'refs/heads/part-1/main')).not.toBe('')
    expect(git('parts', 'ls-tree', '--name-only', 'main', 'teil-1')).toBe('teil-1')
    git('parts', 'rev-list', '--objects', '--quiet', '--all')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { kill } from 'node:process'
import { expect, test, vi } from 'vitest'
import { git, spawnGit } from '#lib/git/command'
import { startSpawner } from '#lib/git/spawner'
import { useSpawner } from '#lib/git/test-spawner'

const signal = (): AbortSignal => AbortSignal.timeout(20_000)
const folder = useSpawner()

/** The process that starts git, by the parent that git itself names. */
async function spawnerPid(): Promise<number> {
  const { stdout } = await git(['-c', 'alias.parent=!cat /proc/$PPID/stat', 'parent'], { signal: signal() })
  return Number(stdout.toString().split(') ')[1]?.split(' ')[1])
}

test('git is a child of the spawner, not of this process, and has nothing of either environment', async () => {
  process.env['CODEKEEP_ROOT_PASSWORD'] = 'do-not-leak'
  try {
    const spawner = await spawnerPid()
    expect(spawner).not.toBe(process.pid)
    expect(readFileSync(`/proc/${spawner}/environ`, 'latin1')).not.toContain('do-not-leak')
  } finally {
    delete process.env['CODEKEEP_ROOT_PASSWORD']
  }
})

test('many at once: each has its own input and gives its own output', async () => {
  const answers = await Promise.all(
    Array.from({ length: 40 }, async (_, index) => (await git(['-c', 'alias.echo=!cat', 'echo'], { signal: signal(), stdin: Buffer.from(`${index}`) })).stdout.toString()),
  )
  expect(answers).toEqual(Array.from({ length: 40 }, (_, index) => String(index)))
})

test('a spawner that is killed takes what it has started with it, and the next git has a new one', async () => {
  const slow = spawnGit(['-c', 'alias.slow=!echo ready; exec sleep 60', 'slow'], { signal: signal() })
  await once(slow.stdout, 'data')
  const first = await spawnerPid()
  kill(first, 'SIGKILL')
  await expect(slow.done).rejects.toThrow('ended by SIGKILL')
  await vi.waitFor(async () => expect(await spawnerPid()).not.toBe(first))
})

test('a git that had ended before the spawner was killed has ended well, and what it has written is all there', async () => {
  const spawner = await spawnerPid()
  let pid = 0
  const child = spawnGit(['-c', 'alias.some=!echo $PPID >&2; head -c 650000 /dev/zero', 'some'], { signal: signal(), onStderr: (text) => (pid = Number(text)) })
  await vi.waitFor(() => expect(pid).toBeGreaterThan(0), 20_000)
  await vi.waitFor(() => expect(isRunning(pid)).toBe(false), 20_000)
  // What the spawner says of the next git it says after that.
  await git(['version'], { signal: signal() })
  kill(spawner, 'SIGKILL')
  await vi.waitFor(async () => expect(await spawnerPid()).not.toBe(spawner), 20_000)
  let bytes = 0
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) bytes += chunk.length
  expect(bytes).toBe(650_000)
  await expect(child.done).resolves.toMatchObject({ exitCode: 0 })
})

test('an abort before git has begun ends it all the same', async () => {
  const abort = new AbortController()
  const child = spawnGit(['-c', 'alias.slow=!sleep 60', 'slow'], { signal: abort.signal })
  abort.abort(new Error('too soon'))
  await expect(child.done).rejects.toThrow('too soon')
})

test('a folder that is not there is an error, as without a spawner', async () => {
  await expect(git(['version'], { signal: signal(), cwd: '/nowhere' })).rejects.toThrow('git could not be started')
})

test('whoever asked is killed: the spawner ends, and git with it', async () => {
  const script = `
    import { spawnGit } from '#lib/git/command'
    import { startSpawner } from '#lib/git/spawner'
import { useSpawner } from '#lib/git/test-spawner'
    await startSpawner(${JSON.stringify(join(folder(), 'other.sock'))})
    const child = spawnGit(['-c', 'alias.slow=!echo $PPID $$; exec sleep 61', 'slow'], { signal: AbortSignal.timeout(60_000) })
    child.stdout.on('data', (chunk) => process.stdout.write(chunk))
    setInterval(() => undefined, 1000)`
  const asker = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', script], { cwd: join(import.meta.dirname, '../..'), stdio: ['ignore', 'pipe', 'inherit'] })
  const [text] = (await once(asker.stdout, 'data')) as [Buffer]
  const pids = text.toString().trim().split(' ').map(Number)
  asker.kill('SIGKILL')
  await vi.waitFor(() => expect(pids.filter((pid) => isRunning(pid))).toEqual([]), 10_000)
})

function isRunning(pid: number): boolean {
  return existsSync(`/proc/${pid}`) && !execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).startsWith('Z')
}

test('a path too long for a socket is told at once', async () => {
  await expect(startSpawner(join(folder(), 'x'.repeat(200)))).rejects.toThrow('at most 103 bytes')
})

import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { git, GitError, isGitError, spawnGit } from '#lib/git/command'
import { startSpawner } from '#lib/git/spawner'
import { TestRepository } from '#lib/git/test-repository'

const soon = (): AbortSignal => AbortSignal.timeout(20_000)

describe.each(['by this process', 'through the spawner'])('git started %s', (how) => {
  let stop: (() => Promise<void>) | undefined
  const folder = mkdtempSync(join(tmpdir(), 'codekeep-git-'))

  beforeAll(async () => {
    if (how === 'through the spawner') stop = await startSpawner(join(folder, 'git.sock'))
  })
  afterAll(async () => {
    await stop?.()
    rmSync(folder, { recursive: true })
  })

  test('git sees nothing of this process: neither its secrets nor variables that would redirect it', async () => {
    process.env['GIT_DIR'] = '/somewhere/else'
    process.env['CODEKEEP_ROOT_PASSWORD'] = 'do-not-leak'
    try {
      const { stdout } = await git(['-c', 'alias.show-env=!env', 'show-env'], { signal: soon(), env: { EXTRA: 'passed' } })
      const names = stdout.toString().split('\n').map((line) => line.split('=')[0])
      expect(names).toContain('EXTRA')
      expect(stdout.toString()).not.toContain('do-not-leak')
      expect(stdout.toString()).not.toContain('/somewhere/else')
      expect(stdout.toString()).toMatch(/^HOME=\/nonexistent$/m)
    } finally {
      delete process.env['GIT_DIR']
      delete process.env['CODEKEEP_ROOT_PASSWORD']
    }
  })

  test('a failure is a GitError with exit code and stderr; its message holds no argument', async () => {
    const error = await git(['rev-parse', '--verify', 'secret-branch'], { gitDir: '/nonexistent', signal: soon() }).catch(
      (reason: unknown) => reason,
    )
    expect(error).toBeInstanceOf(GitError)
    expect(isGitError(error)).toBe(true)
    expect(error).toMatchObject({ exitCode: 128, message: 'git rev-parse exited with 128' })
    expect(isGitError(error) && error.stderr).toContain('not a git repository')
  })

  test('an exit code that was declared is an answer', async () => {
    using repository = new TestRepository()
    const { exitCode } = await git(['cat-file', '-e', 'f'.repeat(40)], {
      gitDir: repository.gitDir,
      signal: soon(),
      expectedExitCodes: [0, 1],
    })
    expect(exitCode).toBe(1)
  })

  test('nothing is started under a signal that was aborted already', async () => {
    await expect(git(['version'], { signal: AbortSignal.abort(new Error('too late')) })).rejects.toThrow('too late')
  })

  test('an abort ends the whole process group, and what git started with it', async () => {
    const stop = new AbortController()
    // The shell's child holds the output open: killing git alone would leave `done` waiting for a minute.
    const child = spawnGit(['-c', 'alias.slow=!sleep 60; true', 'slow'], { signal: stop.signal })
    setTimeout(() => stop.abort(new Error('the client left')), 100)
    const started = Date.now()
    await expect(child.done).rejects.toThrow('the client left')
    expect(Date.now() - started).toBeLessThan(5_000)
  })

  test('a process that does not listen to SIGTERM is killed', async () => {
    const stop = new AbortController()
    const child = spawnGit(['-c', `alias.deaf=!trap "" TERM; echo ready; while :; do sleep 0.1; done`, 'deaf'], {
      signal: stop.signal,
    })
    await once(child.stdout, 'data')
    stop.abort(new Error('stop'))
    await expect(child.done).rejects.toThrow('stop')
  })

  test('git that stops reading early does not bring this process down, and its own exit code counts', async () => {
    const endless = Readable.from(
      (function* () {
        for (;;) yield Buffer.alloc(65536)
      })(),
    )
    const child = spawnGit(['-c', 'alias.sip=!head -c 10 >/dev/null', 'sip'], { signal: soon(), stdin: endless })
    child.stdout.resume()
    await expect(child.done).resolves.toMatchObject({ exitCode: 0 })
    // What was not read is still its owner's to drain or to close.
    expect(endless.destroyed).toBe(false)
    endless.destroy()
  })

  test('an input that breaks off ends git with that error: it must not look like the end of the input', async () => {
    using repository = new TestRepository()
    for (const breakOff of [(s: PassThrough) => s.destroy(new Error('connection reset')), (s: PassThrough) => s.destroy()]) {
      const input = new PassThrough()
      const hashed = git(['hash-object', '-w', '--stdin'], { gitDir: repository.gitDir, signal: soon(), stdin: input })
      input.write('half of a ')
      setTimeout(() => breakOff(input), 50)
      await expect(hashed).rejects.toThrow(/connection reset|closed before its end/)
    }
    expect(repository.git('count-objects')).toContain('0 objects')
  })

  test('an output above maxBuffer is refused, not kept', async () => {
    const flood = git(['-c', 'alias.flood=!yes', 'flood'], { signal: soon(), maxBuffer: 100_000 })
    await expect(flood).rejects.toThrow('wrote more than 100000 bytes')
  })

  test('of what git says only the last 10 KB are kept, and the listener hears all of it', async () => {
    let heard = 0
    const error = await git(['-c', 'alias.shout=!yes | head -c 300000 >&2; echo the-end >&2; exit 3', 'shout'], {
      signal: soon(),
      onStderr: (chunk) => (heard += chunk.length),
    }).catch((reason: unknown) => reason)
    expect(heard).toBe(300_008)
    expect(isGitError(error) && error.stderr.length).toBe(10 * 1024)
    expect(isGitError(error) && error.stderr).toMatch(/the-end\n$/)
  })

  test('stop ends early without an error', async () => {
    const child = spawnGit(['-c', 'alias.flood=!yes', 'flood'], { signal: soon() })
    await once(child.stdout, 'data')
    await child.stop()
    await expect(child.done).resolves.toBeDefined()
  })

  test('what git has written is there for a reader who comes after git has ended', async () => {
    const child = spawnGit(['version'], { signal: soon() })
    await child.done
    await new Promise((resolve) => setTimeout(resolve, 50))
    const chunks: Buffer[] = []
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) chunks.push(chunk)
    expect(Buffer.concat(chunks).toString()).toMatch(/^git version /)
  })

  test('a reader who leaves ends git, which finds nobody to write to', async () => {
    const child = spawnGit(['-c', 'alias.flood=!yes', 'flood'], { signal: soon() })
    await once(child.stdout, 'data')
    child.stdout.destroy()
    await expect(child.done).rejects.toThrow(GitError)
  })

  test('bytes go in and come out unchanged, both sides streaming', async () => {
    const bytes = Buffer.from(Array.from({ length: 3_000_000 }, (_, index) => (index * 7919) & 0xff))
    const child = spawnGit(['-c', 'alias.echo=!cat', 'echo'], { signal: soon(), stdin: Readable.from([bytes]) })
    const chunks: Buffer[] = []
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) chunks.push(chunk)
    await child.done
    expect(Buffer.concat(chunks).equals(bytes)).toBe(true)
  })
})

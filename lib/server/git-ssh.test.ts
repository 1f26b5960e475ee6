import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LookupEvents } from '#lib/cloudtrail/api'
import { CreateRepository } from '#lib/codecommit/repositories'
import { useConfig } from '#lib/config'
import { DeleteUserPolicy, UpdateSSHPublicKey } from '#lib/iam/api'
import { invoke } from '#lib/invoke'
import { rootContext } from '#lib/testing/context'
import { testDatabase, type TestDatabase } from '#lib/testing/database'
import { knownHosts, run, sshKeyFile, sshOptions, sshUser, type Ran, type SshUser } from '#lib/testing/ssh'
import { greeting } from './ssh-session.ts'
import { listenSsh, type SshListener } from './ssh-listener.ts'

let database: TestDatabase
let folder: string
let door: SshListener
let alice: SshUser

beforeAll(async () => {
  database = await testDatabase()
  folder = mkdtempSync(join(tmpdir(), 'codekeep-ssh-'))
  door = await listenSsh({ host: '127.0.0.1', sshPort: 0, dataDir: database.dataDir })
  useConfig({ ...database.config, sshPort: door.port })
  alice = await someone('alice')
})

afterAll(async () => {
  await door.stop(1)
  await database[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

describe('git over SSH', () => {
  test.each(['0', '1', '2'])('protocol %s: push a history, clone it, push more, fetch it', async (version) => {
    const url = await repository(`story-${version}`)
    const config = ['-c', `protocol.version=${version}`]
    const work = workTree(`work-${version}`)
    await commit(work, 'first', { 'README.md': '# Hello\n', 'täst/grüße.txt': 'Grüße\n' })
    expect(await git(alice, work, ...config, 'push', '--porcelain', url, 'main')).toMatchObject({ code: 0, stdout: expect.stringContaining('[new branch]') as string })

    const copy = join(folder, `copy-${version}`)
    expect(await git(alice, folder, ...config, 'clone', url, copy)).toMatchObject({ code: 0 })
    expect(readFileSync(join(copy, 'täst/grüße.txt'), 'utf8')).toBe('Grüße\n')
    expect(await head(copy)).toBe(await head(work))

    await commit(work, 'second', { 'more.txt': 'more\n' })
    expect(await git(alice, work, ...config, 'push', url, 'main', 'HEAD:refs/heads/topic')).toMatchObject({ code: 0 })
    expect(await git(alice, copy, ...config, 'pull', '--ff-only')).toMatchObject({ code: 0 })
    expect(await head(copy)).toBe(await head(work))
    // Nothing new: the client looks at the refs, and goes.
    expect(await git(alice, copy, ...config, 'fetch')).toMatchObject({ code: 0 })
    const refs = await git(alice, copy, ...config, 'ls-remote', url)
    expect(refs.stdout).toBe([`${await head(work)}\tHEAD`, `${await head(work)}\trefs/heads/main`, `${await head(work)}\trefs/heads/topic`, ''].join('\n'))
    expect((await git(alice, copy, 'fsck', '--strict')).code).toBe(0)
  })

  test('negotiates with a client that has work of its own, over several rounds', async () => {
    for (const version of ['0', '2']) {
      const url = await repository(`rounds-${version}`)
      const config = ['-c', `protocol.version=${version}`]
      const work = workTree(`rounds-${version}`)
      await commit(work, 'base', { a: '0' })
      await git(alice, work, 'push', url, 'main')
      const copy = join(folder, `rounds-copy-${version}`)
      await git(alice, folder, 'clone', url, copy)
      await emptyCommits(copy, 300)
      await emptyCommits(work, 300)
      expect(await git(alice, work, 'push', url, 'main')).toMatchObject({ code: 0 })
      expect(await git(alice, copy, ...config, 'fetch')).toMatchObject({ code: 0 })
      expect((await git(alice, copy, 'rev-parse', 'origin/main')).stdout.trim()).toBe(await head(work))
    }
  })

  test('serves shallow and partial clones, and what they fetch later', async () => {
    const url = await repository('partial')
    const work = workTree('partial')
    for (const each of ['one', 'two', 'three']) await commit(work, each, { [each]: each })
    await git(alice, work, 'push', url, 'main')
    for (const version of ['0', '2']) {
      const config = ['-c', `protocol.version=${version}`]
      const shallow = join(folder, `shallow-${version}`)
      expect(await git(alice, folder, ...config, 'clone', '--depth=1', url, shallow)).toMatchObject({ code: 0 })
      expect((await git(alice, shallow, 'rev-list', '--count', 'HEAD')).stdout).toBe('1\n')
      expect(await git(alice, shallow, ...config, 'fetch', '--unshallow')).toMatchObject({ code: 0 })
      expect((await git(alice, shallow, 'rev-list', '--count', 'HEAD')).stdout).toBe('3\n')
      const partial = join(folder, `partial-${version}`)
      expect(await git(alice, folder, ...config, 'clone', '--filter=blob:none', '--no-checkout', url, partial)).toMatchObject({ code: 0 })
      expect(await git(alice, partial, ...config, 'checkout', 'main')).toMatchObject({ code: 0 })
      expect(readFileSync(join(partial, 'two'), 'utf8')).toBe('two')
    }
  })

  test('clones an empty repository', async () => {
    const url = await repository('empty')
    for (const version of ['0', '1', '2']) {
      const cloned = await git(alice, folder, '-c', `protocol.version=${version}`, 'clone', url, join(folder, `empty-${version}`))
      expect(cloned).toMatchObject({ code: 0, stderr: expect.stringContaining('cloned an empty repository') as string })
    }
  })

  test('carries megabytes both ways, through key exchanges in the middle', async () => {
    const url = await repository('large')
    const work = workTree('large')
    await commit(work, 'large', { 'random.bin': randomText(12 * 1024 ** 2) })
    const rekeying = ['-o', 'RekeyLimit=1M']
    expect(await gitWith(alice, rekeying, work, 'push', url, 'main')).toMatchObject({ code: 0 })
    const copy = join(folder, 'large-copy')
    expect(await gitWith(alice, rekeying, folder, 'clone', url, copy)).toMatchObject({ code: 0 })
    expect((await git(alice, copy, 'fsck')).code).toBe(0)
    expect(readFileSync(join(copy, 'random.bin')).equals(readFileSync(join(work, 'random.bin')))).toBe(true)
  })

  test.each(['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com', 'aes128-ctr', 'aes256-ctr', 'chacha20-poly1305@openssh.com'])('speaks %s', async (cipher) => {
    const url = await repository(`cipher-${cipher.replace(/@.*/, '')}`)
    expect(await gitWith(alice, ['-o', `Ciphers=${cipher}`], folder, 'ls-remote', url)).toMatchObject({ code: 0, stdout: '' })
  })

  test.each([
    ['ed25519', ['-t', 'ed25519']],
    ['rsa', ['-t', 'rsa', '-b', '2048']],
  ])('takes the %s keys that IAM takes', async (kind, options) => {
    const user = await someone(`holder-of-${kind}`, options)
    const url = await repository(`for-${kind}`)
    expect(await git(user, folder, 'ls-remote', url)).toMatchObject({ code: 0 })
  })

  test('leaves events with SSH, the client’s own name and no access key', async () => {
    const url = await repository('seen')
    const work = workTree('seen')
    await commit(work, 'seen', { a: 'a' })
    await git(alice, work, 'push', url, 'main')
    await git(alice, folder, 'clone', url, join(folder, 'seen-copy'))
    for (const [name, phases] of [['GitPush', [false, true]], ['GitPull', [false, false, true]]] as const) {
      const { Events } = await invoke(LookupEvents, rootContext(), { LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: name }], MaxResults: 50 })
      const records = Events.map(({ CloudTrailEvent }) => JSON.parse(CloudTrailEvent) as GitEvent).filter(({ additionalEventData }) => additionalEventData?.repositoryName === 'seen')
      expect(records.map(({ additionalEventData }) => additionalEventData?.dataTransferred).reverse()).toEqual(phases)
      for (const record of records) {
        expect(record.additionalEventData?.protocol).toBe('SSH')
        expect(record.userAgent).toMatch(/^SSH-2\.0-OpenSSH_[\d.]+p\d/)
        expect(record.sourceIPAddress).toBe('127.0.0.1')
        expect(record.userIdentity).toMatchObject({ type: 'IAMUser', userName: 'alice' })
        expect(record.userIdentity).not.toHaveProperty('accessKeyId')
      }
    }
  })
})

describe('what is refused', () => {
  test('a push by who may only pull, with the reason; and a pull by who may do nothing', async () => {
    const url = await repository('read-only')
    const reader = await someone('reader', undefined, { Effect: 'Allow', Action: 'codecommit:GitPull', Resource: '*' })
    const work = workTree('read-only')
    await commit(work, 'first', { a: 'a' })
    const pushed = await git(reader, work, 'push', url, 'main')
    expect(pushed.code).toBe(128)
    expect(pushed.stderr).toMatch(/fatal: remote error: AccessDeniedException: .*user\/reader is not authorized to perform: codecommit:GitPush/)
    expect(await git(reader, folder, 'ls-remote', url)).toMatchObject({ code: 0, stdout: '' })
    const nobody = await someone('nobody', undefined, { Effect: 'Deny', Action: 'codecommit:*', Resource: '*' })
    expect((await git(nobody, folder, 'ls-remote', url)).stderr).toMatch(/AccessDeniedException: .*user\/nobody is not authorized to perform: codecommit:GitPull/)
  })

  test('one branch by policy: git’s user reads why, and its other branch stays open', async () => {
    const url = await repository('branches')
    const work = workTree('branches')
    await commit(work, 'first', { a: 'a' })
    await git(alice, work, 'push', url, 'main')
    const guarded = await someone('guarded', undefined,
      { Effect: 'Allow', Action: 'codecommit:*', Resource: '*' },
      {
        Sid: 'KeepMain', Effect: 'Deny', Action: 'codecommit:GitPush', Resource: '*',
        Condition: { StringEqualsIfExists: { 'codecommit:References': ['refs/heads/main'] }, Null: { 'codecommit:References': 'false' } },
      },
    )
    await commit(work, 'second', { b: randomText(3 * 1024 ** 2) })
    for (const each of [['main'], ['main:main', 'main:other']]) {
      const pushed = await git(guarded, work, 'push', url, ...each)
      expect(pushed.code).toBe(1)
      expect(pushed.stderr).toMatch(/remote: AccessDeniedException: .*explicit deny.*KeepMain/s)
      expect(pushed.stderr).toMatch(/! \[remote rejected\] main -> main \(AccessDeniedException\)/)
    }
    expect(await git(guarded, work, 'push', url, 'main:topic')).toMatchObject({ code: 0 })
  })

  test('the key, by a Deny of kms:Decrypt: a clone reads which statement', async () => {
    const url = await repository('keyless')
    const keyless = await someone('keyless', undefined, { Effect: 'Allow', Action: 'codecommit:*', Resource: '*' }, { Sid: 'NoKey', Effect: 'Deny', Action: 'kms:Decrypt', Resource: '*' })
    for (const version of ['0', '2']) {
      const cloned = await git(keyless, folder, '-c', `protocol.version=${version}`, 'clone', url, join(folder, `keyless-${version}`))
      expect(cloned.code).toBe(128)
      expect(cloned.stderr).toMatch(/fatal: remote error: EncryptionKeyAccessDeniedException: .*kms:Decrypt.*NoKey/s)
    }
  })

  test('a key that the user name does not name, one that nobody has, and one made inactive', async () => {
    const url = await repository('locked')
    const bob = await someone('bob')
    const stranger = sshKeyFile(folder, 'stranger')
    for (const impostor of [
      { ...alice, identity: bob.identity },
      { ...alice, identity: stranger },
      { ...bob, sshPublicKeyId: 'APKAAAAAAAAAAAAAAAAAA' },
      { ...bob, sshPublicKeyId: 'git' },
      { ...bob, sshPublicKeyId: 'bob' },
    ]) {
      const refused = await ssh(impostor, ['true'])
      expect(refused).toMatchObject({ code: 255, stderr: expect.stringContaining('Permission denied (publickey).') as string })
    }
    expect(await git(bob, folder, 'ls-remote', url)).toMatchObject({ code: 0 })
    await invoke(UpdateSSHPublicKey, rootContext(), { UserName: 'bob', SSHPublicKeyId: bob.sshPublicKeyId, Status: 'Inactive' })
    expect((await git(bob, folder, 'ls-remote', url)).stderr).toContain('Permission denied (publickey).')
  })

  test('signatures over SHA-1, and keys of kinds that IAM does not take', async () => {
    const user = await someone('old-fashioned', ['-t', 'rsa', '-b', '2048'])
    const strong = ['-o', 'PubkeyAcceptedAlgorithms=rsa-sha2-256']
    expect((await ssh(user, ['true'], strong)).stderr).toContain(greeting)
    const refused = await ssh(user, ['true'], ['-o', 'PubkeyAcceptedAlgorithms=ssh-rsa'])
    expect(refused.code).toBe(255)
    expect(refused.stderr).not.toContain(greeting)
    const ecdsa = { ...user, identity: sshKeyFile(folder, 'ecdsa', '-t', 'ecdsa') }
    expect((await ssh(ecdsa, ['true'])).stderr).toContain('Permission denied (publickey).')
  })

  test('a shell: who tries one reads AWS’s greeting', async () => {
    expect(await ssh(alice, [], ['-T'])).toEqual({ code: 1, stdout: '', stderr: `${greeting}\n` })
    const withTerminal = await ssh(alice, [], ['-tt'])
    expect(withTerminal).toMatchObject({ code: 255, stderr: expect.stringContaining('PTY allocation request failed') as string })
  })

  test.each([['id'], ['git-upload-pack'], ["git-upload-archive '/v1/repos/x'"], ["git-upload-pack '/v1/repos/x'; id"], ['scp -t /tmp'], ['$(id)']])('the command %s', async (command) => {
    const refused = await ssh(alice, [command])
    expect(refused).toMatchObject({ code: 1, stdout: '' })
    expect(refused.stderr).toContain('This command is none of Git’s.'.replace('’', "'"))
  })

  test('files by sftp and scp', async () => {
    const options = sshOptions({ port: door.port, identity: alice.identity, known: knownHosts(folder, door.port) }).map((option) => (option === '-p' ? '-P' : option))
    const sftp = await run('sftp', [...options, '-b', '-', `${alice.sshPublicKeyId}@127.0.0.1`], { input: 'ls\n' })
    expect(sftp.code).not.toBe(0)
    expect(sftp.stdout).toBe('')
    writeFileSync(join(folder, 'secret'), 'x')
    expect((await run('scp', [...options, join(folder, 'secret'), `${alice.sshPublicKeyId}@127.0.0.1:/tmp/x`])).code).not.toBe(0)
    expect((await run('scp', ['-O', ...options, join(folder, 'secret'), `${alice.sshPublicKeyId}@127.0.0.1:/tmp/x`])).code).not.toBe(0)
  })

  test('forwarding, of every kind', async () => {
    const listening = ['-o', 'ExitOnForwardFailure=yes', '-N']
    for (const remote of [['-R', '0:127.0.0.1:1'], ['-R', `${join(folder, 'socket')}:127.0.0.1:1`]]) {
      const refused = await ssh(alice, [], [...listening, ...remote])
      expect(refused.code).toBe(255)
      expect(refused.stderr).toMatch(/remote port forwarding failed|remote forward .*failed/i)
    }
    const through = await ssh(alice, [], ['-W', '127.0.0.1:22'])
    expect(through.code).not.toBe(0)
    expect(through.stderr).toMatch(/administratively prohibited|forwarding failed|stdio forwarding failed/)
  })

  test('more refs in one push than CodeCommit takes: 4,000 it is, 4,001 it is not', async () => {
    const url = await repository('many')
    const work = workTree('many')
    await commit(work, 'first', { a: 'a' })
    const oid = await head(work)
    const create = Array.from({ length: 4001 }, (_, index) => `create refs/many/${index} ${oid}\n`).join('')
    await run('git', ['update-ref', '--stdin'], { cwd: work, env: { HOME: folder }, input: create })
    const refused = await git(alice, work, 'push', '-q', url, 'refs/many/*:refs/heads/*')
    expect(refused.code).not.toBe(0)
    expect(refused.stderr).toContain('Too many reference update commands')
    expect((await git(alice, folder, 'ls-remote', url)).stdout).toBe('')
    await run('git', ['update-ref', '-d', 'refs/many/4000'], { cwd: work, env: { HOME: folder } })
    expect(await git(alice, work, 'push', '-q', url, 'refs/many/*:refs/heads/*')).toMatchObject({ code: 0 })
    expect((await git(alice, folder, 'ls-remote', '--heads', url)).stdout.trim().split('\n')).toHaveLength(4000)
  })

  test('what is no repository, each with what to do', async () => {
    const missing = await git(alice, folder, 'ls-remote', urlOf('/v1/regions/us-east-2/repos/missing'))
    expect(missing.stderr).toMatch(/remote error: RepositoryDoesNotExistException: missing does not exist/)
    for (const path of ['/nowhere', '/v1/regions/mars-1/repos/x', '/v1/repos/a/b']) {
      expect((await git(alice, folder, 'ls-remote', urlOf(path))).stderr).toMatch(/remote error: There is no such address. A clone URL is ssh:/)
    }
  })

  test('twenty-one wrong keys on one connection', async () => {
    const identities = Array.from({ length: 22 }, (_, index) => ['-i', sshKeyFile(folder, `guess-${index}`).file]).flat()
    const refused = await ssh({ ...alice, identity: sshKeyFile(folder, 'guess') }, ['true'], [...identities, '-v', '-o', 'LogLevel=DEBUG1'])
    expect(refused.code).toBe(255)
    const offered = refused.stderr.match(/Offering public key/g)?.length ?? 0
    expect(offered).toBeLessThanOrEqual(21)
    expect(refused.stderr).not.toContain('Permission denied')
  })
})

describe('AWS’s form of the path, which names no Region', () => {
  test('finds the one Region that has the repository, and says what to do where there are none or several', async () => {
    const only = await repository('only-here', 'eu-central-1')
    const work = workTree('only-here')
    await commit(work, 'first', { a: 'a' })
    expect(await git(alice, work, 'push', urlOf('/v1/repos/only-here'), 'main')).toMatchObject({ code: 0 })
    expect((await git(alice, folder, 'ls-remote', only)).stdout).toContain('refs/heads/main')

    await repository('twice', 'eu-central-1')
    await repository('twice', 'us-west-2')
    const twice = await git(alice, folder, 'ls-remote', urlOf('/v1/repos/twice'))
    expect(twice.stderr).toMatch(/The Region of twice is not known. It is in eu-central-1, us-west-2: name the Region in the URL, ssh:.*\/v1\/regions\/eu-central-1\/repos\/twice/)
    expect((await git(alice, folder, 'ls-remote', urlOf('/v1/repos/nowhere'))).stderr).toMatch(/Region of nowhere is not known. You have access to it in none/)
  })

  test('does not tell who may not read it that a repository is there', async () => {
    await repository('hidden')
    const outsider = await someone('outsider', undefined, { Effect: 'Allow', Action: 'codecommit:ListRepositories', Resource: '*' })
    const answer = async (name: string): Promise<string> => (await git(outsider, folder, 'ls-remote', urlOf(`/v1/repos/${name}`))).stderr.replaceAll(name, 'x')
    expect(await answer('hidden')).toBe(await answer('absent'))
  })
})

describe('connections', () => {
  test('one connection serves several commands side by side, and forgets none of what it is allowed', async () => {
    const url = await repository('shared')
    const work = workTree('shared')
    await commit(work, 'first', { a: randomText(2 * 1024 ** 2) })
    await git(alice, work, 'push', url, 'main')
    const socket = join(folder, 'mux')
    const carol = await someone('carol')
    const shared = ['-o', `ControlPath=${socket}`, '-o', 'ControlMaster=auto', '-o', 'ControlPersist=30']
    expect((await gitWith(carol, shared, folder, 'ls-remote', url)).code).toBe(0)
    const clones = await Promise.all(Array.from({ length: 6 }, (_, index) => gitWith(carol, shared, folder, 'clone', url, join(folder, `shared-${index}`))))
    expect(clones.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0, 0])
    // The connection is older than what is taken away now; the next command on it is not.
    await invoke(DeleteUserPolicy, rootContext(), { UserName: 'carol', PolicyName: 'Work' })
    expect((await gitWith(carol, shared, folder, 'ls-remote', url)).stderr).toContain('AccessDeniedException')
    await invoke(UpdateSSHPublicKey, rootContext(), { UserName: 'carol', SSHPublicKeyId: carol.sshPublicKeyId, Status: 'Inactive' })
    expect((await gitWith(carol, shared, folder, 'ls-remote', url)).stderr).toContain('no longer active')
    await ssh(carol, [], ['-O', 'exit', '-o', `ControlPath=${socket}`])
  })
})

type GitEvent = Readonly<{
  userAgent: string
  sourceIPAddress: string
  userIdentity: object
  additionalEventData?: { repositoryName?: string; protocol?: string; dataTransferred?: boolean }
}>

function someone(name: string, keyOptions: readonly string[] = [], ...statements: object[]): Promise<SshUser> {
  return sshUser(folder, name, keyOptions, ...statements)
}

async function repository(repositoryName: string, region = 'us-east-2'): Promise<string> {
  await invoke(CreateRepository, rootContext({ region }), { repositoryName })
  return urlOf(`/v1/regions/${region}/repos/${repositoryName}`)
}

function urlOf(path: string): string {
  return `ssh://127.0.0.1:${door.port}${path}`
}

function git(user: SshUser, cwd: string, ...args: string[]): Promise<Ran> {
  return gitWith(user, [], cwd, ...args)
}

function gitWith(user: SshUser, options: readonly string[], cwd: string, ...args: string[]): Promise<Ran> {
  const command = ['ssh', ...sshOptions({ port: door.port, identity: user.identity, known: knownHosts(folder, door.port) }), '-l', user.sshPublicKeyId, ...options]
  return run('git', args, {
    cwd,
    env: {
      HOME: folder, GIT_CONFIG_NOSYSTEM: '1', GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C',
      GIT_SSH_COMMAND: command.join(' '), GIT_SSH_VARIANT: 'ssh',
      GIT_AUTHOR_NAME: 'A', GIT_AUTHOR_EMAIL: 'a@example.com', GIT_COMMITTER_NAME: 'A', GIT_COMMITTER_EMAIL: 'a@example.com',
    },
  })
}

function ssh(user: SshUser, command: readonly string[], options: readonly string[] = []): Promise<Ran> {
  return run('ssh', [...sshOptions({ port: door.port, identity: user.identity, known: knownHosts(folder, door.port) }), ...options, `${user.sshPublicKeyId}@127.0.0.1`, ...command])
}

function workTree(name: string): string {
  const path = join(folder, `tree-${name}`)
  mkdirSync(path)
  return path
}

async function commit(work: string, message: string, files: Readonly<Record<string, string>>): Promise<void> {
  await git(alice, work, 'init', '-q', '-b', 'main')
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(work, path, '..'), { recursive: true })
    writeFileSync(join(work, path), content)
  }
  await git(alice, work, 'add', '-A')
  const { code, stderr } = await git(alice, work, 'commit', '-q', '-m', message)
  if (code !== 0) throw new Error(stderr)
}

/** A long history fast: what `git fast-import` is for. */
async function emptyCommits(work: string, count: number): Promise<void> {
  const commits = Array.from({ length: count }, (_, index) => `commit refs/heads/main\ncommitter A <a@example.com> ${1_700_000_000 + index} +0000\ndata 12\n${work.slice(-2)}${String(index).padStart(10)}\n${index === 0 ? 'from refs/heads/main^0\n' : ''}\n`)
  const { code, stderr } = await run('git', ['fast-import', '--quiet'], { cwd: work, env: { HOME: folder }, input: `${commits.join('')}done\n` })
  if (code !== 0) throw new Error(stderr)
}

async function head(work: string): Promise<string> {
  return (await git(alice, work, 'rev-parse', 'HEAD')).stdout.trim()
}

/** Text that hardly compresses. */
function randomText(length: number): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(65_536))).toString('base64').repeat(Math.ceil(length / 87_384)).slice(0, length)
}

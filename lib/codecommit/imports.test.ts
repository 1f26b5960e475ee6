import { execFile, execFileSync } from 'node:child_process'
import { readdirSync, rmSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LookupEvents } from '#lib/cloudtrail/api'
import { config, useConfig } from '#lib/config'
import { db } from '#lib/db'
import { TestRepository } from '#lib/git/test-repository'
import { CreateUser, PutUserPolicy } from '#lib/iam/api'
import { invoke } from '#lib/invoke'
import type { RequestContext } from '#lib/operation/context'
import { rootContext, userContext } from '#lib/testing/context'
import { testDatabase, type TestDatabase } from '#lib/testing/database'
import { gitSource, type GitSource } from '#lib/testing/git-source'
import { refusal } from '#lib/testing/refusal'
import { trailTable } from '#lib/testing/event-disk'
import { GetFile } from './content.ts'
import { GitPullRefs } from './git-pull.ts'
import { fetchProgress } from './import/read-source.ts'
import { type Import, interruptImports, markInterruptedImports } from './import/jobs.ts'
import { isPublicAddress } from './import/public-address.ts'
import { importSource } from './import/source.ts'
import { openTunnel } from './import/tunnel.ts'
import { CancelImport, GetImport, ListImports, StartImport } from './imports.ts'
import { CreateRepository, GetRepository } from './repositories.ts'
import { scratchTaken } from './storage/scratch-space.ts'

let database: TestDatabase
let work: TestRepository
let source: GitSource
let head: string
/** How often the moving source was listed, and what its branch moves to. */
let listed = 0
let moveTo = ''
/** Responses that a slow source holds back. */
const held: ServerResponse[] = []

beforeAll(async () => {
  database = await testDatabase()
  work = new TestRepository()
  work.commit('One', { 'README.md': 'hello\n' })
  work.git('tag', '-a', 'v1', '-m', 'first')
  work.git('branch', 'feature/ä')
  head = work.commit('Two', { 'README.md': 'hello again\n', 'docs/a.txt': 'a\n' })
  work.git('branch', '-m', 'main', 'trunk')
  work.git('update-ref', 'refs/pull/1/head', head)
  work.git('update-ref', 'refs/remotes/up/x', head)
  work.git('notes', 'add', '-m', 'a note', head)
  work.git('branch', '1'.repeat(40))
  work.bare('mirror.git')
  execFileSync('git', ['-C', work.directory, 'push', '-q', '--mirror', work.sibling('mirror.git')])
  execFileSync('git', ['-C', work.sibling('mirror.git'), 'symbolic-ref', 'HEAD', 'refs/heads/trunk'])
  execFileSync('git', ['init', '-q', '--bare', work.sibling('empty.git')])
  execFileSync('git', ['clone', '-q', '--bare', '--depth=1', `file://${work.directory}`, work.sibling('shallow.git')])
  source = await gitSource(dirname(work.directory), {
    credentials: { username: 'ada', password: 'p@ss word' },
    answer: (request, response) => {
      const path = request.url ?? ''
      if (path.startsWith('/redirect-private/')) response.writeHead(302, { location: `https://169.254.169.254/latest/` }).end()
      else if (path.startsWith('/redirect-http/')) response.writeHead(302, { location: `http://localhost:1/x/info/refs` }).end()
      else if (path.startsWith('/redirect/')) response.writeHead(302, { location: path.replace('/redirect/', '/') }).end()
      // By the old protocol the refs are listed in the first answer; what is asked for then is held back.
      else if (path.startsWith('/slow/') && request.method === 'POST') held.push(response)
      else if (path.startsWith('/slow/')) {
        request.url = path.replace('/slow/', '/')
        delete request.headers['git-protocol']
        return false
      }
      else if (path.startsWith('/moving.git/info/refs') && request.headers.authorization !== undefined) {
        // Listed once more, it is another: forced to a history that the first list did not have.
        if ((listed += 1) === 2) execFileSync('git', ['-C', work.sibling('moving.git'), 'update-ref', 'refs/heads/trunk', moveTo])
        return false
      } else if (path.startsWith('/garbage/')) response.writeHead(200, { 'content-type': 'application/x-git-upload-pack-advertisement' }).end('garbage')
      else if (path.startsWith('/gone/')) response.writeHead(404).end()
      else return false
      return true
    },
  })
  useConfig({ ...config(), importHosts: [source.host], importCaFile: source.caFile })
})
afterAll(async () => {
  await interruptImports()
  await source[Symbol.asyncDispose]()
  work[Symbol.dispose]()
  await database[Symbol.asyncDispose]()
})

const sign = { username: 'ada', password: 'p@ss word' }

describe('an import', () => {
  test('brings every branch, tag and note, says what it leaves out, and goes the way of a push', async () => {
    const started = await start({ repositoryName: 'all', repositoryDescription: 'Brought' })
    expect(started).toMatchObject({ state: 'IN_PROGRESS', branches: 2, tags: 1, notes: 1, sourceUrl: `${source.origin}/mirror.git` })
    const done = await over(started.importId)
    expect(done).toMatchObject({ state: 'SUCCEEDED', repositoryName: 'all' })
    expect(new Map(done.leftOut.map(({ what, refs }) => [what, refs]))).toEqual(
      new Map([['pull requests', 1], ['refs that are neither branch, tag nor note', 1], ['names that CodeCommit does not take', 1]]),
    )
    const objects = Number(work.git('rev-list', '--objects', '--count', 'refs/heads/trunk', 'refs/notes/commits', 'refs/tags/v1')) + 0
    expect(done.progress.objectsReceived).toBeGreaterThanOrEqual(objects)
    expect(done.progress.bytesReceived).toBeGreaterThan(1000)

    const { refs } = await invoke(GitPullRefs, rootContext(), { repositoryName: 'all', transport: 'HTTP' })
    expect(refs.head).toBe('refs/heads/trunk')
    const there = work.refs().refs
    expect([...refs.refs.keys()].sort()).toEqual(['refs/heads/feature/ä', 'refs/heads/trunk', 'refs/notes/commits', 'refs/tags/v1'])
    for (const [name, ref] of refs.refs) expect([name, ref]).toEqual([name, there.get(name)])
    expect((await invoke(GetRepository, rootContext(), { repositoryName: 'all' })).repositoryMetadata).toMatchObject({ defaultBranch: 'trunk', repositoryDescription: 'Brought' })
    const { fileContent } = await invoke(GetFile, rootContext(), { repositoryName: 'all', filePath: 'docs/a.txt' })
    expect(Buffer.from(fileContent).toString()).toBe('a\n')
    expect(readdirSync(join(database.scratch, 'quarantine'))).toEqual([])
    expect((await events('GitPush')).map(({ additionalEventData }) => additionalEventData)).toContainEqual(expect.objectContaining({ protocol: 'IMPORT', dataTransferred: true, repositoryName: 'all' }))
    expect((await events('GenerateDataKey'))[0]?.userIdentity).toMatchObject({ type: 'Root', invokedBy: 'codecommit.amazonaws.com' })
  })

  test('keeps no credentials, in whatever form they come', async () => {
    const { importId } = await start({ repositoryName: 'secret', sourceUrl: `https://ada:${encodeURIComponent(sign.password)}@${source.host}/mirror.git`, username: undefined, password: undefined })
    expect((await over(importId)).state).toBe('SUCCEEDED')
    await refused({ sourceUrl: `ftp://ada:p%40ss%20word@${source.host}/mirror.git` })
    const kept = JSON.stringify([await db().repositoryImport.findMany(), await (await trailTable()).findMany()], (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
    expect(kept).toContain('StartImport')
    for (const secret of [sign.password, encodeURIComponent(sign.password), Buffer.from(`ada:${sign.password}`).toString('base64'), 'feature/ä', 'refs/heads', '1'.repeat(40)]) expect(kept).not.toContain(secret)
  })

  test('into a repository that is there and empty, and not into one that is not', async () => {
    await invoke(CreateRepository, rootContext(), { repositoryName: 'waiting' })
    expect((await over((await start({ repositoryName: 'waiting' })).importId)).state).toBe('SUCCEEDED')
    expect((await refused({ repositoryName: 'waiting' })).code).toBe('RepositoryNotEmptyException')
  })

  test('follows a redirect of its own host', async () => {
    expect((await over((await start({ repositoryName: 'moved', sourceUrl: `${source.origin}/redirect/mirror.git` })).importId)).state).toBe('SUCCEEDED')
  })
})

describe('what is refused at once, with nothing made', () => {
  test.each([
    ['no credentials', { username: undefined, password: undefined }, 'SourceAuthenticationFailedException'],
    ['wrong credentials', { password: 'wrong' }, 'SourceAuthenticationFailedException'],
    ['no such repository', { sourceUrl: '/nothing-here.git' }, 'SourceNotFoundException'],
    ['an empty source', { sourceUrl: '/empty.git' }, 'EmptySourceException'],
    ['no Git server', { sourceUrl: '/garbage/x' }, 'SourceUnavailableException'],
    ['a name that is no name', { repositoryName: 'a b' }, 'InvalidRepositoryNameException'],
    ['a redirect to a metadata service', { sourceUrl: '/redirect-private/x' }, 'SourceAddressNotAllowedException'],
    ['a redirect to plain HTTP', { sourceUrl: '/redirect-http/x' }, 'SourceAddressNotAllowedException'],
  ])('%s', async (_title, input, code) => {
    const url = 'sourceUrl' in input ? { sourceUrl: `${source.origin}${input.sourceUrl}` } : {}
    const { code: given, message } = await refused({ repositoryName: 'never', ...input, ...url })
    expect({ given, message }).toMatchObject({ given: code })
    expect(await db().repository.findFirst({ where: { name: 'never' } })).toBeNull()
  })

  test.each(['file:///etc', '/etc', '../x', 'http://localhost/x', 'ssh://git@localhost/x', 'git@localhost:x', 'git://localhost/x', 'ext::sh -c id', 'https://localhost/x?token=a', '', '-u'])('%s is no source', (sourceUrl) => {
    expect(() => importSource({ sourceUrl })).toThrow(/https:\/\/|query/)
  })

  test('an address that is not public, by number, name or resolution', async () => {
    useConfig({ ...config(), importHosts: [] })
    try {
      const { port } = new URL(source.origin)
      for (const host of ['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '2130706433', '0x7f.1', '0.0.0.0', '10.1.2.3', '169.254.169.254', '[fd00::1]', '[fe80::1]']) {
        const { code, message } = await refused({ sourceUrl: `https://${host}:${port}/mirror.git` })
        expect({ host, code }).toEqual({ host, code: 'SourceAddressNotAllowedException' })
        expect(message).toContain('CODEKEEP_IMPORT_HOSTS')
      }
    } finally {
      useConfig({ ...config(), importHosts: [source.host] })
    }
    expect(['8.8.8.8', '2606:4700::1111'].map(isPublicAddress)).toEqual([true, true])
    expect(['192.168.1.1', '172.31.0.1', '100.64.0.1', '224.0.0.1', '::1', '::', '2002:7f00:1::', '64:ff9b::7f00:1', '2001:db8::1'].map(isPublicAddress)).not.toContain(true)
  })

  test('a source that sends more than there is room for', async () => {
    const list = (proxy: string) =>
      promisify(execFile)('git', ['-c', `http.proxy=${proxy}`, '-c', 'http.proxyAuthMethod=basic', '-c', `http.sslCAInfo=${source.caFile}`, 'ls-remote', `${source.origin}/slow/mirror.git`])
    const tunnel = await openTunnel(importSource({ sourceUrl: source.origin }), 100)
    await expect(list(tunnel.proxy)).rejects.toThrow('unable to access')
    expect(tunnel.refusal()).toContain('more than 100 bytes')
    // The tunnel is for this import's git alone.
    const stranger = await openTunnel(importSource({ sourceUrl: source.origin }), 1e6)
    await expect(list(stranger.proxy.replace(/codekeep:[0-9a-f]+@/, ''))).rejects.toThrow('407')
    expect(stranger.received()).toBe(0)
    stranger.close()
    tunnel.close()
  })
})

describe('who may import', () => {
  const all = { Effect: 'Allow', Action: 'codecommit:*', Resource: '*' }
  test.each([
    ['without StartImport: what AWSCodeCommitPowerUser may', [{ ...all, Action: ['codecommit:Create*', 'codecommit:Get*', 'codecommit:List*', 'codecommit:GitPull', 'codecommit:GitPush'] }], 'codecommit:StartImport'],
    ['denied CreateRepository', [all, { ...all, Effect: 'Deny', Action: 'codecommit:CreateRepository' }], 'codecommit:CreateRepository'],
    ['denied one branch', [all, { ...all, Effect: 'Deny', Action: 'codecommit:GitPush', Condition: { StringEquals: { 'codecommit:References': 'refs/heads/trunk' } } }], 'codecommit:GitPush'],
  ])('%s', async (_title, statements, action) => {
    const user = await userWith(statements)
    const { code, message } = await refused({ repositoryName: 'forbidden' }, user)
    expect({ code, named: message.includes(action) }).toEqual({ code: 'AccessDeniedException', named: true })
    expect(await db().repository.findFirst({ where: { name: 'forbidden' } })).toBeNull()
  })

  test('denied the key: told at the start, in KMS’s words', async () => {
    const user = await userWith([all, { Effect: 'Deny', Action: 'kms:GenerateDataKey', Resource: '*' }])
    const { code, message } = await refused({ repositoryName: 'keyless' }, user)
    expect({ code, named: message.includes('kms:GenerateDataKey') }).toEqual({ code: 'EncryptionKeyAccessDeniedException', named: true })
  })

  test('seeing and cancelling are permissions of their own', async () => {
    const { importId } = await start({ repositoryName: 'watched' })
    await over(importId)
    const nobody = await userWith([{ ...all, Action: 'codecommit:StartImport' }])
    for (const attempt of [invoke(GetImport, nobody, { importId }), invoke(ListImports, nobody, {}), invoke(CancelImport, nobody, { importId })]) {
      expect((await refusal(attempt)).code).toBe('AccessDeniedException')
    }
    const { imports } = await invoke(ListImports, rootContext(), {})
    expect(imports[0]).toMatchObject({ importId, state: 'SUCCEEDED' })
    expect((await refusal(invoke(CancelImport, rootContext(), { importId }))).code).toBe('ImportNotInProgressException')
    expect((await refusal(invoke(GetImport, rootContext(), { importId: 'none' }))).code).toBe('ImportDoesNotExistException')
    expect((await refusal(invoke(GetImport, rootContext({ region: 'eu-west-1' }), { importId }))).code).toBe('ImportDoesNotExistException')
  })
})

describe('an import that is under way', () => {
  const slow = (repositoryName: string) => start({ repositoryName, sourceUrl: `${source.origin}/slow/mirror.git` })

  test('is one for a repository and three in all; cancelled, nothing of it is kept; stopped, it says so', async () => {
    const [one, two, three] = [await slow('slow-1'), await slow('slow-2'), await slow('slow-3')]
    expect((await refused({ repositoryName: 'slow-1' })).code).toBe('ImportInProgressException')
    expect((await refused({ repositoryName: 'slow-4' })).code).toBe('ConcurrentImportsLimitExceededException')
    expect((await invoke(GetImport, rootContext(), { importId: one.importId })).import).toMatchObject({ state: 'IN_PROGRESS', progress: { phase: 'CONNECTING' } })
    await invoke(CancelImport, rootContext(), { importId: one.importId })
    expect((await over(one.importId)).state).toBe('CANCELLED')
    const { refs } = await invoke(GitPullRefs, rootContext(), { repositoryName: 'slow-1', transport: 'HTTP' })
    expect(refs.refs.size).toBe(0)
    // It may be imported into again.
    expect((await over((await start({ repositoryName: 'slow-1' })).importId)).state).toBe('SUCCEEDED')
    await interruptImports()
    expect((await over(two.importId)).state).toBe('INTERRUPTED')
    // As a killed server leaves it.
    await db().repositoryImport.update({ where: { id: three.importId }, data: { state: 'IN_PROGRESS', endedAt: null } })
    await markInterruptedImports()
    expect((await over(three.importId)).state).toBe('INTERRUPTED')
    expect(readdirSync(join(database.scratch, 'quarantine'))).toEqual([])
    expect(scratchTaken()).toBeLessThan(1e6)
  })

  test('a source whose branch is moved meanwhile: what was listed is imported where it came too, and nothing where it did not', async () => {
    for (const [name, to, state] of [
      ['forward', work.git('commit-tree', '-p', head, '-m', 'Three', `${head}^{tree}`), 'SUCCEEDED'],
      ['forced', work.git('commit-tree', '-m', 'Other', `${head}^{tree}`), 'FAILED'],
    ] as const) {
      rmSync(work.sibling('moving.git'), { recursive: true, force: true })
      execFileSync('git', ['init', '-q', '--bare', work.sibling('moving.git')])
      work.git('push', '-q', work.sibling('moving.git'), `${head}:refs/heads/trunk`, `${to}:refs/heads/other`)
      listed = 0
      moveTo = to
      const done = await over((await start({ repositoryName: name, sourceUrl: `${source.origin}/moving.git` })).importId)
      expect({ name, state: done.state, failure: done.failure?.message }).toMatchObject({ name, state })
      const { refs } = await invoke(GitPullRefs, rootContext(), { repositoryName: name, transport: 'HTTP' })
      expect(refs.refs.get('refs/heads/trunk')?.oid).toBe(state === 'SUCCEEDED' ? head : undefined)
    }
  })

  test('a shallow source is refused: its history is cut off', async () => {
    const { importId } = await start({ repositoryName: 'cut', sourceUrl: `${source.origin}/shallow.git` })
    expect(await over(importId)).toMatchObject({ state: 'FAILED', failure: { code: 'SourceNotAcceptedException' } })
    expect((await invoke(GitPullRefs, rootContext(), { repositoryName: 'cut', transport: 'HTTP' })).refs.refs.size).toBe(0)
  })
})

test('git’s progress is read, and what the source says is not taken for it', () => {
  expect(fetchProgress('Receiving objects:  45% (123/456), 1.20 MiB | 500.00 KiB/s\r')).toEqual({ step: 'receiving', done: 123, total: 456 })
  expect(fetchProgress('Receiving objects: 100% (9/9), done.\nResolving deltas:  50% (1/2)\r')).toEqual({ step: 'checking', done: 1, total: 2 })
  expect(fetchProgress('remote: Receiving objects:  45% (123/456)\r')).toBeNull()
})

type Input = Partial<Record<'sourceUrl' | 'username' | 'password' | 'repositoryName' | 'repositoryDescription', string | undefined>>
const inputOf = (input: Input) => ({ sourceUrl: `${source.origin}/mirror.git`, ...sign, repositoryName: 'any', ...input })

async function start(input: Input): Promise<Import> {
  return (await invoke(StartImport, rootContext(), inputOf(input))).import
}

function refused(input: Input, context: RequestContext = rootContext()) {
  return refusal(invoke(StartImport, context, inputOf(input)))
}

async function over(importId: string): Promise<Import> {
  for (;;) {
    const { import: each } = await invoke(GetImport, rootContext(), { importId })
    if (each.state !== 'IN_PROGRESS') return each
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

let users = 0
async function userWith(Statement: object[]): Promise<RequestContext> {
  const UserName = `importer-${(users += 1)}`
  const { User } = await invoke(CreateUser, rootContext(), { UserName })
  await invoke(PutUserPolicy, rootContext(), { UserName, PolicyName: 'Work', PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }) })
  return userContext({ id: User.UserId, name: UserName, arn: User.Arn })
}

type Recorded = { additionalEventData?: unknown; userIdentity: unknown }

async function events(EventName: string): Promise<Recorded[]> {
  const { Events } = await invoke(LookupEvents, rootContext(), { LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: EventName }] })
  return Events.map(({ CloudTrailEvent }) => JSON.parse(CloudTrailEvent) as Recorded)
}

import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LookupEvents } from '#lib/cloudtrail/api'
import { config, useConfig } from '#lib/config'
import { GitPullRefs } from '#lib/codecommit/git-pull'
import { interruptImports } from '#lib/codecommit/import/jobs'
import { CreateRepository } from '#lib/codecommit/repositories'
import { objectPath } from '#lib/codecommit/storage/object-store'
import { db } from '#lib/db'
import { TestRepository } from '#lib/git/test-repository'
import { CreateAccessKey, CreateUser, PutUserPolicy } from '#lib/iam/api'
import { invoke } from '#lib/invoke'
import { rootContext } from '#lib/testing/context'
import { gitSource, type GitSource } from '#lib/testing/git-source'
import { testServer, type TestServer } from '#lib/testing/server'
import { nameOf } from './import.ts'

let server: TestServer
let source: GitSource
let work: TestRepository
let folder: string
let alice: Key
let head: string
const held: ServerResponse[] = []

beforeAll(async () => {
  server = await testServer()
  folder = mkdtempSync(join(tmpdir(), 'codekeep-client-'))
  work = new TestRepository()
  work.commit('One', { 'README.md': 'hello\n' })
  work.git('tag', '-a', 'v1', '-m', 'first')
  head = work.commit('Two', { 'README.md': 'hello again\n' })
  work.git('branch', 'feature')
  work.git('update-ref', 'refs/pull/1/head', head)
  work.bare('mirror.git')
  source = await gitSource(dirname(work.directory), {
    answer: (request, response) => {
      if (request.url?.startsWith('/slow/') !== true) return false
      if (request.method === 'POST') {
        held.push(response)
        return true
      }
      request.url = request.url.replace('/slow/', '/')
      delete request.headers['git-protocol']
      return false
    },
  })
  useConfig({ ...config(), importHosts: [source.host], importCaFile: source.caFile })
  alice = await user('alice', [allOfCodeCommit])
})
afterAll(async () => {
  await interruptImports()
  await source[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
  work[Symbol.dispose]()
  rmSync(folder, { recursive: true, force: true })
})

const allOfCodeCommit = { Effect: 'Allow', Action: 'codecommit:*', Resource: '*' }

describe('npx codekeep import', () => {
  test('a URL, fetched by the server', async () => {
    const { code, stdout, stderr } = await codekeep(['import', `${source.origin}/mirror.git`, '--name', 'by-server'])
    expect({ code, stdout }, stderr).toMatchObject({ code: 0, stdout: expect.stringMatching(/us-east-2\/by-server: \d+ objects; 2 branches, 1 tags, 0 refs of notes/) as string })
    expect(await tip('by-server')).toBe(head)
  })

  test('a path, pushed from here: a worktree, a bare one, and into a repository that is there', async () => {
    for (const [path, name] of [[work.directory, 'work'], [work.sibling('mirror.git'), 'mirror']] as const) {
      const { code, stdout, stderr } = await codekeep(['import', path])
      expect({ code, stdout }, stderr).toMatchObject({ code: 0, stdout: expect.stringContaining(`us-east-2/${name}: 2 branches, 1 tags`) as string })
      if (name === 'work') expect(stdout).toContain('left out: refs that are neither branch, tag nor note: 1')
      expect(await tip(name)).toBe(head)
    }
    expect((await codekeep(['import', work.directory])).code).toBe(0)
  })

  test('--from-here reads a URL with this machine’s git, and leaves nothing behind', async () => {
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith('codekeep-import-'))
    const { code, stderr } = await codekeep(['import', `${source.origin}/mirror.git`, '--name', 'from-here', '--from-here'], alice, { GIT_SSL_CAINFO: source.caFile })
    expect({ code }, stderr).toEqual({ code: 0 })
    expect(await tip('from-here')).toBe(head)
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('codekeep-import-'))).toEqual(before)
  })

  test('Ctrl-C cancels; a client that is killed does not end it', async () => {
    const interrupted = run(['import', `${source.origin}/slow/mirror.git`, '--name', 'cancelled'])
    await started('cancelled')
    interrupted.child.kill('SIGINT')
    const { code, stderr } = await interrupted.ended
    expect({ code, said: stderr.includes('was cancelled; nothing of the source was kept') }, stderr).toEqual({ code: 1, said: true })
    const killed = run(['import', `${source.origin}/slow/mirror.git`, '--name', 'killed'])
    await started('killed')
    killed.child.kill('SIGKILL')
    await killed.ended
    expect((await db().repositoryImport.findFirstOrThrow({ where: { repositoryName: 'killed' } })).state).toBe('IN_PROGRESS')
    await interruptImports()
  })

  test('who may not import by the server is told so, and may from here', async () => {
    const power = await user('power', [{ ...allOfCodeCommit, Action: ['codecommit:Create*', 'codecommit:Get*', 'codecommit:Update*', 'codecommit:GitPush'] }])
    const refused = await codekeep(['import', `${source.origin}/mirror.git`, '--name', 'powers'], power)
    expect({ code: refused.code, stderr: refused.stderr }).toMatchObject({ code: 1, stderr: expect.stringMatching(/--from-here.*AccessDeniedException: .*codecommit:StartImport/s) as string })
    expect((await codekeep(['import', work.directory, '--name', 'powers'], power)).code).toBe(0)
  })

  test('a name is found in any kind of source', () => {
    for (const given of ['https://host/team/widget.git', 'git@host:team/widget.git', 'git@host:widget', '/srv/widget/', '../widget/.git', 'widget']) expect([given, nameOf(given)]).toEqual([given, 'widget'])
  })
})

describe('npx codekeep export', () => {
  test('writes a bundle that git verifies and clones, under GitPull and an event', async () => {
    await codekeep(['import', work.directory, '--name', 'leaving'])
    const { code, stdout, stderr } = await codekeep(['export', 'leaving'])
    expect({ code, said: stdout.startsWith('leaving.bundle: ') }, stderr).toEqual({ code: 0, said: true })
    const bundle = join(folder, 'leaving.bundle')
    expect(work.git('bundle', 'verify', bundle)).toContain('complete history')
    execFileSync('git', ['clone', '-q', '--mirror', bundle, join(folder, 'back.git')])
    const back = execFileSync('git', ['-C', join(folder, 'back.git'), 'for-each-ref', '--format=%(objectname) %(refname)'], { encoding: 'utf8' })
    expect(back.trim().split('\n').sort()).toEqual(work.git('for-each-ref', '--format=%(objectname) %(refname)', 'refs/heads', 'refs/tags').split('\n').sort())
    execFileSync('git', ['-C', join(folder, 'back.git'), 'fsck', '--strict'], { stdio: 'pipe' })
    const piped = await codekeep(['export', 'leaving', '-'])
    expect(piped.stdout.slice(0, 20)).toContain('git bundle')
    expect((await events('ExportRepository'))[0]).toMatchObject({ additionalEventData: { repositoryName: 'leaving', dataTransferred: true }, userIdentity: { userName: 'alice' } })
  })

  test('refused without GitPull, denied the key, of nothing, and of nothing at all: no file', async () => {
    await invoke(CreateRepository, rootContext(), { repositoryName: 'empty' })
    const nobody = await user('nobody', [{ ...allOfCodeCommit, Action: 'codecommit:Get*' }])
    const keyless = await user('keyless', [allOfCodeCommit, { Effect: 'Deny', Action: 'kms:Decrypt', Resource: '*' }])
    for (const [name, key, reason] of [['leaving', nobody, 'codecommit:GitPull'], ['leaving', keyless, 'kms:Decrypt'], ['empty', alice, 'is empty'], ['none', alice, 'none does not exist']] as const) {
      const { code, stderr } = await codekeep(['export', name, 'refused.bundle'], key)
      expect({ name, code, named: stderr.includes(reason) }, stderr).toEqual({ name, code: 1, named: true })
    }
    expect(readdirSync(folder).filter((file) => file.startsWith('refused'))).toEqual([])
  })
})

describe('npx codekeep verify', () => {
  test('says what is whole, what is damaged and where, what may not be read; exit codes', async () => {
    await codekeep(['import', work.directory, '--name', 'broken'])
    const whole = await codekeep(['verify', 'broken'])
    expect({ code: whole.code, stdout: whole.stdout }).toMatchObject({ code: 0, stdout: expect.stringMatching(/^whole {5}us-east-2\/broken {2}.* opened, \d+ objects checked\n1 whole, 0 damaged, 0 not verified\n$/) as string })
    const { id: repositoryId } = await db().repository.findFirstOrThrow({ where: { name: 'broken' } })
    const { id } = await db().storedObject.findFirstOrThrow({ where: { repositoryId, kind: 'pack' } })
    const bytes = readFileSync(objectPath(id))
    bytes[200] = (bytes[200] ?? 0) ^ 4
    writeFileSync(objectPath(id), bytes)
    const damaged = await codekeep(['verify'])
    expect(damaged.code).toBe(1)
    expect(damaged.stdout).toContain(`pack ${id}: was altered`)
    expect(damaged.stdout).toMatch(/damaged {3}us-east-2\/broken {2}\d+ problems/)
    expect(damaged.stdout).toMatch(/\n\d+ whole, 1 damaged, 0 not verified\n$/)
    const reader = await user('reader', [{ ...allOfCodeCommit, Action: ['codecommit:ListRepositories', 'codecommit:GitPull'] }, { Effect: 'Deny', Action: 'codecommit:GitPull', Resource: 'arn:aws:codecommit:*:*:broken' }])
    const partly = await codekeep(['verify'], reader)
    expect({ code: partly.code, stdout: partly.stdout }).toMatchObject({ code: 2, stdout: expect.stringMatching(/refused {3}us-east-2\/broken {2}AccessDeniedException: .*codecommit:GitPull/) as string })
  })

  test('mistakes are told in a line, and credentials are found as the aws command finds them', async () => {
    expect(await codekeep(['verify', 'a', 'b'])).toMatchObject({ code: 2, stderr: 'codekeep: give one repository, or none for all\n' })
    expect((await codekeep(['verify', '--nonsense'])).code).toBe(2)
    expect((await codekeep(['import'])).stderr).toContain('npx codekeep import <url or path>')
    expect((await codekeep(['verify', '--help'])).stdout).toContain('Exit code')
    const none = await codekeep(['verify'], { accessKeyId: '', secretAccessKey: '' })
    expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining('no credentials') as string })
    expect((await codekeep(['verify', 'work'], { ...alice, secretAccessKey: 'x'.repeat(40) })).stdout).toContain('InvalidSignatureException')
    expect((await codekeep(['verify', 'work', '--ca-bundle', source.caFile])).stderr).toMatch(/cannot be reached.*ca-bundle/)
    writeFileSync(join(folder, 'credentials'), `[work]\naws_access_key_id = ${alice.accessKeyId}\naws_secret_access_key=${alice.secretAccessKey}\n`)
    const profile = await codekeep(['verify', 'work', '--profile', 'work'], { accessKeyId: '', secretAccessKey: '' }, { AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials') })
    expect({ code: profile.code }, profile.stderr).toEqual({ code: 0 })
    expect(existsSync(join(folder, 'data'))).toBe(false)
  })
})

type Key = Readonly<{ accessKeyId: string; secretAccessKey: string }>

async function user(UserName: string, Statement: object[]): Promise<Key> {
  await invoke(CreateUser, rootContext(), { UserName })
  await invoke(PutUserPolicy, rootContext(), { UserName, PolicyName: 'Work', PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }) })
  const { AccessKey } = await invoke(CreateAccessKey, rootContext(), { UserName })
  return { accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey }
}

function run(args: readonly string[], key: Key = alice, environment: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../scripts/codekeep.mjs'), ...args], {
    cwd: folder,
    env: {
      NODE_ENV: 'production', PATH: process.env.PATH, HOME: folder, AWS_ACCESS_KEY_ID: key.accessKeyId, AWS_SECRET_ACCESS_KEY: key.secretAccessKey,
      AWS_REGION: 'us-east-2', AWS_ENDPOINT_URL: server.origin, AWS_CA_BUNDLE: server.caFile, ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString('latin1')))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })))
  return { child, ended }
}

function codekeep(...given: Parameters<typeof run>) {
  return run(...given).ended
}

async function started(repositoryName: string): Promise<void> {
  while (!(await db().repositoryImport.findFirst({ where: { repositoryName } }))) await new Promise((resolve) => setTimeout(resolve, 50))
  // The client has its answer once it asks how far it is.
  while (!JSON.stringify(await events('GetImport')).includes((await db().repositoryImport.findFirstOrThrow({ where: { repositoryName } })).id)) await new Promise((resolve) => setTimeout(resolve, 100))
}

async function tip(repositoryName: string): Promise<string | undefined> {
  const { refs } = await invoke(GitPullRefs, rootContext(), { repositoryName, transport: 'HTTP' })
  expect(refs.head).toBe('refs/heads/main')
  return refs.refs.get('refs/heads/main')?.oid
}

async function events(EventName: string): Promise<unknown[]> {
  const { Events } = await invoke(LookupEvents, rootContext(), { LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: EventName }] })
  return Events.map(({ CloudTrailEvent }) => JSON.parse(CloudTrailEvent) as unknown)
}

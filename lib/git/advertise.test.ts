import { expect, test } from 'vitest'
import {
  advertiseReceivePack,
  advertiseUploadPack,
  advertiseV2,
  gitProtocolVersion,
  serviceHeader,
} from '#lib/git/advertise'
import { decodePkts, pktText } from '#lib/git/pkt-line'
import { TestRepository } from '#lib/git/test-repository'

test('Git-Protocol is a list whose highest known version counts; anything else is version 0', () => {
  expect(gitProtocolVersion('version=2')).toBe(2)
  expect(gitProtocolVersion('version=1')).toBe(1)
  expect(gitProtocolVersion('version=1:version=2:key')).toBe(2)
  expect(gitProtocolVersion('version=2:version=1')).toBe(2)
  for (const value of [undefined, '', 'version=0', 'version=3', 'version', 'version=22', ' version=2']) {
    expect(gitProtocolVersion(value)).toBe(0)
  }
})

test.for(['full', 'empty', 'unborn HEAD', 'annotated tag of a tag'] as const)(
  'what git would advertise for a repository (%s), byte for byte',
  (kind) => {
    using repository = sample(kind)
    const agent = `git/${gitVersion(repository)}`
    const refs = repository.refs()
    for (const statelessRpc of [true, false]) {
      for (const protocol of [0, 1] as const) {
        const ours = advertiseUploadPack(refs, { protocol, statelessRpc, agent })
        // From 2.42 git tells its capabilities for an empty repository too; before, and here, there is no line for them.
        const git = ask(repository, 'upload-pack', protocol, statelessRpc)
        if (refs.refs.size > 0 || !git.includes('capabilities^{}')) expect(ours.toString()).toBe(git)
      }
    }
    for (const protocol of [0, 1, 2] as const) {
      for (const pushOptions of [false, true]) {
        repository.git('config', 'receive.advertisePushOptions', String(pushOptions))
        const ours = advertiseReceivePack(refs, { protocol, agent, pushOptions })
        expect(ours.toString()).toBe(ask(repository, 'receive-pack', protocol, true))
      }
    }
  },
)

test('the capabilities of protocol 2 are git’s, but for object-info, which git says only up to 2.39', () => {
  using repository = sample('full')
  const git = ask(repository, 'upload-pack', 2, true)
  const ours = advertiseV2({ agent: `git/${gitVersion(repository)}`, objectInfo: git.includes('object-info') })
  expect(ours.toString()).toBe(git)
  expect(advertiseV2({ agent: 'x' }).toString()).not.toContain('object-info')
})

test('no-thin is told only where it was asked for', () => {
  using repository = sample('full')
  const first = (noThin: boolean): string => {
    const [pkt] = decodePkts(advertiseReceivePack(repository.refs(), { protocol: 0, agent: 'x', noThin }))
    return pkt?.type === 'data' ? pktText(pkt.data) : ''
  }
  expect(first(true)).toContain(' no-thin ')
  expect(first(false)).not.toContain('no-thin')
})

test('an agent cannot bring in capabilities of its own', () => {
  const refs = { head: null, refs: new Map() }
  const bytes = advertiseReceivePack(refs, { protocol: 0, agent: 'codekeep 1\nno-thin' }).toString()
  expect(bytes).toContain('agent=codekeep.1.no-thin\n')
})

test('smart HTTP announces the service in every version but 2', () => {
  expect(serviceHeader('git-upload-pack', 0).toString()).toBe('001e# service=git-upload-pack\n0000')
  expect(serviceHeader('git-upload-pack', 2)).toHaveLength(0)
  // Push has no version 2, so it is answered as version 0 is.
  expect(serviceHeader('git-receive-pack', 2).toString()).toBe('001f# service=git-receive-pack\n0000')
})

function sample(kind: 'full' | 'empty' | 'unborn HEAD' | 'annotated tag of a tag'): TestRepository {
  const repository = new TestRepository()
  repository.git('config', 'uploadpack.allowFilter', 'true')
  repository.git('config', 'uploadpack.allowAnySHA1InWant', 'true')
  if (kind === 'empty') return repository
  repository.commit('one', { 'a.txt': 'a' })
  repository.git('tag', 'light')
  repository.git('tag', '-a', '-m', 'first', 'v1')
  for (const name of ['größe', '\u{1F389}', '\uFF5E', 'a/b', 'a-b', 'a.b']) repository.git('branch', name)
  if (kind === 'annotated tag of a tag') repository.git('tag', '-a', '-m', 'nested', 'nested', 'v1')
  if (kind === 'unborn HEAD') repository.git('symbolic-ref', 'HEAD', 'refs/heads/not-yet')
  return repository
}

function ask(repository: TestRepository, service: string, protocol: number, statelessRpc: boolean): string {
  const args = [service, ...(statelessRpc ? ['--stateless-rpc', '--http-backend-info-refs'] : []), repository.gitDir]
  return repository.try('-c', `alias.ask=!GIT_PROTOCOL=version=${protocol} git ${args.join(' ')} </dev/null`, 'ask').stdout.toString()
}

function gitVersion(repository: TestRepository): string {
  return /version (\S+)/.exec(repository.git('version'))?.[1] ?? ''
}

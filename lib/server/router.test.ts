import { expect, test } from 'vitest'
import { classify } from './router.ts'

function route(method: string, url: string, host = 'localhost:8443') {
  return classify({ method, url, host }, 'localhost')
}

const git = { door: 'git', region: 'us-east-2', repositoryName: 'MyDemoRepo' } as const
const universal = '/v1/regions/us-east-2/repos/MyDemoRepo'
const regional = '/v1/repos/MyDemoRepo'
const host = 'git-codecommit.us-east-2.localhost:8443'

test('both forms of a clone URL lead to git', () => {
  const pull = { ...git, service: 'git-upload-pack' }
  const push = { ...git, service: 'git-receive-pack' }
  expect(route('GET', `${universal}/info/refs?service=git-upload-pack`)).toEqual({ ...pull, phase: 'advertise', path: universal })
  expect(route('POST', `${universal}/git-upload-pack`)).toEqual({ ...pull, phase: 'rpc', path: universal })
  expect(route('GET', `${universal}/info/refs?service=git-receive-pack`)).toEqual({ ...push, phase: 'advertise', path: universal })
  expect(route('GET', `${regional}/info/refs?service=git-upload-pack`, host)).toEqual({ ...pull, phase: 'advertise', path: regional })
  expect(route('POST', `${regional}/git-receive-pack`, host)).toEqual({ ...push, phase: 'rpc', path: regional })
  expect(route('POST', `${regional}/git-receive-pack`, 'Git-CodeCommit.US-east-2.LOCALHOST')).toEqual({ ...push, phase: 'rpc', path: regional })
})

test('.git and a slash at the end of a clone URL are not part of the name; what was signed keeps them', () => {
  expect(route('POST', `${universal}.git/git-upload-pack`)).toEqual({ ...git, service: 'git-upload-pack', phase: 'rpc', path: `${universal}.git` })
  expect(route('POST', `${universal}//git-upload-pack`)).toEqual({ ...git, service: 'git-upload-pack', phase: 'rpc', path: universal })
})

test('POST / is an AWS API’s; GET / and everything else the console’s', () => {
  expect(route('POST', '/')).toEqual({ door: 'aws' })
  expect(route('POST', '/?x')).toEqual({ door: 'aws' })
  expect(route('POST', '/', 'kms.us-east-2.localhost:8443')).toEqual({ door: 'aws' })
  expect(route('GET', '/')).toEqual({ door: 'console' })
  expect(route('HEAD', '/')).toEqual({ door: 'console' })
  expect(route('POST', '/sign-in')).toEqual({ door: 'console' })
  expect(route('GET', '/v1')).toEqual({ door: 'console' })
  expect(route('GET', '/healthz')).toEqual({ door: 'healthz' })
})

test('attack: names and Regions that reach out of the path, or that nobody serves, never reach git', () => {
  for (const url of [
    '/v1/regions/us-east-2/repos/../info/refs?service=git-upload-pack',
    '/v1/regions/us-east-2/repos/%2e%2e/git-upload-pack',
    '/v1/regions/us-east-2/repos/a/b/git-upload-pack',
    '/v1/regions/us-east-2/repos/.git/git-upload-pack',
    '/v1/regions/us-east-9/repos/a/git-upload-pack',
    '/v1/regions/us-east-2/repos/a',
    '/v1/repos/a/git-upload-pack',
    `/v1/regions/us-east-2/repos/${'a'.repeat(200)}/git-upload-pack`,
    `${universal}/objects/info/packs`,
    `${universal}/HEAD`,
  ]) {
    for (const method of ['GET', 'POST']) expect([url, route(method, url).door]).toEqual([url, 'refused'])
  }
  expect(route('GET', '/v1/repos/a/info/refs?service=git-upload-pack', 'git-codecommit.moon-1.localhost')).toMatchObject({ door: 'refused', status: 404 })
})

test('the dumb protocol and wrong methods are refused with a reason', () => {
  expect(route('GET', `${universal}/info/refs`)).toMatchObject({ door: 'refused', status: 403 })
  expect(route('GET', `${universal}/info/refs?service=git-upload-archive`)).toMatchObject({ door: 'refused', status: 403 })
  expect(route('POST', `${universal}/info/refs?service=git-upload-pack`)).toMatchObject({ door: 'refused', status: 405 })
  expect(route('GET', `${universal}/git-upload-pack`)).toMatchObject({ door: 'refused', status: 405 })
})

test('a host that only looks like a Region’s is not one', () => {
  for (const name of ['git-codecommit.localhost', 'git-codecommit..localhost', 'xgit-codecommit.us-east-2.localhost', 'git-codecommit.us-east-2.localhost.evil.test']) {
    expect(route('GET', '/', name).door).not.toBe('git')
    expect(route('POST', `${regional}/git-upload-pack`, name)).toMatchObject({ door: 'refused' })
  }
})

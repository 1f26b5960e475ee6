import { expect, test } from 'vitest'
import { parseGitCommand, parseRepositoryPath } from './ssh-command.ts'

test.each([
  ["git-upload-pack '/v1/regions/us-east-2/repos/hello'", 'git-upload-pack', '/v1/regions/us-east-2/repos/hello'],
  ["git-receive-pack '/v1/repos/hello'", 'git-receive-pack', '/v1/repos/hello'],
  ["git upload-pack '/v1/repos/hello'", 'git-upload-pack', '/v1/repos/hello'],
  ['git-upload-pack /v1/repos/hello', 'git-upload-pack', '/v1/repos/hello'],
  ["git-upload-pack 'it'\\''s'", 'git-upload-pack', "it's"],
  ["git-upload-pack 'wow'\\!''", 'git-upload-pack', 'wow!'],
])('%s is one of git’s two services', (command, service, path) => {
  expect(parseGitCommand(command)).toEqual({ service, path })
})

test.each([
  'ls',
  '',
  'sh -c id',
  'git-shell',
  'git-upload-pack',
  "git-upload-archive '/v1/repos/hello'",
  "git-upload-pack '/v1/repos/hello'; id",
  "git-upload-pack '/v1/repos/hello' && id",
  'git-upload-pack $(id)',
  'git-upload-pack `id`',
  "git-upload-pack --strict '/v1/repos/hello'",
  "git-upload-pack 'unclosed",
  "GIT_PROTOCOL=version=2 git-upload-pack '/v1/repos/hello'",
  'scp -t /tmp',
])('%j is nothing that is run', (command) => {
  expect(parseGitCommand(command)).toBeNull()
})

test.each([
  ['/v1/regions/us-east-2/repos/hello', 'us-east-2', 'hello'],
  ['/v1/regions/us-east-2/repos/hello.git', 'us-east-2', 'hello'],
  ['/v1/regions/us-east-2/repos/hello/', 'us-east-2', 'hello'],
  ['v1/regions/eu-west-1/repos/a.b-c_d', 'eu-west-1', 'a.b-c_d'],
  ['/v1/repos/hello', null, 'hello'],
])('%s names a repository', (path, region, repositoryName) => {
  expect(parseRepositoryPath(path)).toEqual({ region, repositoryName })
})

test.each([
  '/',
  '/hello',
  '/v1/repos/',
  '/v1/repos/..',
  '/v1/repos/.git',
  '/v1/repos/../../etc/passwd',
  '/v1/repos/a/b',
  '/v1/regions/mars-north-1/repos/hello',
  '/v1/regions/us-east-2/repos/hello\n',
  `/v1/repos/${'a'.repeat(105)}`,
])('%j names none', (path) => {
  expect(parseRepositoryPath(path)).toBeNull()
})

import { execFileSync, spawnSync } from 'node:child_process'
import { expect, test } from '@playwright/test'
import { sharedServer } from '../server.ts'
import { awsEnvironment } from './clients.ts'

/** The `aws` command, unchanged but for AWS_ENDPOINT_URL and AWS_CA_BUNDLE. */

test.skip(spawnSync('aws', ['--version']).status !== 0, 'there is no aws command on this machine')

function aws(...args: string[]): unknown {
  const text = execFileSync('aws', [...args, '--output', 'json'], { env: awsEnvironment(sharedServer()), encoding: 'utf8' })
  return text.trim() === '' ? undefined : (JSON.parse(text) as unknown)
}

function refusalOf(...args: string[]): string {
  return spawnSync('aws', args, { env: awsEnvironment(sharedServer()), encoding: 'utf8' }).stderr.trim()
}

test('a user, a repository, the key that it made, and the trail of it', () => {
  expect(aws('sts', 'get-caller-identity')).toMatchObject({ Arn: 'arn:aws:iam::111122223333:root' })
  expect(aws('iam', 'create-user', '--user-name', 'cli-user')).toMatchObject({ User: { Arn: 'arn:aws:iam::111122223333:user/cli-user' } })
  const created = aws('codecommit', 'create-repository', '--repository-name', 'cli-repository', '--region', 'ap-south-1') as {
    repositoryMetadata: { repositoryId: string; cloneUrlHttp: string }
  }
  const { repositoryId, cloneUrlHttp } = created.repositoryMetadata
  expect(cloneUrlHttp).toBe(`${sharedServer().origin}/v1/regions/ap-south-1/repos/cli-repository`)
  expect(aws('kms', 'list-aliases', '--region', 'ap-south-1')).toMatchObject({ Aliases: [{ AliasName: 'alias/aws/codecommit' }] })
  expect(aws('kms', 'describe-key', '--key-id', 'alias/aws/codecommit', '--region', 'ap-south-1')).toMatchObject({ KeyMetadata: { KeyManager: 'AWS', Enabled: true } })
  const history = aws('cloudtrail', 'lookup-events', '--region', 'ap-south-1', '--lookup-attributes', 'AttributeKey=EventSource,AttributeValue=kms.amazonaws.com') as {
    Events: { EventName: string; CloudTrailEvent: string }[]
  }
  const uses = history.Events.filter(({ CloudTrailEvent }) => CloudTrailEvent.includes(repositoryId))
  expect(uses.map(({ EventName }) => EventName)).toContain('GenerateDataKeyWithoutPlaintext')
})

test('refusals are what AWS would print', () => {
  expect(refusalOf('iam', 'get-user', '--user-name', 'nobody')).toContain('An error occurred (NoSuchEntity) when calling the GetUser operation: The user with name nobody cannot be found.')
  expect(refusalOf('codecommit', 'get-repository', '--repository-name', 'absent')).toContain('(RepositoryDoesNotExistException)')
  expect(refusalOf('kms', 'schedule-key-deletion', '--key-id', '00000000-0000-0000-0000-000000000000')).toContain('(NotFoundException)')
})

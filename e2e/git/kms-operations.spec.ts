import { CreateRepositoryCommand, DeleteRepositoryCommand, GetFileCommand, GetRepositoryCommand, ListRepositoriesCommand, UpdateRepositoryDescriptionCommand, UpdateRepositoryNameCommand } from '@aws-sdk/client-codecommit'
import { DescribeKeyCommand } from '@aws-sdk/client-kms'
import type { AwsClients } from '../aws-clients.ts'
import { eventHistory, type TrailRecord } from '../event-history.ts'
import { expect, test } from '../fixtures.ts'
import { named } from '../named.ts'
import { ownRegions } from '../regions.ts'

const region = ownRegions.operations

test.describe('Rule 6: CodeCommit calls exactly the KMS operations that the page names, on the caller’s behalf', () => {
  test('create, describe, push, pull, read, rename, delete: the event history has each call, and no other', async ({ asUser, asRoot }) => {
    const alice = await asUser()
    const bob = await asUser({ name: 'bob' })
    const trail = asRoot(region)
    const { codecommit } = alice.aws(region)
    const repositoryName = named('demo')
    const calls = recorder(trail)

    const { repositoryMetadata } = await codecommit.send(new CreateRepositoryCommand({ repositoryName }))
    const id = repositoryMetadata?.repositoryId ?? ''
    const url = repositoryMetadata?.cloneUrlHttp ?? ''
    // The first of the Region: DescribeKey makes the key.
    expect(await calls()).toEqual(['DescribeKey', 'GenerateDataKeyWithoutPlaintext'])
    const { KeyMetadata } = await trail.kms.send(new DescribeKeyCommand({ KeyId: 'alias/aws/codecommit' }))
    expect(await calls()).toEqual([])

    await codecommit.send(new UpdateRepositoryDescriptionCommand({ repositoryName, repositoryDescription: 'About it' }))
    expect(await calls()).toEqual(['Encrypt'])
    expect((await codecommit.send(new GetRepositoryCommand({ repositoryName }))).repositoryMetadata?.repositoryDescription).toBe('About it')
    expect(new Set(await calls())).toEqual(new Set(['Decrypt']))

    const working = await alice.git.makeRepository('work', { 'README.md': 'hello' })
    await alice.git.git(['push', url, 'main'], { cwd: working })
    const push = await calls()
    expect(push.filter((name) => name === 'GenerateDataKey')).toHaveLength(1)
    expect(new Set(push)).toEqual(new Set(['Decrypt', 'GenerateDataKey']))
    await alice.git.commit(working, { 'more.txt': 'more' })
    await alice.git.git(['push', url, 'main'], { cwd: working })
    const second = await calls()
    expect(second.filter((name) => name === 'GenerateDataKey')).toHaveLength(1)
    expect(new Set(second)).toEqual(new Set(['Decrypt', 'GenerateDataKey']))

    await bob.git.git(['clone', url, 'copy'])
    expect(new Set(await calls())).toEqual(new Set(['Decrypt']))
    // Every pull is decrypted for whoever pulls, though the same answer was given a moment ago.
    await bob.git.git(['clone', url, 'copy-2'])
    expect(new Set(await calls())).toEqual(new Set(['Decrypt']))
    await alice.aws(region).codecommit.send(new GetFileCommand({ repositoryName, filePath: 'README.md' }))
    expect(new Set(await calls())).toEqual(new Set(['Decrypt']))

    await codecommit.send(new ListRepositoriesCommand({}))
    await codecommit.send(new UpdateRepositoryNameCommand({ oldName: repositoryName, newName: `${repositoryName}-2` }))
    expect(await calls()).toEqual([])

    const repositoryName2 = named('later')
    await codecommit.send(new CreateRepositoryCommand({ repositoryName: repositoryName2, repositoryDescription: 'With words' }))
    expect(await calls()).toEqual(['DescribeKey', 'GenerateDataKeyWithoutPlaintext', 'Encrypt'])
    await codecommit.send(new DeleteRepositoryCommand({ repositoryName: repositoryName2 }))
    await codecommit.send(new DeleteRepositoryCommand({ repositoryName: `${repositoryName}-2` }))
    expect(await calls()).toEqual([])

    // On the caller's behalf, on that key, in that repository's encryption context.
    const events = (await eventHistory(trail, { key: 'EventSource', value: 'kms.amazonaws.com' })).filter(({ userIdentity }) => userIdentity.invokedBy === 'codecommit.amazonaws.com')
    const who = new Set(events.map(({ userIdentity }) => userIdentity.arn))
    expect(who).toEqual(new Set([alice.arn, bob.arn]))
    for (const event of events) {
      expect(event).toMatchObject({ awsRegion: region, sourceIPAddress: 'codecommit.amazonaws.com', userIdentity: { type: 'IAMUser', accountId: alice.accountId } })
      expect(event.errorCode).toBeUndefined()
      expect(event.resources?.map(({ ARN }) => ARN)).toEqual([KeyMetadata?.Arn])
      if (event.eventName !== 'DescribeKey') expect(Object.keys(event.requestParameters?.['encryptionContext'] ?? {})).toEqual(['aws:codecommit:repository-id'])
    }
    const ofThis = events.filter(({ requestParameters }) => JSON.stringify(requestParameters?.['encryptionContext'] ?? {}).includes(id))
    expect(new Set(ofThis.map(({ eventName }) => eventName))).toEqual(new Set(['GenerateDataKeyWithoutPlaintext', 'Encrypt', 'Decrypt', 'GenerateDataKey']))
    expect(ofThis.filter(({ userIdentity }) => userIdentity.arn === bob.arn).every(({ eventName }) => eventName === 'Decrypt')).toBe(true)
  })
})

/** Gives the KMS calls that CodeCommit has made in the Region since it was last asked, in their order. */
function recorder(aws: AwsClients): () => Promise<string[]> {
  const seen = new Set<string>()
  return async () => {
    const events = await eventHistory(aws, { key: 'EventSource', value: 'kms.amazonaws.com' })
    const fresh = events.filter(({ eventID, userIdentity }: TrailRecord) => !seen.has(eventID) && userIdentity.invokedBy === 'codecommit.amazonaws.com')
    for (const { eventID } of events) seen.add(eventID)
    return fresh.map(({ eventName }) => eventName)
  }
}

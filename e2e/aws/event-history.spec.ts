import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { LookupEventsCommand } from '@aws-sdk/client-cloudtrail'
import { CreateRepositoryCommand, GetFileCommand, UpdateRepositoryDescriptionCommand } from '@aws-sdk/client-codecommit'
import { CreateAccessKeyCommand, CreateServiceSpecificCredentialCommand, CreateUserCommand, DeleteAccessKeyCommand, DeleteServiceSpecificCredentialCommand, DeleteUserCommand, UpdateLoginProfileCommand } from '@aws-sdk/client-iam'
import { CreateKeyCommand, DecryptCommand, DescribeKeyCommand, EncryptCommand, GenerateDataKeyCommand, GenerateRandomCommand } from '@aws-sdk/client-kms'
import { refusalOf, rootClients } from '../aws-clients.ts'
import { readRows } from '../database.ts'
import { eventHistory, kmsEventsOf } from '../event-history.ts'
import { expect, test } from '../fixtures.ts'
import { named } from '../named.ts'
import { ownRegions } from '../regions.ts'
import { startServer } from '../server.ts'
import { signIn } from '../sign-in.ts'

const region = ownRegions.events

test.describe('Rule 13: The event history, searched by repository ID, shows which operations were done on which key, by whom, allowed or refused. Event data never holds plaintext, a key or a secret', () => {
  test('who did what to a repository’s key, and who was refused', async ({ asUser, asRoot, makeRepository }) => {
    const { id, name, cloneUrlHttp, arn } = await makeRepository({ region, description: 'sealed' })
    const alice = await asUser()
    const bob = await asUser({ name: 'bob' })
    const working = await alice.git.makeRepository('work', { 'a.txt': 'a' })
    await alice.git.git(['push', cloneUrlHttp, 'main'], { cwd: working })
    await bob.attach('inline policy', 'NoDecrypt', { Sid: 'DenyDecrypt', Effect: 'Deny', Action: 'kms:Decrypt', Resource: '*' })
    expect((await bob.git.run(['clone', cloneUrlHttp, 'stolen'])).code).not.toBe(0)

    const { KeyMetadata } = await asRoot(region).kms.send(new DescribeKeyCommand({ KeyId: 'alias/aws/codecommit' }))
    const events = await kmsEventsOf(asRoot(region), id)
    for (const event of events) {
      expect(event.resources?.[0]).toMatchObject({ ARN: KeyMetadata?.Arn, type: 'AWS::KMS::Key' })
      expect(event.userIdentity.invokedBy).toBe('codecommit.amazonaws.com')
    }
    const byRoot = events.filter(({ userIdentity }) => userIdentity.type === 'Root')
    expect(byRoot.map(({ eventName }) => eventName)).toEqual(['GenerateDataKeyWithoutPlaintext', 'Encrypt'])
    const byAlice = events.filter(({ userIdentity }) => userIdentity.arn === alice.arn)
    expect(new Set(byAlice.map(({ eventName }) => eventName))).toEqual(new Set(['Decrypt', 'GenerateDataKey']))
    expect(byAlice.every(({ errorCode }) => errorCode === undefined)).toBe(true)
    const byBob = events.filter(({ userIdentity }) => userIdentity.arn === bob.arn)
    expect(byBob.length).toBeGreaterThan(0)
    for (const { eventName, errorCode, errorMessage } of byBob) {
      expect({ eventName, errorCode }).toEqual({ eventName: 'Decrypt', errorCode: 'AccessDenied' })
      expect(errorMessage).toContain('NoDecrypt (statement DenyDecrypt)')
    }
    // The repository's own events say the same from the other side.
    const ofRepository = await eventHistory(asRoot(region), { key: 'ResourceName', value: arn })
    expect(ofRepository.filter(({ eventName, errorCode, userIdentity }) => eventName === 'GitPush' && errorCode === undefined && userIdentity.arn === alice.arn).length).toBeGreaterThanOrEqual(2)
    expect(ofRepository.filter(({ eventName, errorCode, userIdentity }) => eventName === 'GitPull' && errorCode !== undefined && userIdentity.arn === bob.arn).length).toBeGreaterThan(0)
    const pushed = ofRepository.find(({ eventName, readOnly }) => eventName === 'GitPush' && !readOnly)
    expect(pushed?.additionalEventData).toMatchObject({ protocol: 'HTTP', dataTransferred: true, repositoryName: name, repositoryId: id })
  })

  test('in the console: a search by the repository ID finds them, a refusal among them', async ({ page, server, asUser, makeRepository }) => {
    const { id, cloneUrlHttp } = await makeRepository({ region })
    const alice = await asUser({ allow: [{ Effect: 'Allow', Action: ['codecommit:*', 'cloudtrail:LookupEvents'], Resource: '*' }] })
    const working = await alice.git.makeRepository('work', { 'a.txt': 'a' })
    await alice.git.git(['push', cloneUrlHttp, 'main'], { cwd: working })
    const detach = await alice.attach('inline policy', 'NoDecrypt', { Sid: 'DenyDecrypt', Effect: 'Deny', Action: 'kms:Decrypt', Resource: '*' })
    expect((await alice.git.run(['clone', cloneUrlHttp, 'stolen'])).code).not.toBe(0)
    await detach()

    await signIn(page, server, alice)
    await page.goto(`${server.origin}/cloudtrail/events?region=${region}`)
    await page.getByLabel('Lookup attribute').selectOption({ label: 'Repository ID' })
    await page.getByLabel('Lookup value').fill(id)
    await page.keyboard.press('Enter')
    const table = page.getByRole('table')
    await expect(table.getByText('GenerateDataKey', { exact: true }).first()).toBeVisible()
    await expect(table.getByText('GenerateDataKeyWithoutPlaintext').first()).toBeVisible()
    await expect(table.getByText('Decrypt', { exact: true }).first()).toBeVisible()
    await expect(table.getByText('AccessDenied').first()).toBeVisible()
    await expect(table.getByText(alice.name).first()).toBeVisible()
    await table.getByRole('link', { name: 'GenerateDataKey', exact: true }).first().click()
    await expect(page.getByText(`"aws:codecommit:repository-id": "${id}"`).first()).toBeVisible()
  })

  test('no plaintext, key or secret is in any event, of any service, allowed or refused', async ({ asUser, asRoot, server, page }) => {
    const aws = asRoot(region)
    const secrets: string[] = [server.rootSecretAccessKey, server.rootPassword]
    const word = 'Quittengelee-5521'
    const alice = await asUser()
    secrets.push(alice.password, alice.accessKey.secretAccessKey, alice.gitCredentials.password)

    const { KeyMetadata } = await aws.kms.send(new CreateKeyCommand({}))
    const KeyId = KeyMetadata?.KeyId
    const { CiphertextBlob } = await aws.kms.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from(word) }))
    await aws.kms.send(new DecryptCommand({ CiphertextBlob }))
    const dataKey = await aws.kms.send(new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256' }))
    const random = await aws.kms.send(new GenerateRandomCommand({ NumberOfBytes: 32 }))
    const bytes = [Buffer.from(word), Buffer.from(dataKey.Plaintext ?? []), Buffer.from(random.Plaintext ?? [])]
    secrets.push(word, ...bytes.flatMap((each) => [each.toString('base64'), each.toString('hex')]))
    await refusalOf(aws.kms.send(new EncryptCommand({ KeyId: 'alias/none', Plaintext: Buffer.from(word) })))
    await refusalOf(alice.aws(region).kms.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from(word) })))

    const repositoryName = named('demo')
    const { repositoryMetadata } = await aws.codecommit.send(new CreateRepositoryCommand({ repositoryName, repositoryDescription: word }))
    await aws.codecommit.send(new UpdateRepositoryDescriptionCommand({ repositoryName, repositoryDescription: `${word} again` }))
    const url = repositoryMetadata?.cloneUrlHttp ?? ''
    const working = await alice.git.makeRepository('work', { [`${word}.txt`]: word })
    await alice.git.git(['checkout', '--quiet', '-b', word], { cwd: working })
    await alice.git.commit(working, { 'a.txt': word }, word)
    await alice.git.git(['push', url, 'main', word], { cwd: working })
    await alice.git.run(['push', url, `:refs/heads/${word}-none`], { cwd: working })
    await aws.codecommit.send(new GetFileCommand({ repositoryName, filePath: `${word}.txt`, commitSpecifier: word }))
    await refusalOf(aws.codecommit.send(new GetFileCommand({ repositoryName, filePath: `${word}/none`, commitSpecifier: `refs/heads/${word}` })))
    await refusalOf(aws.codecommit.send(new GetFileCommand({ repositoryName, filePath: 'a.txt', commitSpecifier: `${word}-none` })))

    const UserName = named('carol')
    await aws.iam.send(new CreateUserCommand({ UserName }))
    const { AccessKey } = await aws.iam.send(new CreateAccessKeyCommand({ UserName }))
    const { ServiceSpecificCredential } = await aws.iam.send(new CreateServiceSpecificCredentialCommand({ UserName, ServiceName: 'codecommit.amazonaws.com' }))
    secrets.push(AccessKey?.SecretAccessKey ?? '', ServiceSpecificCredential?.ServicePassword ?? '')
    await aws.iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId: AccessKey?.AccessKeyId }))
    await aws.iam.send(new DeleteServiceSpecificCredentialCommand({ UserName, ServiceSpecificCredentialId: ServiceSpecificCredential?.ServiceSpecificCredentialId }))
    await aws.iam.send(new DeleteUserCommand({ UserName }))
    const newPassword = 'Another-horse-8-battery'
    await aws.iam.send(new UpdateLoginProfileCommand({ UserName: alice.name, Password: newPassword }))
    secrets.push(newPassword)
    await signIn(page, server, { name: alice.name, password: newPassword })

    // What the API gives, and what the disk has.
    const looked = JSON.stringify([await eventHistory(aws), await eventHistory(asRoot('us-east-1'))])
    const rows = readRows(server, 'SELECT * FROM "TrailEvent"').map((row) => JSON.stringify(Object.values(row).map(String)))
    const stored = [...rows, readFileSync(join(server.dataDir, 'events.journal'), 'latin1')].join('\n')
    expect(secrets.every((secret) => secret.length > 7)).toBe(true)
    expect(stored).toContain(alice.accessKey.accessKeyId)
    for (const secret of secrets) {
      expect(looked.includes(secret)).toBe(false)
      expect(stored.includes(secret)).toBe(false)
      expect(stored.includes(encodeURIComponent(secret))).toBe(false)
    }
  })

  test('what was answered is in the history though the server is killed at that moment', async () => {
    await using server = await startServer()
    const encrypted: string[] = []
    const { KeyMetadata } = await rootClients(server, region).kms.send(new CreateKeyCommand({}))
    let current = server
    try {
      for (let crash = 0; crash < 3; crash++) {
        const { kms } = rootClients(current, region)
        const encrypt = async (client: number): Promise<void> => {
          for (let call = 0; ; call++) {
            const place = `${crash}/${client}/${call}`
            await kms.send(new EncryptCommand({ KeyId: KeyMetadata?.KeyId, Plaintext: new Uint8Array(8), EncryptionContext: { place } }))
            encrypted.push(place)
          }
        }
        const clients = [0, 1, 2, 3].map((client) => encrypt(client).catch(() => undefined))
        await expect.poll(() => encrypted.filter((place) => place.startsWith(`${crash}/`)).length, { intervals: [5] }).toBeGreaterThan(20)
        await current.kill()
        await Promise.all(clients)
        current = await startServer({ again: server })
      }
      const recorded = (await eventHistory(rootClients(current, region), { key: 'EventName', value: 'Encrypt' })).map(({ requestParameters }) => String((requestParameters?.['encryptionContext'] as Record<string, string> | undefined)?.['place']))
      expect(encrypted.filter((place) => !recorded.includes(place))).toEqual([])
      expect(new Set(recorded).size).toBe(recorded.length)
    } finally {
      await current.stop()
    }
  })

  test('an event is in the history before the answer is; newest first, by every attribute, page by page', async ({ asUser, asRoot }) => {
    const alice = await asUser({ allow: [{ Effect: 'Allow', Action: '*', Resource: '*' }] })
    const aws = alice.aws(region)
    const { KeyMetadata } = await aws.kms.send(new CreateKeyCommand({}))
    const KeyId = KeyMetadata?.Arn ?? ''
    const count = 60
    for (let index = 0; index < count; index += 1) {
      await aws.kms.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('x'), EncryptionContext: { index: String(index) } }))
    }
    const attributes = { Username: alice.name, ResourceName: KeyId, AccessKeyId: alice.accessKey.accessKeyId } as const
    for (const [key, value] of Object.entries(attributes)) {
      const events = (await eventHistory(asRoot(region), { key: key as keyof typeof attributes, value })).filter(({ eventName }) => eventName === 'Encrypt')
      expect(events.map(({ requestParameters }) => (requestParameters?.['encryptionContext'] as { index: string }).index)).toEqual(Array.from({ length: count }, (_, index) => String(index)))
    }
    const first = await asRoot(region).cloudtrail.send(new LookupEventsCommand({ LookupAttributes: [{ AttributeKey: 'ResourceName', AttributeValue: KeyId }], MaxResults: 7 }))
    expect(first.Events).toHaveLength(7)
    expect(first.NextToken).toBeDefined()
    const times = first.Events?.map(({ EventTime }) => EventTime?.getTime() ?? 0) ?? []
    expect(times).toEqual([...times].sort((a, b) => b - a))
  })
})

import { CreateRepositoryCommand, DeleteRepositoryCommand, GetRepositoryCommand, ListRepositoriesCommand, UpdateRepositoryEncryptionKeyCommand } from '@aws-sdk/client-codecommit'
import { CreateAliasCommand, CreateKeyCommand, DecryptCommand, DescribeKeyCommand, EncryptCommand, GenerateDataKeyCommand, ListKeysCommand, ReEncryptCommand } from '@aws-sdk/client-kms'
import { refusalOf } from '../aws-clients.ts'
import { kmsEventsOf } from '../event-history.ts'
import { expect, test } from '../fixtures.ts'
import { named } from '../named.ts'
import { home, ownRegions } from '../regions.ts'

test.describe('Rule 10: A customer-managed key cannot be used for a repository', () => {
  test('kmsKeyId other than aws/codecommit is refused clearly, in every form, and nothing is made', async ({ asRoot, server }) => {
    const region = ownRegions.customerKey
    const { kms, codecommit } = asRoot(region)
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({ Description: 'mine' }))
    const AliasName = `alias/${named('mine')}`
    await kms.send(new CreateAliasCommand({ AliasName, TargetKeyId: KeyMetadata?.KeyId }))
    const create = (kmsKeyId: string) => codecommit.send(new CreateRepositoryCommand({ repositoryName: 'mine', kmsKeyId }))
    const foreign = `arn:aws:kms:us-west-2:${server.accountId}:alias/aws/codecommit`
    const refuse = async () => {
      for (const kmsKeyId of [KeyMetadata?.KeyId ?? '', KeyMetadata?.Arn ?? '', AliasName, `arn:aws:kms:${region}:${server.accountId}:${AliasName}`, foreign, 'alias/aws/s3', 'nonsense', 'x'.repeat(5000)]) {
        const { name, message, status } = await refusalOf(create(kmsKeyId))
        expect({ kmsKeyId, name, status }).toEqual({ kmsKeyId, name: expect.stringMatching(/^(EncryptionKeyInvalidIdException|ValidationException)$/), status: 400 })
        if (kmsKeyId.length < 1000) expect(message).toContain('you cannot use a customer-managed key')
      }
      expect((await codecommit.send(new ListRepositoriesCommand({}))).repositories).toEqual([])
    }
    // In a Region without the key, which a refused creation must not make; and in one with it.
    await refuse()
    expect((await kms.send(new ListKeysCommand({}))).Keys?.map(({ KeyId }) => KeyId)).toEqual([KeyMetadata?.KeyId])
    const { KeyMetadata: managed } = await kms.send(new DescribeKeyCommand({ KeyId: 'alias/aws/codecommit' }))
    await refuse()

    // The operation by which AWS, years later, lets a repository's key be changed.
    const { repositoryMetadata } = await codecommit.send(new CreateRepositoryCommand({ repositoryName: named('kept') }))
    const changed = await refusalOf(codecommit.send(new UpdateRepositoryEncryptionKeyCommand({ repositoryName: repositoryMetadata?.repositoryName, kmsKeyId: KeyMetadata?.Arn })))
    expect(changed.status).toBe(400)
    expect((await codecommit.send(new GetRepositoryCommand({ repositoryName: repositoryMetadata?.repositoryName }))).repositoryMetadata?.kmsKeyId).toBe('alias/aws/codecommit')
    await codecommit.send(new DeleteRepositoryCommand({ repositoryName: repositoryMetadata?.repositoryName }))

    for (const kmsKeyId of ['alias/aws/codecommit', managed?.Arn ?? '', managed?.KeyId ?? '']) {
      const repositoryName = named('theirs')
      await codecommit.send(new CreateRepositoryCommand({ repositoryName, kmsKeyId }))
      expect((await codecommit.send(new GetRepositoryCommand({ repositoryName }))).repositoryMetadata?.kmsKeyId).toBe('alias/aws/codecommit')
    }
  })
})

test.describe('Rule 11: The encryption context of every such operation is {"aws:codecommit:repository-id": "<repository ID>"}. Another context, none, or a re-cut one fails with InvalidCiphertextException', () => {
  test('what was sealed in a context opens in that context alone', async ({ asRoot }) => {
    const { kms } = asRoot()
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({}))
    const KeyId = KeyMetadata?.KeyId
    const secret = Buffer.from('attack at dawn')
    const contexts: [sealedIn: Record<string, string>, ...others: (Record<string, string> | undefined)[]][] = [
      [{ a: 'bc' }, { ab: 'c' }, { a: 'b', c: '' }, { '': 'abc' }, { abc: '' }, { A: 'bc' }, { a: 'BC' }, { a: 'bc', d: 'e' }, {}, undefined],
      [{ a: 'b', c: 'd' }, { a: 'bcd' }, { ab: 'cd' }, { a: 'd', c: 'b' }, { a: 'b' }, { 'a': 'b', 'c': 'd ' }],
      [{ 'aws:codecommit:repository-id': 'f7579e13-b83e-4027-aaef-650c0exaMple' }, { 'aws:codecommit:repository-id': 'f7579e13-b83e-4027-aaef-650c0example' }, { 'aws:codecommit:repository-i': 'df7579e13-b83e-4027-aaef-650c0exaMple' }, undefined],
      [{ naïve: 'é' }, { 'nai\u0308ve': 'é' }, { naïve: 'e\u0301' }],
    ]
    for (const [EncryptionContext, ...others] of contexts) {
      const blobs = [
        (await kms.send(new EncryptCommand({ KeyId, Plaintext: secret, EncryptionContext }))).CiphertextBlob,
        (await kms.send(new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256', EncryptionContext }))).CiphertextBlob,
      ]
      for (const CiphertextBlob of blobs) {
        for (const other of others) {
          const calls = [
            () => kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext: other })),
            () => kms.send(new DecryptCommand({ KeyId, CiphertextBlob, EncryptionContext: other })),
            () => kms.send(new ReEncryptCommand({ CiphertextBlob, SourceEncryptionContext: other, DestinationKeyId: KeyId, DestinationEncryptionContext: EncryptionContext })),
          ]
          for (const call of calls) {
            const { name, status } = await refusalOf(call())
            expect({ EncryptionContext, other, name, status }).toEqual({ EncryptionContext, other, name: 'InvalidCiphertextException', status: 400 })
          }
        }
        // The order of the pairs says nothing.
        const reversed = Object.fromEntries(Object.entries(EncryptionContext).reverse())
        await kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext: reversed }))
      }
      const opened = await kms.send(new DecryptCommand({ CiphertextBlob: blobs[0], EncryptionContext }))
      expect(Buffer.from(opened.Plaintext ?? [])).toEqual(secret)
    }
    // None and empty are the same, and are not any other.
    const bare = await kms.send(new EncryptCommand({ KeyId, Plaintext: secret }))
    await kms.send(new DecryptCommand({ CiphertextBlob: bare.CiphertextBlob, EncryptionContext: {} }))
    expect((await refusalOf(kms.send(new DecryptCommand({ CiphertextBlob: bare.CiphertextBlob, EncryptionContext: { a: 'b' } })))).name).toBe('InvalidCiphertextException')
  })

  test('a flipped bit anywhere in a ciphertext blob: it does not open, and who may not use the key learns nothing', async ({ asRoot, asUser }) => {
    test.setTimeout(120_000)
    const root = asRoot()
    const { KeyMetadata } = await root.kms.send(new CreateKeyCommand({}))
    const EncryptionContext = { purpose: 'test' }
    const { CiphertextBlob = new Uint8Array() } = await root.kms.send(new EncryptCommand({ KeyId: KeyMetadata?.KeyId, Plaintext: Buffer.from('a'), EncryptionContext }))
    const mallory = await asUser({ name: 'mallory', allow: [] })
    const { kms } = mallory.aws(home)
    const answers = new Set<string>()
    for (let at = 0; at < CiphertextBlob.length; at += 1) {
      const flipped = Uint8Array.from(CiphertextBlob)
      flipped[at] = (flipped[at] ?? 0) ^ (1 << at % 8)
      const { name, status } = await refusalOf(root.kms.send(new DecryptCommand({ CiphertextBlob: flipped, EncryptionContext })))
      expect({ at, name, status }).toEqual({ at, name: 'InvalidCiphertextException', status: 400 })
      const { name: answer, message } = await refusalOf(kms.send(new DecryptCommand({ CiphertextBlob: flipped, EncryptionContext })))
      answers.add(`${answer}: ${message}`)
    }
    const { name, message } = await refusalOf(kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext })))
    // What is no ciphertext blob at all is told apart by its format, which everybody knows; whose key it is, and whether it would open, is not said.
    expect(name).toBe('AccessDeniedException')
    expect([...answers].filter((answer) => !answer.startsWith('InvalidCiphertextException'))).toEqual([`${name}: ${message}`])
    expect([...answers].join('\n')).not.toContain(KeyMetadata?.KeyId)
    for (const cut of [1, 16, CiphertextBlob.length - 1]) {
      expect((await refusalOf(root.kms.send(new DecryptCommand({ CiphertextBlob: CiphertextBlob.subarray(0, cut), EncryptionContext })))).name).toBe('InvalidCiphertextException')
    }
  })

  test('every use of the key for a repository is in that repository’s context', async ({ asRoot, asUser, makeRepository }) => {
    const one = await makeRepository({ description: 'One' })
    const two = await makeRepository({ description: 'Two' })
    const alice = await asUser()
    for (const { cloneUrlHttp, name } of [one, two]) {
      const working = await alice.git.makeRepository(name, { 'a.txt': name })
      await alice.git.git(['push', cloneUrlHttp, 'main'], { cwd: working })
      await alice.git.git(['clone', cloneUrlHttp, `${name}-copy`])
    }
    for (const { id } of [one, two]) {
      const events = await kmsEventsOf(asRoot(), id)
      expect(events.length).toBeGreaterThan(4)
      for (const { requestParameters } of events) expect(requestParameters?.['encryptionContext']).toEqual({ 'aws:codecommit:repository-id': id })
    }
  })
})

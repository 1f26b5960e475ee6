import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  DeleteSSHPublicKeyCommand,
  GetSSHPublicKeyCommand,
  ListSSHPublicKeysCommand,
  UpdateSSHPublicKeyCommand,
  UploadSSHPublicKeyCommand,
} from '@aws-sdk/client-iam'
import { eventHistory } from '../event-history.ts'
import { expect, test } from '../fixtures.ts'
import { allOfCodeCommit, type Statement } from '../users.ts'

const own: Statement = { Sid: 'OwnKeys', Effect: 'Allow', Action: 'iam:*SSHPublicKey*', Resource: 'arn:aws:iam::*:user/${aws:username}' }

test.describe('SSH public keys by the five operations of IAM, and what ssh makes of each', () => {
  test('upload, list, get, deactivate, delete: the door opens and closes with the key, and the events say whose ssh it was', async ({ asUser, asRoot, makeRepository }) => {
    const { cloneUrlSsh, arn, region } = await makeRepository()
    const alice = await asUser({ allow: [allOfCodeCommit, own] })
    const { iam } = alice.aws('us-east-1')
    const UserName = alice.name
    const file = join(alice.git.home, 'own_key')
    execFileSync('ssh-keygen', ['-q', '-t', 'rsa', '-b', '3072', '-N', '', '-C', 'laptop', '-f', file])
    const body = readFileSync(`${file}.pub`, 'utf8')
    const fingerprint = execFileSync('ssh-keygen', ['-l', '-E', 'md5', '-f', `${file}.pub`], { encoding: 'utf8' }).split(' ')[1]?.replace('MD5:', '')

    const { SSHPublicKey: uploaded } = await iam.send(new UploadSSHPublicKeyCommand({ UserName, SSHPublicKeyBody: body }))
    const SSHPublicKeyId = uploaded?.SSHPublicKeyId ?? ''
    expect(uploaded).toMatchObject({ UserName, Status: 'Active', Fingerprint: fingerprint })
    expect(SSHPublicKeyId).toMatch(/^APKA[A-Z0-9]{16,}$/)
    const { SSHPublicKeys } = await iam.send(new ListSSHPublicKeysCommand({ UserName }))
    expect(SSHPublicKeys).toMatchObject([{ SSHPublicKeyId, Status: 'Active' }])
    const as = (Encoding: 'SSH' | 'PEM') => iam.send(new GetSSHPublicKeyCommand({ UserName, SSHPublicKeyId, Encoding }))
    expect((await as('SSH')).SSHPublicKey?.SSHPublicKeyBody?.split(' ')[1]).toBe(body.split(' ')[1])
    const pem = (await as('PEM')).SSHPublicKey?.SSHPublicKeyBody ?? ''
    expect(execFileSync('openssl', ['rsa', '-pubin', '-noout', '-modulus'], { input: pem, encoding: 'utf8', stdio: ['pipe', 'pipe', 'ignore'] })).toMatch(/^Modulus=/)

    alice.git.useSshKey(file)
    const url = cloneUrlSsh.replace('ssh://', `ssh://${SSHPublicKeyId}@`)
    const working = await alice.git.makeRepository('work', { 'README.md': 'over SSH' })
    await alice.git.git(['push', '--quiet', url, 'main'], { cwd: working })
    await iam.send(new UpdateSSHPublicKeyCommand({ UserName, SSHPublicKeyId, Status: 'Inactive' }))
    expect((await alice.git.run(['ls-remote', url])).stderr).toContain('Permission denied')
    await iam.send(new UpdateSSHPublicKeyCommand({ UserName, SSHPublicKeyId, Status: 'Active' }))
    expect((await alice.git.run(['ls-remote', url])).code).toBe(0)
    await iam.send(new DeleteSSHPublicKeyCommand({ UserName, SSHPublicKeyId }))
    expect((await alice.git.run(['ls-remote', url])).stderr).toContain('Permission denied')
    expect((await iam.send(new ListSSHPublicKeysCommand({ UserName }))).SSHPublicKeys).toEqual([])

    const pushes = await eventHistory(asRoot(region), { key: 'ResourceName', value: arn })
    const bySsh = pushes.filter(({ eventName }) => eventName === 'GitPush')
    expect(bySsh.length).toBeGreaterThan(0)
    for (const event of bySsh) expect(event).toMatchObject({ userAgent: expect.stringMatching(/^SSH-2\.0-OpenSSH/), userIdentity: { userName: UserName }, additionalEventData: { protocol: 'SSH' } })
  })

  test('each of the five is refused to who may not, and nobody reads or makes another’s', async ({ asUser }) => {
    const alice = await asUser({ allow: [allOfCodeCommit, own] })
    const SSHPublicKeyId = await alice.uploadSshKey()
    const bob = await asUser({ name: 'bob' })
    const SSHPublicKeyBody = readFileSync(join(alice.git.home, 'id_ed_or_rsa.pub'), 'utf8')
    const calls = (user: typeof alice, UserName: string) => {
      const { iam } = user.aws('us-east-1')
      return {
        UploadSSHPublicKey: () => iam.send(new UploadSSHPublicKeyCommand({ UserName, SSHPublicKeyBody })),
        ListSSHPublicKeys: () => iam.send(new ListSSHPublicKeysCommand({ UserName })),
        GetSSHPublicKey: () => iam.send(new GetSSHPublicKeyCommand({ UserName, SSHPublicKeyId, Encoding: 'SSH' })),
        UpdateSSHPublicKey: () => iam.send(new UpdateSSHPublicKeyCommand({ UserName, SSHPublicKeyId, Status: 'Inactive' })),
        DeleteSSHPublicKey: () => iam.send(new DeleteSSHPublicKeyCommand({ UserName, SSHPublicKeyId })),
      }
    }
    const refusals = async (user: typeof alice, UserName: string, text: RegExp) => {
      for (const [action, call] of Object.entries(calls(user, UserName))) {
        const refused = await (call() as Promise<unknown>).then(() => 'allowed', (error: unknown) => (error instanceof Error ? `${error.name}: ${error.message}` : String(error)))
        expect({ action, refused }).toEqual({ action, refused: expect.stringMatching(text) as unknown })
        expect(refused).toContain(`iam:${action}`)
      }
    }
    await refusals(bob, alice.name, /^AccessDenied.*no identity-based policy allows/)
    await refusals(alice, bob.name, /^AccessDenied.*no identity-based policy allows/)
    const allow = await alice.attach('inline policy', 'NoKeys', { Sid: 'NoKeys', Effect: 'Deny', Action: 'iam:*SSHPublicKey*', Resource: '*' })
    await refusals(alice, alice.name, /^AccessDenied.*explicit deny/)
    await allow()
    expect((await alice.aws('us-east-1').iam.send(new ListSSHPublicKeysCommand({ UserName: alice.name }))).SSHPublicKeys).toMatchObject([{ SSHPublicKeyId, Status: 'Active' }])
  })
})

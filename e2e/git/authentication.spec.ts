import { UpdateAccessKeyCommand, UpdateServiceSpecificCredentialCommand, UpdateSSHPublicKeyCommand } from '@aws-sdk/client-iam'
import { eventHistory } from '../event-history.ts'
import { expect, test } from '../fixtures.ts'
import { gitPassword } from '../git-signature.ts'
import { basic, rawRequest } from '../raw-request.ts'

test.describe('Rule 3: Every push and pull is authenticated as an IAM user', () => {
  test('without credentials there is a challenge and nothing else, whether the repository exists or not', async ({ server, makeRepository, makeGit }) => {
    const { name, cloneUrlHttp } = await makeRepository()
    const path = new URL(cloneUrlHttp).pathname
    for (const repository of [path, path.replace(name, 'no-such-repository')]) {
      for (const service of ['git-upload-pack', 'git-receive-pack']) {
        const advertised = await rawRequest(server, `${repository}/info/refs?service=${service}`)
        expect(advertised.status).toBe(401)
        expect(advertised.headers['www-authenticate']).toMatch(/^Basic realm="/)
        const called = await rawRequest(server, `${repository}/${service}`, { method: 'POST', body: '0000' })
        expect(called.status).toBe(401)
        expect(advertised.text + called.text).not.toContain(name)
      }
    }
    const stranger = makeGit()
    const { code, stderr } = await stranger.run(['clone', cloneUrlHttp, 'stolen'])
    expect(code).not.toBe(0)
    expect(stderr).toMatch(/could not read Username|terminal prompts disabled/)
  })

  test('wrong credentials are refused: 403, with the reason, and nothing of the repository', async ({ server, makeRepository, asUser, makeGit }) => {
    const { cloneUrlHttp } = await makeRepository()
    const alice = await asUser()
    const { userName, password } = alice.gitCredentials
    const path = `${new URL(cloneUrlHttp).pathname}/info/refs?service=git-upload-pack`
    const attempts = [
      [userName, `${password}x`],
      [userName, ''],
      ['nobody-at-111122223333', password],
      // Neither the console password nor a secret access key is a Git credential.
      [alice.name, alice.password],
      [alice.accessKey.accessKeyId, alice.accessKey.secretAccessKey],
    ] as const
    for (const [name, secret] of attempts) {
      const { status, text } = await rawRequest(server, path, { headers: basic(name, secret) })
      expect(status).toBe(403)
      expect(text).toContain('The security token included in the request is invalid')
    }
    expect((await rawRequest(server, path, { headers: basic(userName, password) })).status).toBe(200)

    const mallory = makeGit()
    mallory.signIn(userName, 'not-the-password')
    const { code, stderr } = await mallory.run(['clone', cloneUrlHttp, 'stolen'])
    expect(code).not.toBe(0)
    expect(stderr).toContain('The requested URL returned error: 403')
  })

  test("the root user's keys do not open git; a user's do, signed as git-remote-codecommit signs them", async ({ server, makeRepository, asUser, makeGit }) => {
    const { cloneUrlHttp, region } = await makeRepository()
    const { pathname: path } = new URL(cloneUrlHttp)
    const alice = await asUser()
    const root = { accessKeyId: server.rootAccessKeyId, secretAccessKey: server.rootSecretAccessKey }
    for (const host of ['localhost', `localhost:${server.port}`]) {
      const asRoot = makeGit()
      asRoot.signIn(root.accessKeyId, gitPassword(root, { host, path, region }))
      const refused = await asRoot.run(['ls-remote', cloneUrlHttp])
      expect(refused.code).not.toBe(0)
      expect(refused.stderr).toContain('403')

      const asAlice = makeGit()
      asAlice.signIn(alice.accessKey.accessKeyId, gitPassword(alice.accessKey, { host, path, region }))
      await asAlice.git(['ls-remote', cloneUrlHttp])
    }
  })

  test('a signature is good for its repository, its Region and a quarter of an hour', async ({ server, makeRepository, asUser }) => {
    const { cloneUrlHttp, region } = await makeRepository()
    const { pathname: path } = new URL(cloneUrlHttp)
    const { accessKey } = await asUser()
    const host = 'localhost'
    const status = async (password: string) =>
      (await rawRequest(server, `${path}/info/refs?service=git-upload-pack`, { headers: basic(accessKey.accessKeyId, password) })).status
    const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000)
    expect(await status(gitPassword(accessKey, { host, path, region }))).toBe(200)
    expect(await status(gitPassword(accessKey, { host, path, region }, minutesAgo(14)))).toBe(200)
    expect(await status(gitPassword(accessKey, { host, path, region }, minutesAgo(16)))).toBe(403)
    expect(await status(gitPassword(accessKey, { host, path, region }, minutesAgo(-16)))).toBe(403)
    expect(await status(gitPassword(accessKey, { host, path: `${path}-other`, region }))).toBe(403)
    expect(await status(gitPassword(accessKey, { host, path, region: 'us-west-2' }))).toBe(403)
    expect(await status(gitPassword(accessKey, { host: 'git-codecommit.us-east-2.amazonaws.com', path, region }))).toBe(403)
  })

  test('a credential that is made inactive is refused at once, and works again once it is active', async ({ asRoot, makeRepository, asUser, makeGit }) => {
    const { cloneUrlHttp, region, arn } = await makeRepository()
    const alice = await asUser()
    const { iam } = asRoot()
    const ServiceSpecificCredentialId = alice.gitCredentials.id
    const listRemote = () => alice.git.run(['ls-remote', cloneUrlHttp])
    expect((await listRemote()).code).toBe(0)
    await iam.send(new UpdateServiceSpecificCredentialCommand({ UserName: alice.name, ServiceSpecificCredentialId, Status: 'Inactive' }))
    expect((await listRemote()).stderr).toContain('403')
    await iam.send(new UpdateServiceSpecificCredentialCommand({ UserName: alice.name, ServiceSpecificCredentialId, Status: 'Active' }))
    expect((await listRemote()).code).toBe(0)

    const byKey = makeGit()
    byKey.signIn(alice.accessKey.accessKeyId, gitPassword(alice.accessKey, { host: 'localhost', path: new URL(cloneUrlHttp).pathname, region }))
    const AccessKeyId = alice.accessKey.accessKeyId
    expect((await byKey.run(['ls-remote', cloneUrlHttp])).code).toBe(0)
    await iam.send(new UpdateAccessKeyCommand({ UserName: alice.name, AccessKeyId, Status: 'Inactive' }))
    expect((await byKey.run(['ls-remote', cloneUrlHttp])).stderr).toContain('403')

    const pulls = await eventHistory(asRoot(region), { key: 'ResourceName', value: arn })
    const byAlice = pulls.filter(({ eventName }) => eventName === 'GitPull')
    expect(byAlice.length).toBeGreaterThan(0)
    for (const { userIdentity } of byAlice) expect(userIdentity).toMatchObject({ type: 'IAMUser', arn: alice.arn, userName: alice.name })
  })

  test('over SSH: a key that nobody has, one under another’s ID, and an inactive one are refused', async ({ asRoot, makeRepository, asUser }) => {
    const { cloneUrlSsh } = await makeRepository()
    const alice = await asUser()
    const bob = await asUser({ name: 'bob' })
    const [aliceKey, bobKey] = [await alice.uploadSshKey(), await bob.uploadSshKey()]
    const as = (user: typeof alice, name: string) => user.git.run(['ls-remote', cloneUrlSsh.replace('ssh://', `ssh://${name}@`)])
    expect((await as(alice, aliceKey)).code).toBe(0)
    for (const [user, name] of [[alice, bobKey], [bob, aliceKey], [alice, alice.name], [alice, 'root'], [alice, 'git'], [alice, 'APKAAAAAAAAAAAAAAAAA']] as const) {
      const { code, stderr } = await as(user, name)
      expect({ name, refused: code !== 0 }).toEqual({ name, refused: true })
      expect(stderr).toContain('Permission denied')
    }
    const { iam } = asRoot()
    const status = (Status: 'Active' | 'Inactive') => iam.send(new UpdateSSHPublicKeyCommand({ UserName: alice.name, SSHPublicKeyId: aliceKey, Status }))
    await status('Inactive')
    expect((await as(alice, aliceKey)).stderr).toContain('Permission denied')
    await status('Active')
    expect((await as(alice, aliceKey)).code).toBe(0)
  })

  test('a user whom no policy allows git is refused, and reads which action no policy allows', async ({ makeRepository, asUser }) => {
    const { cloneUrlHttp } = await makeRepository()
    const bob = await asUser({ name: 'bob', allow: [{ Sid: 'ReadOnly', Effect: 'Allow', Action: 'codecommit:GitPull', Resource: '*' }] })
    expect((await bob.git.run(['ls-remote', cloneUrlHttp])).code).toBe(0)
    const working = await bob.git.makeRepository('work', { 'README.md': 'mine' })
    const pushed = await bob.git.run(['push', cloneUrlHttp, 'main'], { cwd: working })
    expect(pushed.code).not.toBe(0)
    expect(pushed.stderr).toContain('because no identity-based policy allows the codecommit:GitPush action')

    const carol = await asUser({ name: 'carol', allow: [] })
    const pulled = await carol.git.run(['clone', cloneUrlHttp, 'stolen'])
    expect(pulled.code).not.toBe(0)
    expect(pulled.stderr).toContain('because no identity-based policy allows the codecommit:GitPull action')
  })
})

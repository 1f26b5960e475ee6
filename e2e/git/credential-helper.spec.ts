import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, test } from '../fixtures.ts'
import { awsEnvironment } from '../aws/clients.ts'
import { gitPassword } from '../git-signature.ts'
import { home } from '../regions.ts'

test.describe('git with an access key in place of Git credentials', () => {
  test('aws codecommit credential-helper: push and clone, and no longer once the key is somebody without permission', async ({ server, asUser, makeRepository, makeGit }) => {
    // The helper is a Python program that starts anew for each question of git's.
    test.setTimeout(240_000)
    test.skip(spawnSync('aws', ['--version']).status !== 0, 'SKIPPED: there is no aws command on this machine; git-remote-codecommit’s signature is tested without it')
    const { cloneUrlHttp } = await makeRepository()
    const alice = await asUser()
    const bob = await asUser({ name: 'bob', allow: [] })
    const git = makeGit()
    // As AWS's guide has it, but for the host, which is not amazonaws.com.
    await git.git(['config', '--global', '--replace-all', 'credential.helper', '!aws codecommit credential-helper --ignore-host-check $@'])
    await git.git(['config', '--global', 'credential.UseHttpPath', 'true'])
    const as = ({ accessKey }: typeof alice) => {
      const { PATH: _, HOME: __, ...aws } = awsEnvironment(server, { credentials: accessKey, region: home })
      return { environment: Object.fromEntries(Object.entries(aws).map(([name, value]) => [name, value ?? ''])) }
    }
    const working = await git.makeRepository('work', { 'README.md': 'by the credential helper' })
    await git.git(['push', cloneUrlHttp, 'main'], { cwd: working, ...as(alice) })
    await git.git(['clone', cloneUrlHttp, 'copy'], as(alice))
    expect(readFileSync(`${git.folder}/copy/README.md`, 'utf8')).toBe('by the credential helper')

    const refused = await git.run(['clone', cloneUrlHttp, 'stolen'], as(bob))
    expect(refused.code).not.toBe(0)
    expect(refused.stderr).toContain('because no identity-based policy allows the codecommit:GitPull action')
    const wrong = { environment: { ...as(alice).environment, AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' } }
    expect((await git.run(['clone', cloneUrlHttp, 'stolen'], wrong)).stderr).toContain('The security token included in the request is invalid')
  })

  test('git-remote-codecommit’s URL: the access key and its signature in place of user name and password', async ({ server, asUser, makeRepository, makeGit }) => {
    const { cloneUrlHttp, region, name } = await makeRepository()
    const { accessKey } = await asUser()
    const git = makeGit()
    const working = await git.makeRepository('work', { 'README.md': 'by git-remote-codecommit' })
    for (const [host, path] of [
      [`localhost:${server.port}`, new URL(cloneUrlHttp).pathname],
      [`git-codecommit.${region}.localhost:${server.port}`, `/v1/repos/${name}`],
    ] as const) {
      // What it hands to git remote-http.
      const url = `https://${accessKey.accessKeyId}:${gitPassword(accessKey, { host, path, region })}@${host}${path}`
      await git.git(['push', url, 'main'], { cwd: working })
      await git.git(['clone', url, `copy-${path.length}`])
      expect(readFileSync(`${git.folder}/copy-${path.length}/README.md`, 'utf8')).toBe('by git-remote-codecommit')
    }
  })
})

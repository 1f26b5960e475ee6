import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { GetBranchCommand, GetFileCommand, GetFolderCommand, GetRepositoryCommand, ListBranchesCommand, type CodeCommitClient } from '@aws-sdk/client-codecommit'
import { expect, test, type TestRepository } from '../fixtures.ts'
import type { GitClient } from '../git-client.ts'
import { ownRegions } from '../regions.ts'

const region = ownRegions.firstFiveMinutes

test.describe('A real project: thousands of commits, merges, tags of both kinds, binary files, deep paths, names outside ASCII', () => {
  test.describe.configure({ mode: 'default', timeout: 300_000 })

  test('pushed over HTTPS, cloned back over HTTPS and SSH, by protocol 0 and 2: every ref, every object', async ({ asUser, makeRepository }) => {
    const alice = await asUser()
    const { git } = alice
    const project = makeProject(git, 3000)
    const refs = await git.git(['show-ref'], { cwd: project })
    expect(refs.split('\n').length).toBeGreaterThan(90)
    const objects = await objectsOf(git, project)
    const repository = await makeRepository({ region, noun: 'project' })

    const pushed = await git.run(['push', '--mirror', '--progress', repository.cloneUrlHttp], { cwd: project })
    expect(pushed.stderr).toContain('remote: Encrypting objects under aws/codecommit...')
    expect(pushed.code).toBe(0)

    const keyId = await alice.uploadSshKey()
    const sshUrl = repository.cloneUrlSsh.replace('ssh://', `ssh://${keyId}@`)
    for (const [name, url] of Object.entries({ https: repository.cloneUrlHttp, ssh: sshUrl })) {
      for (const version of [0, 2]) {
        const copy = join(git.folder, `${name}-${version}.git`)
        await git.git(['-c', `protocol.version=${version}`, 'clone', '--quiet', '--mirror', url, copy])
        expect(await git.git(['show-ref'], { cwd: copy })).toBe(refs)
        await git.git(['fsck', '--strict', '--no-dangling', '--no-progress'], { cwd: copy })
        expect(await objectsOf(git, copy)).toBe(objects)
      }
    }

    // A working tree, and what the API says of the same.
    const tree = join(git.folder, 'tree')
    await git.git(['-c', 'core.quotePath=false', 'clone', '--quiet', repository.cloneUrlHttp, tree])
    expect(await git.git(['rev-parse', 'HEAD'], { cwd: tree })).toBe(await git.git(['rev-parse', 'main'], { cwd: project }))
    expect(await git.git(['status', '--porcelain'], { cwd: tree })).toBe('')
    await sameByApi(git, project, repository, alice.aws(region).codecommit)
  })

  test('shallow, partial and single-branch clones, deepening, and fetches of what is new', async ({ asUser, makeRepository }) => {
    const { git } = await asUser()
    const project = makeProject(git, 1200)
    const { cloneUrlHttp } = await makeRepository({ region, noun: 'project' })
    await git.git(['push', '--quiet', '--mirror', cloneUrlHttp], { cwd: project })
    const total = Number(await git.git(['rev-list', '--count', 'main'], { cwd: project }))

    await git.git(['clone', '--quiet', '--depth', '5', cloneUrlHttp, 'shallow'])
    const shallow = join(git.folder, 'shallow')
    expect(Number(await git.git(['rev-list', '--count', 'HEAD'], { cwd: shallow }))).toBeLessThan(total)
    await git.git(['fetch', '--quiet', '--unshallow'], { cwd: shallow })
    expect(Number(await git.git(['rev-list', '--count', 'HEAD'], { cwd: shallow }))).toBe(total)

    await git.git(['clone', '--quiet', '--filter=blob:none', cloneUrlHttp, 'partial'])
    const partial = join(git.folder, 'partial')
    // What was left out is fetched when it is looked at.
    await git.git(['log', '--patch', '-n', '3', 'origin/main~100'], { cwd: partial })
    await git.git(['fsck', '--no-dangling', '--no-progress'], { cwd: partial })

    await git.git(['clone', '--quiet', '--bare', '--single-branch', '--branch', 'main', cloneUrlHttp, 'single.git'])
    const copy = join(git.folder, 'copy')
    await git.git(['clone', '--quiet', cloneUrlHttp, copy])
    const working = join(git.folder, 'working')
    await git.git(['clone', '--quiet', cloneUrlHttp, working])
    const pushed: string[] = []
    for (let index = 0; index < 5; index += 1) {
      pushed.push(await git.commit(working, { [`new/größe-${index}.txt`]: `number ${index}\n` }, `New ${index} – größer`))
      await git.git(['push', '--quiet', 'origin', 'HEAD:main'], { cwd: working })
    }
    await git.git(['pull', '--quiet', '--ff-only'], { cwd: copy })
    expect(await git.git(['rev-parse', 'HEAD'], { cwd: copy })).toBe(pushed.at(-1))
    expect(await git.git(['log', '-1', '--format=%s'], { cwd: copy })).toBe('New 4 – größer')
    await git.git(['fsck', '--strict', '--no-dangling', '--no-progress'], { cwd: copy })
  })

  test('the whole of it over SSH: push, fetch, delete, tags, by protocol 0 and 2', async ({ asUser, makeRepository }) => {
    const alice = await asUser()
    const { git } = alice
    const project = makeProject(git, 600)
    const { cloneUrlSsh, cloneUrlHttp } = await makeRepository({ region, noun: 'project' })
    const url = cloneUrlSsh.replace('ssh://', `ssh://${await alice.uploadSshKey()}@`)
    const pushed = await git.run(['push', '--mirror', '--progress', url], { cwd: project })
    expect(pushed.stderr).toContain('remote: Encrypting objects under aws/codecommit...')
    expect(pushed.code).toBe(0)
    // What one door took, the other gives.
    expect(await git.git(['ls-remote', '--refs', cloneUrlHttp])).toBe((await git.git(['show-ref'], { cwd: project })).replaceAll(' ', '\t'))
    for (const version of [0, 2]) {
      const protocol = ['-c', `protocol.version=${version}`]
      const copy = join(git.folder, `copy-${version}`)
      await git.git([...protocol, 'clone', '--quiet', url, copy])
      await git.commit(copy, { [`ssh-${version}.txt`]: 'over SSH' })
      await git.git(['tag', '--annotate', '--message', 'A tag', `ssh-${version}`], { cwd: copy })
      await git.git([...protocol, 'push', '--quiet', '--follow-tags', 'origin', 'HEAD:main'], { cwd: copy })
      await git.git([...protocol, 'push', '--quiet', 'origin', 'HEAD:refs/heads/away'], { cwd: copy })
      await git.git([...protocol, 'push', '--quiet', 'origin', ':refs/heads/away'], { cwd: copy })
      await git.git([...protocol, 'fetch', '--quiet', '--prune'], { cwd: copy })
      expect(await git.git(['ls-remote', '--heads', 'origin', 'away'], { cwd: copy })).toBe('')
      await git.git(['fsck', '--strict', '--no-dangling', '--no-progress'], { cwd: copy })
    }
  })
})

function makeProject(git: GitClient, commits: number): string {
  const folder = join(git.folder, 'project.git')
  execFileSync(process.execPath, ['scripts/make-history.mjs', folder, '--commits', String(commits)], { stdio: ['ignore', 'ignore', 'inherit'] })
  return folder
}

/** The IDs of all objects that refs reach. */
function objectsOf(git: GitClient, cwd: string): Promise<string> {
  return git.git(['-c', 'core.quotePath=false', 'rev-list', '--objects', '--no-object-names', '--all', '--reverse'], { cwd }).then((ids) => ids.split('\n').sort().join('\n'))
}

async function sameByApi(git: GitClient, cwd: string, { name: repositoryName }: TestRepository, codecommit: CodeCommitClient): Promise<void> {
  const { repositoryMetadata } = await codecommit.send(new GetRepositoryCommand({ repositoryName }))
  expect(repositoryMetadata?.defaultBranch).toBe('main')
  const branches: string[] = []
  let nextToken: string | undefined
  do {
    const page = await codecommit.send(new ListBranchesCommand({ repositoryName, nextToken }))
    branches.push(...(page.branches ?? []))
    nextToken = page.nextToken
  } while (nextToken !== undefined)
  const expected = await git.git(['for-each-ref', '--format=%(refname:lstrip=2)', 'refs/heads'], { cwd })
  expect(branches.sort()).toEqual(expected.split('\n').sort())
  expect(branches.some((branch) => branch.includes('ünïcode'))).toBe(true)
  const { branch } = await codecommit.send(new GetBranchCommand({ repositoryName, branchName: 'main' }))
  expect(branch?.commitId).toBe(await git.git(['rev-parse', 'main'], { cwd }))

  const lines = (await git.git(['-c', 'core.quotePath=false', 'ls-tree', '-r', 'main'], { cwd })).split('\n').map((line) => /^(\d+) \w+ (\w+)\t(.*)$/s.exec(line)?.slice(1) ?? [])
  const some = ['.bin', '日本語.md', ' mit Leerzeichen.txt', '.sh'].map((ending) => lines.find(([, , path]) => path?.endsWith(ending)) ?? [])
  for (const [mode = '', oid = '', filePath = ''] of some) {
    const { fileContent, blobId, fileMode } = await codecommit.send(new GetFileCommand({ repositoryName, filePath }))
    expect({ filePath, blobId, fileMode }).toEqual({ filePath, blobId: oid, fileMode: mode === '100755' ? 'EXECUTABLE' : 'NORMAL' })
    expect(Buffer.from(fileContent ?? []).length).toBe(Number(await git.git(['cat-file', '-s', oid], { cwd })))
  }
  const { subFolders } = await codecommit.send(new GetFolderCommand({ repositoryName, folderPath: '/' }))
  const folders = (await git.git(['-c', 'core.quotePath=false', 'ls-tree', '-d', '--name-only', 'main'], { cwd })).split('\n')
  expect(subFolders?.map(({ absolutePath }) => absolutePath).sort()).toEqual(folders.sort())
}

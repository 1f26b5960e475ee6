import { eventHistory } from '../event-history.ts'
import { expect, test } from '../fixtures.ts'
import { home } from '../regions.ts'
import { signIn } from '../sign-in.ts'
import type { TestUser } from '../users.ts'

/** A repository with two branches, a merge, a tag, a rename, a picture and a binary file. */
async function withHistory(alice: TestUser, cloneUrl: string): Promise<Readonly<{ first: string; merge: string }>> {
  const { git } = alice
  const cwd = await git.makeRepository('work', {
    'README.md': '# A demo\n\n[the source](src/app.ts)\n\n![logo](logo.png)\n',
    'src/app.ts': Array.from({ length: 60 }, (_, index) => `export const value${index + 1} = ${index + 1}`).join('\n') + '\n',
    'src/deep/inside/needle.txt': 'nothing\nthe needle is here\n',
    'logo.png': Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==', 'base64'),
    'data.bin': new Uint8Array([0, 1, 2, 3]),
  })
  const first = await git.git(['rev-parse', 'HEAD'], { cwd })
  await git.git(['tag', '-a', 'v1.0', '-m', 'The first release\n\nWith all its parts.'], { cwd })
  await git.git(['checkout', '-q', '-b', 'topic'], { cwd })
  await git.git(['mv', 'src/deep/inside/needle.txt', 'src/moved.txt'], { cwd })
  await git.commit(cwd, { 'src/app.ts': Array.from({ length: 60 }, (_, index) => `export const value${index + 1} = ${index === 29 ? 'changed' : index + 1}`).join('\n') + '\n' }, 'Change one value')
  await git.git(['checkout', '-q', 'main'], { cwd })
  await git.commit(cwd, { 'other.txt': 'on main\n' }, 'Work on main')
  await git.git(['merge', '-q', '--no-ff', '-m', 'Merge topic', 'topic'], { cwd })
  const merge = await git.git(['rev-parse', 'HEAD'], { cwd })
  await git.git(['push', '-q', cloneUrl, '--all'], { cwd })
  await git.git(['push', '-q', cloneUrl, '--tags'], { cwd })
  return { first, merge }
}

test('source is read as on a code host: coloured, linked by lines, blamed, raw; found by name and by text', async ({ page, server, asUser, makeRepository }) => {
  const { name, cloneUrlHttp } = await makeRepository()
  const alice = await asUser()
  const { first, merge } = await withHistory(alice, cloneUrlHttp)
  const at = `${server.origin}/codecommit/repositories/${name}`
  await signIn(page, server, alice)
  await page.goto(`${at}?region=${home}`)
  const files = page.getByRole('table', { name: 'Files' })
  await expect(files.getByRole('row', { name: /other.txt/ })).toContainText('Work on main')
  // The picture of the README is the repository's own, and comes from here.
  await expect(page.getByRole('img', { name: 'logo' })).toHaveJSProperty('naturalWidth', 1)
  await page.getByRole('link', { name: 'the source' }).click()

  const contents = page.getByRole('region', { name: 'Contents of src/app.ts' })
  await expect(contents.locator('.code-keyword', { hasText: /^export$/ }).first()).toBeVisible()
  await page.getByRole('link', { name: 'Line 10', exact: true }).click()
  await page.getByRole('link', { name: 'Line 20', exact: true }).click({ modifiers: ['Shift'] })
  await expect(page).toHaveURL(/#L10-L20$/)
  await expect(contents.locator('tr[data-linked]')).toHaveCount(11)
  await page.keyboard.press('y')
  await expect(page).toHaveURL(new RegExp(`ref=${merge}.*#L10-L20$`))

  await page.keyboard.press('b')
  const blame = page.getByRole('region', { name: 'Blame of src/app.ts' })
  await expect(blame.getByRole('link', { name: 'Change one value' })).toBeVisible()
  await page.getByRole('link', { name: 'History' }).click()
  await expect(page.getByRole('table', { name: 'Commits' }).getByRole('row')).toHaveCount(3)

  await page.goto(`${at}?region=${home}`)
  await page.getByRole('button', { name: 'Branch or tag: main' }).click()
  await page.getByRole('dialog').getByRole('link', { name: 'v1.0' }).click()
  await expect(page).toHaveURL(/ref=v1.0/)
  await expect(files.getByRole('link', { name: 'other.txt' })).toHaveCount(0)
  await page.keyboard.press('t')
  const finder = page.getByRole('combobox', { name: 'Find a file by name' })
  await finder.fill('needl')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/browse\/src\/deep\/inside\/needle.txt/)

  await page.goto(`${at}/search?region=${home}`)
  await page.getByRole('searchbox', { name: 'Search in the files' }).fill('NEEDLE IS')
  await page.getByRole('button', { name: 'Search', exact: true }).click()
  await expect(page.getByText('1 line in 1 files')).toBeVisible()
  await expect(page.getByRole('region', { name: 'src/moved.txt' }).locator('mark')).toHaveText('needle is')
  await page.getByRole('checkbox', { name: 'Regular expression' }).check()
  await page.getByRole('searchbox', { name: 'Search in the files' }).fill('(')
  await page.getByRole('button', { name: 'Search', exact: true }).click()
  await expect(page.getByText('That is no extended regular expression')).toBeVisible()

  // Bytes are to keep, and are the file's own.
  const raw = await page.request.get(`${at}/raw/data.bin?region=${home}`)
  expect(raw.headers()['content-disposition']).toMatch(/^attachment/)
  expect([...(await raw.body())]).toEqual([0, 1, 2, 3])
  expect((await page.request.get(`${at}/raw/src/app.ts?region=${home}&ref=${first}`)).headers()['content-type']).toBe('text/plain; charset=utf-8')
})

test('commits are drawn, changes are shown both ways, any two are compared; branches are made and deleted', async ({ page, server, asUser, makeRepository }) => {
  const { name, cloneUrlHttp } = await makeRepository()
  const alice = await asUser()
  const { first, merge } = await withHistory(alice, cloneUrlHttp)
  const at = `${server.origin}/codecommit/repositories/${name}`
  await signIn(page, server, alice)
  await page.goto(`${at}/commits?region=${home}`)
  const commits = page.getByRole('table', { name: 'Commits' })
  await expect(commits.getByRole('row')).toHaveCount(5)
  const merged = commits.getByRole('row', { name: /Merge topic/ })
  await expect(merged.getByText('merge', { exact: true })).toBeVisible()
  await expect(merged.locator('svg[preserveAspectRatio] path')).toHaveCount(2)

  // By keyboard: down to the commit, and in.
  await commits.getByRole('row').nth(1).focus()
  const target = await commits.getByRole('row', { name: /Change one value/ }).evaluate((row) => [...(row.parentElement?.children ?? [])].indexOf(row))
  for (let step = 0; step < target; step++) await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Change one value' })).toBeVisible()
  const changes = page.getByRole('region', { name: 'Changes of src/app.ts' })
  await expect(changes.locator('.bg-deleted-word')).toHaveText('30')
  await expect(changes.locator('.bg-added-word')).toHaveText('changed')
  await expect(page.getByText('src/deep/inside/needle.txt → src/moved.txt')).toBeVisible()
  await page.getByRole('link', { name: 'Split' }).click()
  await expect(page).toHaveURL(/view=split/)
  await expect(changes.getByRole('row').filter({ hasText: 'changed' })).toContainText('value30 = 30')
  await page.getByRole('link', { name: 'Hide whitespace changes' }).click()
  await expect(page).toHaveURL(/view=split&space=ignore/)
  // The next commit is shown the same way.
  await page.getByRole('link', { name: first.slice(0, 8) }).click()
  await expect(page.getByRole('heading', { name: 'Commit 1' })).toBeVisible()
  await expect(page.getByRole('link', { name: 'Split' })).toHaveAttribute('aria-current', 'true')
  await page.getByRole('link', { name: 'Unified' }).click()
  await expect(page).toHaveURL(/view=unified/)
  await page.goto(`${at}/commits/${merge}?region=${home}`)
  await expect(page.getByRole('link', { name: 'Unified' })).toHaveAttribute('aria-current', 'true')

  await page.goto(`${at}/compare?region=${home}&destination=v1.0&source=main`)
  await expect(page.getByText('main is 3 commits ahead of and 0 behind v1.0')).toBeVisible()
  await expect(page.getByRole('table', { name: 'Commits of the source' }).getByRole('row')).toHaveCount(4)
  await expect(page.getByRole('navigation', { name: 'Changed files' }).getByRole('link')).toHaveCount(3)
  await page.getByRole('link', { name: 'Swap' }).click()
  await expect(page.getByText('v1.0 is 0 commits ahead of and 3 behind main')).toBeVisible()

  await page.goto(`${at}/tags?region=${home}`)
  await expect(page.getByRole('table', { name: 'Git tags' }).getByRole('row', { name: /v1.0/ })).toContainText('The first release')

  await page.goto(`${at}/branches?region=${home}`)
  const branches = page.getByRole('table', { name: 'Branches' })
  await expect(branches.getByRole('link', { name: 'topic: 2 behind and 0 ahead of main. Compare' })).toBeVisible()
  await page.getByRole('button', { name: 'Create branch' }).click()
  await page.getByRole('dialog').getByLabel('Branch name').fill('from-the-tag')
  await page.getByRole('dialog').getByLabel('Branch from').fill('v1.0')
  await page.getByRole('dialog').getByRole('button', { name: 'Create branch' }).click()
  await expect(branches.getByRole('row', { name: /from-the-tag/ })).toContainText(first.slice(0, 8))
  await page.getByRole('button', { name: 'Actions on main' }).click()
  await expect(page.getByRole('menuitem', { name: /Delete branch/ })).toHaveAttribute('aria-disabled', 'true')
  await expect(page.getByRole('menuitem', { name: /Delete branch/ })).toContainText('It is the default branch.')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Actions on from-the-tag' }).click()
  await page.getByRole('menuitem', { name: 'Delete branch' }).click()
  await page.getByRole('dialog').getByRole('textbox').fill('from-the-tag')
  await page.getByRole('dialog').getByRole('button', { name: 'Delete branch' }).click()
  await expect(branches.getByRole('row', { name: /from-the-tag/ })).toHaveCount(0)
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(branches.getByRole('row', { name: /from-the-tag/ })).toContainText(first.slice(0, 8))

  await page.getByRole('button', { name: 'Actions on topic' }).click()
  await page.getByRole('menuitem', { name: 'Make default' }).click()
  await expect(branches.getByRole('row', { name: /^topic/ })).toContainText('default')
  await expect(page.getByText('topic is the default branch', { exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'Undo' }).last().click()
  await expect(branches.getByRole('row', { name: /^main/ })).toContainText('default')
  await expect(branches.getByText('default', { exact: true })).toHaveCount(1)

  // Who may not is told so, and the mark goes back.
  await alice.attach('inline policy', 'NotTheDefault', { Sid: 'NotTheDefault', Effect: 'Deny', Action: ['codecommit:UpdateDefaultBranch', 'codecommit:CreateBranch'], Resource: '*' })
  await page.getByRole('button', { name: 'Actions on topic' }).click()
  await page.getByRole('menuitem', { name: 'Make default' }).click()
  await expect(page.getByText('You may not do this: codecommit:UpdateDefaultBranch was refused')).toBeVisible()
  await expect(branches.getByRole('row', { name: /^main/ })).toContainText('default')
  await page.getByRole('button', { name: 'Actions on from-the-tag' }).click()
  await page.getByRole('menuitem', { name: 'Delete branch' }).click()
  await page.getByRole('dialog').getByRole('textbox').fill('from-the-tag')
  await page.getByRole('dialog').getByRole('button', { name: 'Delete branch' }).click()
  await expect(branches.getByRole('row', { name: /from-the-tag/ })).toHaveCount(0)
  await page.getByRole('button', { name: 'Undo' }).last().click()
  await expect(page.getByRole('listitem').getByText(/not authorized to perform: codecommit:CreateBranch/)).toBeVisible()
})

test('a file, a folder and one without a dot in its name are opened without a failed look in the trail; what is not there is said', async ({ page, server, asUser, asRoot, makeRepository }) => {
  const { name, cloneUrlHttp } = await makeRepository({ noun: 'opened' })
  const alice = await asUser()
  const work = await alice.git.makeRepository('work', { 'src/app.ts': 'export const value1 = 1\n', Makefile: 'all:\n', 'notes/todo': 'rest\n', 'v1.0/old.txt': 'old\n' })
  await alice.git.git(['push', cloneUrlHttp, 'main'], { cwd: work })
  await signIn(page, server, alice)
  const at = (path: string) => page.goto(`${server.origin}/codecommit/repositories/${name}/browse/${path}?region=${home}`)
  const looks = async () => (await eventHistory(asRoot(home), { key: 'Username', value: alice.name })).filter(({ eventName }) => /^Get(File|Folder)$/.test(eventName))
  for (const [path, shown] of [['src', 'app.ts'], ['src/app.ts', 'export const value1'], ['Makefile', 'all:']] as const) {
    await at(path)
    await expect(page.getByRole('main').getByText(shown).first()).toBeVisible()
  }
  const recorded = await looks()
  expect(recorded.map(({ eventName }) => eventName)).toEqual(['GetFolder', 'GetFile', 'GetFile'])
  expect(recorded.filter(({ errorCode }) => errorCode !== undefined)).toEqual([])
  // The unlikelier is found all the same.
  for (const [path, shown] of [['notes/todo', 'rest'], ['v1.0', 'old.txt']] as const) {
    await at(path)
    await expect(page.getByRole('main').getByText(shown).first()).toBeVisible()
  }
  await at('src/none.ts')
  await expect(page.getByText('The file does not exist.').or(page.getByText(/Could not find path/)).first()).toBeVisible()
})

test('who may not read is told which action was refused, on every page of a repository', async ({ page, server, asUser, makeRepository }) => {
  const { name, cloneUrlHttp } = await makeRepository()
  const alice = await asUser()
  const { merge } = await withHistory(alice, cloneUrlHttp)
  const bob = await asUser({
    name: 'bob',
    allow: [
      { Effect: 'Allow', Action: 'codecommit:*', Resource: '*' },
      { Sid: 'NotTheCode', Effect: 'Deny', Action: ['codecommit:GetFile', 'codecommit:GetFolder', 'codecommit:GetTree', 'codecommit:GetCommitHistory', 'codecommit:GetDifferences', 'codecommit:GetCommitsFromMergeBase', 'codecommit:GetReferences', 'codecommit:CreateBranch'], Resource: '*' },
    ],
  })
  await signIn(page, server, bob)
  const refused: readonly (readonly [path: string, action: string])[] = [
    ['', 'codecommit:GetFolder'],
    ['/browse/src', 'codecommit:GetFolder'],
    ['/browse/src/app.ts', 'codecommit:GetFile'],
    ['/blame/src/app.ts', 'codecommit:GetFile'],
    ['/find', 'codecommit:GetTree'],
    ['/search?text=value', 'codecommit:GetFile'],
    ['/commits', 'codecommit:GetCommitHistory'],
    [`/commits/${merge}`, 'codecommit:GetDifferences'],
    ['/compare', 'codecommit:GetCommitsFromMergeBase'],
    ['/branches', 'codecommit:GetReferences'],
    ['/tags', 'codecommit:GetReferences'],
  ]
  for (const [path, action] of refused) {
    await page.goto(`${server.origin}/codecommit/repositories/${name}${path}${path.includes('?') ? '&' : '?'}region=${home}`)
    await expect(page.getByText(`You may not do this: ${action} was refused`), path).toBeVisible()
    await expect(page.getByText('NotTheCode').first(), path).toBeVisible()
    await expect(page.getByText('value30'), path).toHaveCount(0)
  }
  const raw = await page.request.get(`${server.origin}/codecommit/repositories/${name}/raw/src/app.ts?region=${home}`)
  expect(raw.status()).toBe(403)
  expect(await raw.text()).not.toContain('value30')
})

test('how to clone says what this user still lacks, for each way', async ({ page, server, asUser, makeRepository }) => {
  const { name, cloneUrlSsh } = await makeRepository()
  const alice = await asUser()
  await signIn(page, server, alice)
  const open = async () => page.goto(`${server.origin}/codecommit/repositories/${name}?region=${home}`)
  await open()
  await expect(page.getByText('This repository is empty')).toBeVisible()
  await expect(page.getByText('git push -u origin HEAD:main')).toBeVisible()
  await expect(page.getByText('Git asks for the user name and password of your Git credentials.')).toBeVisible()
  await page.getByRole('tab', { name: 'SSH' }).click()
  await expect(page.getByText('You have no SSH public key here yet')).toBeVisible()
  await page.getByRole('tab', { name: 'HTTPS (GRC)' }).click()
  await expect(page.getByText(`git clone codecommit::${home}://${name}`)).toBeVisible()
  await expect(page.getByText('your access key in ~/.aws/credentials')).toBeVisible()

  const keyId = await alice.uploadSshKey()
  await open()
  await page.getByRole('tab', { name: 'SSH' }).click()
  await expect(page.getByText(`git clone ${cloneUrlSsh.replace('ssh://', `ssh://${keyId}@`)}`)).toBeVisible()
  await page.getByRole('link', { name: 'Your credentials' }).click()
  await expect(page).toHaveURL(/security-credentials/)
})

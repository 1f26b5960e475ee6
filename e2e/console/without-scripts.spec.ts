import { DeleteRepositoryCommand } from '@aws-sdk/client-codecommit'
import { paths } from '../../app/paths.ts'
import { expect, test } from '../fixtures.ts'
import { named } from '../named.ts'
import { home } from '../regions.ts'
import { signIn } from '../sign-in.ts'
import { allOfCodeCommit } from '../users.ts'

test.use({ javaScriptEnabled: false })

const readEvents = { Sid: 'ReadEvents', Effect: 'Allow', Action: 'cloudtrail:LookupEvents', Resource: '*' }

test('A browser without scripts reads repositories, a folder to its end, a file and an event', async ({ page, server, asUser, makeRepository }) => {
  const alice = await asUser({ allow: [allOfCodeCommit, readEvents] })
  const { name, id, cloneUrlHttp } = await makeRepository({ noun: 'scriptless' })
  const many = Object.fromEntries(Array.from({ length: 130 }, (_, each) => [`many/file-${String(each).padStart(3, '0')}.txt`, `${each}\n`]))
  const work = await alice.git.makeRepository('work', { 'README.md': '# Read me\n\nwithout scripts\n', 'src/main.ts': 'export const answer = 42\n', ...many })
  await alice.git.git(['push', cloneUrlHttp, 'main'], { cwd: work })

  await signIn(page, server, alice)
  await page.getByRole('navigation', { name: 'Services' }).getByRole('link', { name: 'CodeCommit' }).click()
  await page.getByRole('combobox', { name: 'Region' }).selectOption(home)
  await page.getByRole('button', { name: 'Show Region' }).click()
  const find = page.getByRole('main').getByRole('searchbox')
  await find.fill(name)
  await find.press('Enter')
  await expect(page.getByRole('table', { name: 'Repositories' }).getByRole('row')).toHaveCount(2)
  await page.getByRole('link', { name, exact: true }).click()
  await expect(page.getByRole('heading', { name: 'Read me' })).toBeVisible()
  // Nothing stands for what has come, and nothing that has come is hidden.
  await expect(page.locator('.animate-wait')).toHaveCount(0)
  await expect(page.locator('[id^="S:"]')).toHaveCount(0)
  await expect(page.getByRole('table', { name: 'Files' }).getByRole('row', { name: 'src' })).toBeVisible()

  await page.getByRole('link', { name: 'many', exact: true }).click()
  await expect(page.getByRole('table', { name: 'Files' }).getByRole('row')).toHaveCount(131)
  await expect(page.getByRole('link', { name: 'file-129.txt' })).toBeVisible()

  await page.goto(server.origin + paths.browse(home, name, 'src/main.ts'))
  await expect(page.getByRole('main')).toContainText('export const answer = 42')

  await page.goto(server.origin + paths.events(home, { RepositoryId: id }))
  await page.getByRole('row').filter({ hasText: `${alice.name} pushed to ${name}` }).getByRole('link', { name: 'GitPush' }).first().click()
  await expect(page.getByRole('main')).toContainText('"eventName": "GitPush"')
})

test('Forms of pages post themselves without scripts; a refusal says who may not, and by which statement', async ({ page, server, asUser, asRoot, makeRepository }) => {
  const alice = await asUser()
  const made = named('posted')
  await signIn(page, server, alice)
  await page.goto(server.origin + paths.createRepository(home))
  await page.getByLabel('Repository name').fill('no spaces allowed')
  await page.getByRole('main').getByRole('button', { name: 'Create' }).click()
  await expect(page.getByRole('alert')).toContainText('The repository name is not valid')
  await page.getByLabel('Repository name').fill(made)
  await page.getByRole('main').getByRole('button', { name: 'Create' }).click()
  await expect(page).toHaveURL(server.origin + paths.repository(home, made))
  await page.goto(server.origin + paths.repositorySettings(home, made))
  await page.getByLabel('Description').fill('written without scripts')
  await page.getByRole('button', { name: 'Save description' }).click()
  await expect(page.getByText('Description saved', { exact: true })).toBeVisible()
  await expect(page.getByLabel('Description')).toHaveValue('written without scripts')

  const other = await makeRepository()
  await alice.attach('inline policy', 'Hands', { Sid: 'HandsOff', Effect: 'Deny', Action: 'codecommit:UpdateRepositoryDescription', Resource: other.arn })
  await page.goto(server.origin + paths.repositorySettings(home, other.name))
  await page.getByLabel('Description').fill('not by me')
  await page.getByRole('button', { name: 'Save description' }).click()
  await expect(page.getByText('You may not do this: codecommit:UpdateRepositoryDescription was refused')).toBeVisible()
  await expect(page.getByText('HandsOff', { exact: true })).toBeVisible()

  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(page).toHaveURL(/\/sign-in/)
  await page.goto(server.origin + paths.repositories(home))
  await expect(page.getByRole('heading', { name: 'Sign in as IAM user' })).toBeVisible()
  await page.getByLabel('IAM user name').fill(alice.name)
  await page.getByLabel('Password', { exact: true }).fill('not the password')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByText('The account ID, the name or the password is not right.')).toBeVisible()
  await asRoot(home).codecommit.send(new DeleteRepositoryCommand({ repositoryName: made }))
})

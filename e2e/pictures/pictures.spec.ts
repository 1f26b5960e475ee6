import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { AttachUserPolicyCommand, CreateLoginProfileCommand, CreateServiceSpecificCredentialCommand, CreateUserCommand, PutUserPolicyCommand } from '@aws-sdk/client-iam'
import { CreateAliasCommand, CreateKeyCommand, DescribeKeyCommand } from '@aws-sdk/client-kms'
import { CreateRepositoryCommand } from '@aws-sdk/client-codecommit'
import { expect, test, type Page } from '@playwright/test'
import { paths } from '../../app/paths.ts'
import { rootClients } from '../aws-clients.ts'
import { gitClient } from '../git-client.ts'
import { home } from '../regions.ts'
import { startServer } from '../server.ts'
import { signIn, signInAsRoot } from '../sign-in.ts'

/** npm run pictures: walks through the main job on a server of its own, and takes the pictures of docs/images. */
const folder = join(import.meta.dirname, '../../docs/images')
const password = 'Correct-horse-7-battery'

test('the main job, step by step, and the main pages in four forms', async ({ page }) => {
  test.setTimeout(1_200_000)
  await using server = await startServer({ environment: { CODEKEEP_ACCOUNT_ID: '111122223333' } })
  const own = { ...server, accountId: '111122223333' }
  mkdirSync(join(folder, 'walk'), { recursive: true })
  await page.setViewportSize(wide)
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  const at = (path: string) => page.goto(server.origin + path)

  const { iam, kms } = rootClients(own, home)
  for (const [UserName, policies] of [['alice', ['AWSCodeCommitPowerUser', 'AWSCloudTrail_ReadOnlyAccess', 'IAMReadOnlyAccess']], ['bob', ['AWSCodeCommitReadOnly']]] as const) {
    await iam.send(new CreateUserCommand({ UserName }))
    await iam.send(new CreateLoginProfileCommand({ UserName, Password: password }))
    for (const policy of policies) await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn: `arn:aws:iam::aws:policy/${policy}` }))
  }
  await iam.send(new PutUserPolicyCommand({ UserName: 'alice', PolicyName: 'ReadKeys', PolicyDocument: policyOf('Allow', ['kms:List*', 'kms:Describe*', 'kms:Get*']) }))
  const { ServiceSpecificCredential: credential } = await iam.send(new CreateServiceSpecificCredentialCommand({ UserName: 'alice', ServiceName: 'codecommit.amazonaws.com' }))
  const git = gitClient(own)
  git.signIn(credential?.ServiceUserName ?? '', credential?.ServicePassword ?? '')

  await at('/sign-in')
  await picture(page, 'walk/01-sign-in')
  await signIn(page, own, { name: 'alice', password })
  await at(paths.createRepository(home))
  await page.getByLabel('Repository name').fill('observatory')
  await page.getByLabel('Description').fill('Star catalogues and the tools that read them')
  await picture(page, 'walk/02-create-repository')
  await page.getByRole('button', { name: 'Create', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'observatory' })).toBeVisible()
  await picture(page, 'walk/03-empty-repository')

  const work = await git.makeRepository('work', project['first'] ?? {})
  for (const [message, files] of Object.entries(project).slice(1)) await git.commit(work, files, message)
  await git.git(['checkout', '--quiet', '-b', 'catalogue'], { cwd: work })
  await git.commit(work, { 'src/catalogue.ts': catalogue }, 'Read the Messier catalogue')
  await git.git(['tag', 'v0.1.0', 'main'], { cwd: work })
  await git.git(['push', '--quiet', `${server.origin}/v1/regions/${home}/repos/observatory`, 'main', 'catalogue', 'v0.1.0'], { cwd: work })
  await at(paths.repository(home, 'observatory'))
  await picture(page, 'walk/04-repository')
  await at(paths.iam())
  await page.getByRole('navigation').getByRole('link', { name: /Encryption keys/ }).click()
  await expect(page.getByRole('button', { name: 'Get Started Now' })).toBeVisible()
  await picture(page, 'walk/05-encryption-keys-welcome')
  await page.getByRole('button', { name: 'Get Started Now' }).click()
  await expect(page.getByRole('table', { name: 'Encryption keys' })).toBeVisible()
  await picture(page, 'walk/06-encryption-keys')
  const managed = (await kms.send(new DescribeKeyCommand({ KeyId: 'alias/aws/codecommit' }))).KeyMetadata?.KeyId ?? ''
  await at(paths.key(home, managed))
  await picture(page, 'walk/07-key')
  await at(paths.repositorySettings(home, 'observatory'))
  await picture(page, 'walk/08-repository-id')
  const text = await page.getByRole('main').getByText(/^\{"aws:codecommit:repository-id"/).first().innerText()
  const RepositoryId = /[0-9a-f-]{36}/.exec(text)?.[0] ?? ''

  // An administrator refuses new data; the push stops, and the event says why.
  await iam.send(new PutUserPolicyCommand({ UserName: 'alice', PolicyName: 'NoNewData', PolicyDocument: policyOf('Deny', 'kms:GenerateDataKey', 'NoNewData') }))
  await git.git(['checkout', '--quiet', 'main'], { cwd: work })
  await git.commit(work, { 'NOTES.md': 'New\n' }, 'Notes')
  expect((await git.run(['push', `${server.origin}/v1/regions/${home}/repos/observatory`, 'main'], { cwd: work })).stderr).toContain('NoNewData')
  await at(paths.events(home, { RepositoryId }))
  await picture(page, 'walk/09-events')
  await page.getByRole('navigation', { name: 'Narrow down' }).getByRole('link', { name: /^Refused by policy/ }).click()
  await page.getByRole('table', { name: 'Events' }).getByRole('link').first().click()
  await expect(page.getByRole('link', { name: 'Why was this refused?' })).toBeVisible()
  await picture(page, 'walk/10-refused-event')
  await page.getByRole('link', { name: 'Why was this refused?' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Access explainer' })).toBeVisible()
  await picture(page, 'walk/11-access-explainer')
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: /Page, repository/ }).fill('obs')
  await expect(page.getByRole('option', { name: /observatory/ })).toBeVisible()
  await picture(page, 'walk/12-command-palette')

  // More to look at, and the root user to look at all of it.
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({ Description: 'Backups' }))
  await kms.send(new CreateAliasCommand({ AliasName: 'alias/backups', TargetKeyId: KeyMetadata?.KeyId }))
  for (const repositoryName of ['dome-control', 'site', 'spectrograph']) await rootClients(own, home).codecommit.send(new CreateRepositoryCommand({ repositoryName }))
  await page.context().clearCookies()
  await signInAsRoot(page, own)
  const pages: Readonly<Record<string, string>> = {
    home: paths.home(),
    repositories: paths.repositories(home),
    repository: paths.repository(home, 'observatory'),
    file: paths.browse(home, 'observatory', 'src/star.ts'),
    'encryption-keys': paths.encryptionKeys(home),
    user: paths.user('alice'),
    events: paths.events(home),
  }
  for (const [name, path] of Object.entries(pages)) {
    for (const [form, size] of [['wide', wide], ['narrow', narrow]] as const) {
      await page.setViewportSize(size)
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        await at(path)
        if (name === 'encryption-keys') await page.getByRole('button', { name: 'Get Started Now' }).click({ timeout: 2000 }).catch(() => undefined)
        await picture(page, `${name}-${form}-${colorScheme}`)
      }
    }
  }
  git.remove()
  // A picture says how it came to be: nothing is drawn by hand.
  expect(execFileSync('ls', [folder]).toString()).toContain('events-narrow-dark.jpg')
})

const wide = { width: 1280, height: 800 }
const narrow = { width: 390, height: 844 }

async function picture(page: Page, name: string): Promise<void> {
  await page.waitForLoadState('networkidle')
  await page.screenshot({ path: join(folder, `${name}.jpg`), type: 'jpeg', quality: 78 })
}

function policyOf(Effect: 'Allow' | 'Deny', Action: string | readonly string[], Sid = 'What'): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: [{ Sid, Effect, Action, Resource: '*' }] })
}

const catalogue = 'export type Entry = { id: string; name: string }\n\nexport const messier: Entry[] = [{ id: "M31", name: "Andromeda" }]\n'
const project: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  first: {
    'README.md': '# Observatory\n\nReads star catalogues and says what is up tonight.\n\n- [x] positions\n- [ ] refraction\n\n```ts\nimport { altitude } from "./src/star.ts"\n```\n',
    'LICENSE': 'Apache License 2.0\n',
  },
  'Positions of stars': {
    'src/star.ts': '/** Where a star is, in degrees. */\nexport type Star = { name: string; rightAscension: number; declination: number }\n\n/** How high a star stands over the horizon. */\nexport function altitude(star: Star, latitude: number, hourAngle: number): number {\n  const [d, l, h] = [star.declination, latitude, hourAngle].map((degrees) => (degrees * Math.PI) / 180)\n  return (Math.asin(Math.sin(d) * Math.sin(l) + Math.cos(d) * Math.cos(l) * Math.cos(h)) * 180) / Math.PI\n}\n',
    'package.json': '{\n  "name": "observatory",\n  "type": "module"\n}\n',
  },
  'Tests against the almanac': { 'test/star.test.ts': 'import { altitude } from "../src/star.ts"\n', 'docs/almanac.md': '# Almanac\n\n| star | altitude |\n|---|---|\n| Vega | 51.2 |\n' },
  'Say the hour angle in degrees': { 'docs/angles.md': '# Angles\n\nAll angles are degrees.\n' },
}

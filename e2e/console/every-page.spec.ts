import { readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { ListGroupsForUserCommand } from '@aws-sdk/client-iam'
import { CreateKeyCommand, DescribeKeyCommand } from '@aws-sdk/client-kms'
import AxeBuilder from '@axe-core/playwright'
import { paths } from '../../app/paths.ts'
import { expect, test } from '../fixtures.ts'
import { home } from '../regions.ts'
import { signIn } from '../sign-in.ts'

/** First-load JavaScript of the heaviest page, gzipped: design, section 9. */
const mostScript = 240 * 1024

test('Every page: no violation by axe in light and dark, no script without the nonce, nothing from elsewhere, at most 240 kB of JavaScript, nothing wider than a phone', async ({ page, server, asUser, asRoot, makeRepository }) => {
  test.setTimeout(1_500_000)
  const alice = await asUser({ allow: [{ Effect: 'Allow', Action: '*', Resource: '*' }] })
  const { name, id, cloneUrlHttp } = await makeRepository({ noun: 'every' })
  const empty = await makeRepository({ noun: 'empty' })
  const work = await alice.git.makeRepository('work', { 'README.md': '# Every page\n\n- [x] a list\n\n```ts\nconst a = 1\n```\n', 'src/main.ts': 'export const a = 1\n', 'image.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>' })
  await alice.git.git(['tag', 'v1'], { cwd: work })
  await alice.git.git(['push', cloneUrlHttp, 'main', 'v1'], { cwd: work })
  const commitId = (await alice.git.git(['rev-parse', 'main'], { cwd: work })).trim()
  const { kms } = asRoot(home)
  const own = (await kms.send(new CreateKeyCommand({ Description: 'for every page' }))).KeyMetadata?.KeyId ?? ''
  const managed = (await kms.send(new DescribeKeyCommand({ KeyId: 'alias/aws/codecommit' }))).KeyMetadata?.KeyId ?? ''
  await alice.attach('group policy', 'InGroup', { Sid: 'Nothing', Effect: 'Allow', Action: 'sts:GetCallerIdentity', Resource: '*' })

  await signIn(page, server, alice)
  const link = async (path: string, link: RegExp) => {
    await page.goto(server.origin + path)
    return (await page.getByRole('main').getByRole('link', { name: link }).first().getAttribute('href')) ?? path
  }
  const event = await link(paths.events(home, { RepositoryId: id }), /./)
  const eventId = new URL(event, server.origin).searchParams.get('event') ?? ''
  const { Groups = [] } = await asRoot(home).iam.send(new ListGroupsForUserCommand({ UserName: alice.name }))
  const groupName = Groups[0]?.GroupName ?? ''
  const repository = '(console)/codecommit/repositories/[name]'
  const key = '(console)/iam/encryption-keys/[region]/[keyId]'
  const kmsKey = '(console)/kms/keys/[keyId]'
  const user = '(console)/iam/users/[name]'
  /** What is opened of each page, by its folder. */
  const pages: Readonly<Record<string, readonly string[]>> = {
    '(console)/console': [paths.home()],
    '(console)/codecommit/repositories': [paths.repositories(home)],
    '(console)/codecommit/repositories/create': [paths.createRepository(home)],
    '(console)/codecommit/lookup': [paths.lookup(id)],
    '(console)/codecommit/imports/create': [paths.createImport(home)],
    // One that is under way is looked at in import.spec.ts: it needs a source.
    '(console)/codecommit/imports/[importId]': [paths.import(home, 'there-is-none')],
    [repository]: [paths.repository(home, name), paths.repository(home, empty.name)],
    [`${repository}/browse/[[...path]]`]: [paths.browse(home, name, 'src'), paths.browse(home, name, 'src/main.ts'), paths.browse(home, name, 'image.svg')],
    [`${repository}/blame/[...path]`]: [paths.blame(home, name, 'src/main.ts')],
    [`${repository}/find`]: [paths.findFile(home, name)],
    [`${repository}/search`]: [paths.searchFiles(home, name, { text: 'const' })],
    [`${repository}/commits`]: [paths.commits(home, name)],
    [`${repository}/commits/[commitId]`]: [paths.commit(home, name, commitId), paths.commit(home, name, commitId, { view: 'split' })],
    [`${repository}/compare`]: [paths.compare(home, name, { destination: 'v1', source: 'main' })],
    [`${repository}/branches`]: [paths.branches(home, name)],
    [`${repository}/tags`]: [paths.gitTags(home, name)],
    [`${repository}/encryption`]: [paths.repositoryEncryption(home, name)],
    [`${repository}/settings`]: [paths.repositorySettings(home, name)],
    '(console)/iam': [paths.iam()],
    '(console)/iam/users': [paths.users()],
    '(console)/iam/users/create': [paths.createUser()],
    [user]: [paths.user(alice.name)],
    [`${user}/groups`]: [paths.user(alice.name, 'groups')],
    [`${user}/security-credentials`]: [paths.user(alice.name, 'security-credentials')],
    [`${user}/policies/[policy]`]: [paths.userPolicy(alice.name, 'WhatTheStoryNeeds')],
    [`${user}/create-policy`]: [paths.createUserPolicy(alice.name)],
    '(console)/iam/security-credentials': [paths.myCredentials()],
    '(console)/iam/groups': [paths.groups()],
    '(console)/iam/groups/[name]': [paths.group(groupName)],
    '(console)/iam/groups/[name]/create-policy': [paths.createGroupPolicy(groupName)],
    '(console)/iam/groups/[name]/policies/[policy]': [paths.groupPolicy(groupName, 'InGroup')],
    '(console)/iam/policies': [paths.policies()],
    '(console)/iam/policies/create': [paths.createPolicy()],
    '(console)/iam/policies/policy': [paths.policy('arn:aws:iam::aws:policy/AWSCodeCommitPowerUser')],
    '(console)/iam/access-explainer': [paths.explain({ user: alice.name, operation: 'codecommit:GitPush', resource: `arn:aws:codecommit:${home}:${server.accountId}:${name}` })],
    '(console)/iam/encryption-keys': [paths.encryptionKeys(), paths.encryptionKeys(home)],
    '(console)/iam/encryption-keys/create': [paths.createKey(home)],
    [key]: [paths.key(home, managed), paths.key(home, own)],
    ...Object.fromEntries((['policy', 'tags', 'rotation', 'aliases', 'try-out'] as const).map((tab) => [`${key}/${tab}`, [paths.key(home, own, tab)]])),
    '(console)/kms/aws-managed-keys': [paths.awsManagedKeys(home)],
    '(console)/kms/customer-managed-keys': [paths.customerManagedKeys(home)],
    '(console)/kms/customer-managed-keys/create': [paths.createCustomerManagedKey(home)],
    [kmsKey]: [paths.kmsKey(home, own)],
    ...Object.fromEntries((['cryptographic-configuration', 'usage', 'tags', 'rotation', 'aliases', 'try-out'] as const).map((tab) => [`${kmsKey}/${tab}`, [paths.kmsKey(home, tab === 'usage' ? managed : own, tab)]])),
    '(console)/cloudtrail/events': [paths.events(home), paths.events(home, { RepositoryId: id, event: eventId })],
    '(console)/cloudtrail/events/[eventId]': [paths.event(home, eventId)],
    '(console)/[...missing]': ['/no-such-page'],
    '(signed-out)/change-password': [paths.changePassword()],
    '(signed-out)/sign-in': [paths.signIn()],
  }
  // In development only; leads on to console home; leads on once there is a root user.
  const others = ['design', '', '(signed-out)/set-up']
  const app = join(import.meta.dirname, '../../app')
  const there = readdirSync(app, { recursive: true, encoding: 'utf8' }).flatMap((path) => (basename(path) === 'page.tsx' ? [dirname(join('/', path)).slice(1)] : []))
  expect(there.sort()).toEqual([...Object.keys(pages), ...others].sort())
  expect((await page.request.get(server.origin + paths.design())).status()).toBe(404)

  const found: string[] = []
  const elsewhere = new Set<string>()
  let scripts = new Map<string, number>()
  page.on('request', (request) => {
    const url = request.url()
    if (!url.startsWith(server.origin) && !/^(data|blob):/.test(url)) elsewhere.add(url)
  })
  page.on('response', (response) => {
    if (response.request().resourceType() !== 'script') return
    const { pathname } = new URL(response.url())
    scripts.set(pathname, 0)
    void response.body().then((body) => scripts.set(pathname, gzipSync(body).length), () => undefined)
  })
  page.on('console', (message) => {
    if (message.type() === 'error' && !/404|Failed to load resource/.test(message.text())) found.push(`${new URL(page.url()).pathname}: ${message.text().slice(0, 300)}`)
  })
  page.on('pageerror', (error) => found.push(`${new URL(page.url()).pathname}: ${error.message}`))
  // What a script of the page would tell: the policy in force forbids it, and reports it here.
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => console.error(`refused by the Content-Security-Policy: ${event.violatedDirective} ${event.blockedURI}`))
  })

  const sizes: Record<string, number> = {}
  for (const path of Object.values(pages).flat()) {
    if (path === paths.signIn()) await page.context().clearCookies()
    await page.setViewportSize({ width: 1440, height: 900 })
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
    // Without what an earlier page left: each is a first load.
    scripts = new Map()
    const response = await page.goto(server.origin + path)
    await page.waitForLoadState('networkidle')
    const policy = response?.headers()['content-security-policy'] ?? ''
    const nonce = /'nonce-([^']+)'/.exec(policy)?.[1]
    if (nonce === undefined || /script-src[^;]*'unsafe-inline'/.test(policy)) found.push(`${path}: no strict policy: ${policy}`)
    const html = (await response?.text()) ?? ''
    for (const [script] of html.matchAll(/<script\b[^>]*>/g)) if (!script.includes(`nonce="${nonce ?? ''}"`)) found.push(`${path}: a script without the nonce: ${script}`)
    if (/<[a-z][^>]*\son(?:click|load|error)=/i.test(html)) found.push(`${path}: a handler in the markup`)
    sizes[path] = [...scripts.values()].reduce((sum, size) => sum + size, 0)
    if (sizes[path] > mostScript) found.push(`${path}: ${Math.round(sizes[path] / 1024)} kB of JavaScript`)

    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze()
      for (const { id: rule, nodes } of violations) found.push(`${path} in ${colorScheme}: ${rule}: ${nodes.slice(0, 2).map(({ html: node, failureSummary }) => `${node.slice(0, 160)} ${failureSummary?.split('\n')[1]?.trim() ?? ''}`).join(' | ')}`)
    }
    await page.setViewportSize({ width: 360, height: 740 })
    const narrow = await page.evaluate(() => {
      const width = document.documentElement.clientWidth
      const all = [...document.querySelectorAll('body *')]
      return {
        wider: document.documentElement.scrollWidth - width,
        beyond: all.filter((element) => element.getBoundingClientRect().right > width).map((element) => `${element.tagName} ${element.textContent.slice(0, 30)}`),
        moving: all.filter((element) => getComputedStyle(element).transitionDuration !== '0s').map((element) => element.tagName),
      }
    })
    if (narrow.wider > 0) found.push(`${path}: ${narrow.wider} px wider than a phone of 360: one of ${narrow.beyond.join(', ')}`)
    if (narrow.moving.length > 0) found.push(`${path}: ${narrow.moving.length} elements move for who asked for none of it: ${[...new Set(narrow.moving)].join(', ')}`)
  }
  const heaviest = Object.entries(sizes).sort(([, one], [, other]) => other - one).slice(0, 3)
  console.log(`heaviest pages, first-load JavaScript gzipped: ${heaviest.map(([path, size]) => `${path} ${Math.round(size / 1024)} kB`).join(', ')}`)
  expect([...found, ...elsewhere]).toEqual([])
})

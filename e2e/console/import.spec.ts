import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import AxeBuilder from '@axe-core/playwright'
import { gitSource, type GitSource } from '#lib/testing/git-source'
import { expect, test } from '../fixtures.ts'
import { gitClient } from '../git-client.ts'
import { home } from '../regions.ts'
import { startServer, type OwnServer } from '../server.ts'
import { signIn } from '../sign-in.ts'
import { makeUser, type TestUser } from '../users.ts'

test.describe('bring what you have, in the console', () => {
  let server: OwnServer
  let source: GitSource
  let alice: TestUser
  let folder: string
  const held: (() => void)[] = []

  test.beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'codekeep-sources-'))
    source = await gitSource(folder, {
      credentials: { username: 'ada', password: 'token' },
      answer: (request, response: ServerResponse) => {
        if (request.url?.startsWith('/slow/') !== true) return false
        request.url = request.url.replace('/slow/', '/')
        delete request.headers['git-protocol']
        if (request.method !== 'POST') return false
        held.push(() => response.destroy())
        return true
      },
    })
    server = await startServer({ environment: { CODEKEEP_IMPORT_HOSTS: source.host, CODEKEEP_IMPORT_CA: source.caFile } })
    alice = await makeUser(server)
    const git = gitClient(server)
    const work = await git.makeRepository('project', { 'README.md': '# Brought here\n' }, { 'b.txt': 'b\n' })
    await git.git(['clone', '--quiet', '--bare', work, join(folder, 'project.git')])
    git.remove()
  })
  test.afterAll(async () => {
    for (const release of held) release()
    alice.git.remove()
    await server[Symbol.asyncDispose]()
    await source[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true, force: true })
  })

  test('a refusal is explained in the form; the import shows how far it is, and leads to the repository', async ({ browser }) => {
    const page = await browser.newPage({ baseURL: server.origin, ignoreHTTPSErrors: true })
    await signIn(page, server, alice)
    await page.goto(`/codecommit/repositories?region=${home}`)
    await page.getByRole('link', { name: 'Import repository' }).click()
    await page.getByLabel('Source URL').fill(`${source.origin}/project.git`)
    await page.getByLabel('Repository name').fill('brought')
    await page.getByRole('button', { name: 'Import' }).click()
    await expect(page.getByText('wants a user name and a password')).toBeVisible()
    await page.getByLabel('User name at the source').fill('ada')
    await page.getByLabel('Password or token').fill('token')
    await page.getByRole('button', { name: 'Import' }).click()
    await expect(page.getByText('Everything that was received was checked')).toBeVisible({ timeout: 60_000 })
    await page.getByRole('link', { name: 'View repository' }).click()
    await expect(page.getByRole('heading', { name: 'Brought here' })).toBeVisible()
    await page.close()
  })

  test('it goes on behind a closed tab, can be read at 360 pixels and by a screen reader, and is cancelled', async ({ browser }) => {
    const context = await browser.newContext({ baseURL: server.origin, ignoreHTTPSErrors: true, viewport: { width: 360, height: 740 } })
    let page = await context.newPage()
    await signIn(page, server, alice)
    await page.goto(`/codecommit/imports/create?region=${home}`)
    await page.getByLabel('Source URL').fill(`https://ada:token@${source.host}/slow/project.git`)
    await page.getByLabel('Repository name').fill('slow')
    await page.getByRole('button', { name: 'Import' }).click()
    await expect(page.getByRole('progressbar', { name: 'Import' })).toBeVisible({ timeout: 60_000 })
    expect(page.url()).not.toContain('token')
    await page.close()

    page = await context.newPage()
    await page.goto(`/codecommit/imports/create?region=${home}`)
    await page.getByRole('link', { name: 'slow', exact: true }).click()
    await expect(page.getByRole('progressbar', { name: 'Import' })).toHaveAttribute('aria-valuetext', /prepares/)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(violations.map(({ id }) => id)).toEqual([])
    await page.getByRole('button', { name: 'Cancel import' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel import' }).click()
    await expect(page.getByText('The import was cancelled. Nothing of the source was kept.')).toBeVisible({ timeout: 30_000 })
    await context.close()
  })

  test('the repository is taken away again as a bundle', async ({ browser }) => {
    const page = await browser.newPage({ baseURL: server.origin, ignoreHTTPSErrors: true })
    await signIn(page, server, alice)
    await page.goto(`/codecommit/repositories/brought/settings?region=${home}`)
    const download = page.waitForEvent('download')
    await page.getByRole('link', { name: 'Download bundle' }).click()
    const file = join(folder, 'brought.bundle')
    await (await download).saveAs(file)
    execFileSync('git', ['clone', '--quiet', file, join(folder, 'back')])
    await page.close()
  })
})

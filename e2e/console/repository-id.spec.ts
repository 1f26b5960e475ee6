import { BatchGetRepositoriesCommand, GetRepositoryCommand, ListRepositoriesCommand } from '@aws-sdk/client-codecommit'
import { expect, test } from '../fixtures.ts'
import { home, ownRegions } from '../regions.ts'
import { signIn } from '../sign-in.ts'

test.describe('Rule 12: get-repository and the console show the repository ID; a lookup page finds a repository by name, ID or ARN across Regions', () => {
  test('the API and the settings page show the same repository ID', async ({ page, server, asUser, makeRepository, context }) => {
    const { id, name, arn } = await makeRepository()
    const alice = await asUser()
    const { codecommit } = alice.aws(home)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/)
    expect((await codecommit.send(new GetRepositoryCommand({ repositoryName: name }))).repositoryMetadata).toMatchObject({ repositoryId: id, Arn: arn })
    expect((await codecommit.send(new BatchGetRepositoriesCommand({ repositoryNames: [name] }))).repositories?.[0]?.repositoryId).toBe(id)
    expect((await codecommit.send(new ListRepositoriesCommand({}))).repositories).toContainEqual({ repositoryName: name, repositoryId: id })

    await signIn(page, server, alice)
    await page.goto(`${server.origin}/codecommit/repositories/${name}?region=${home}`)
    await page.getByRole('link', { name: 'Settings' }).click()
    const main = page.getByRole('main')
    await expect(main.getByText(id, { exact: true })).toBeVisible()
    await expect(main.getByText(arn, { exact: true })).toBeVisible()
    await expect(main.getByText(`{"aws:codecommit:repository-id":"${id}"}`)).toBeVisible()
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: server.origin })
    await page.getByRole('button', { name: 'Copy repository ID' }).click()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(id)
  })

  test('by name, by ID and by ARN, in whatever Region it is', async ({ page, server, asUser, makeRepository }) => {
    const away = await makeRepository({ region: ownRegions.lookup })
    const alice = await asUser()
    await signIn(page, server, alice)
    // From the page of another Region.
    await page.goto(`${server.origin}/codecommit/repositories?region=${home}`)
    await page.getByRole('link', { name: /Find a repository/ }).click()
    const field = page.getByLabel('Repository name, ID or ARN')
    const table = page.getByRole('table', { name: 'Repositories found' })
    for (const text of [away.name, away.id, away.id.toUpperCase(), away.arn]) {
      await field.fill(text)
      await page.getByRole('button', { name: 'Find', exact: true }).click()
      await expect(page).toHaveURL(/text=/)
      await expect(table.getByRole('link', { name: away.name })).toBeVisible()
      await expect(table.getByText('US West (Oregon)')).toBeVisible()
      await expect(table.getByText(away.id)).toBeVisible()
      await expect(table.getByRole('row')).toHaveCount(2)
    }
    await table.getByRole('link', { name: away.name }).click()
    await expect(page).toHaveURL(new RegExp(`/codecommit/repositories/${away.name}\\?region=${away.region}`))

    // The box at the top of every page is the same look-up.
    await page.getByRole('searchbox', { name: 'Find a repository by name, ID or ARN, in all Regions' }).fill(away.id)
    await page.keyboard.press('Enter')
    await expect(table.getByRole('link', { name: away.name })).toBeVisible()
    await field.fill('00000000-0000-4000-8000-000000000000')
    await page.getByRole('button', { name: 'Find', exact: true }).click()
    await expect(page.getByText('No repository of that name, ID or ARN')).toBeVisible()
  })

  test('a look-up finds nothing that the user may not see', async ({ page, server, asUser, makeRepository }) => {
    const { name, id, arn } = await makeRepository()
    const bob = await asUser({ name: 'bob', allow: [{ Effect: 'Allow', Action: 'codecommit:*', Resource: 'arn:aws:codecommit:*:*:somebody-elses' }] })
    await signIn(page, server, bob)
    for (const text of [name, id, arn]) {
      await page.goto(`${server.origin}/codecommit/lookup?text=${encodeURIComponent(text)}`)
      await expect(page.getByLabel('Repository name, ID or ARN')).toHaveValue(text)
      await expect(page.getByRole('main').getByText('No repository of that name, ID or ARN').or(page.getByRole('main').getByText('was refused')).first()).toBeVisible()
      await expect(page.getByRole('link', { name, exact: true })).toHaveCount(0)
    }
  })
})

import { expect, test } from '../fixtures.ts'
import { home } from '../regions.ts'
import { signIn } from '../sign-in.ts'

const administrator = { Sid: 'Administrator', Effect: 'Allow', Action: '*', Resource: '*' }
const denyDataKeys = { Sid: 'NoNewData', Effect: 'Deny', Action: 'kms:GenerateDataKey', Resource: '*' }

test.describe('Access explainer: may this user push to this repository?', () => {
  test('every check in order, the statement that refuses in its policy, and what would be if it said something else', async ({ page, server, asUser, makeRepository }) => {
    const { name } = await makeRepository()
    const admin = await asUser({ name: 'admin', allow: [administrator] })
    const alice = await asUser()
    await alice.attach('inline policy', 'KeepOut', denyDataKeys)
    await signIn(page, server, admin)
    await page.goto(`${server.origin}/iam/access-explainer?region=${home}&user=${encodeURIComponent(alice.arn)}`)
    await page.getByLabel('do', { exact: true }).selectOption('codecommit:GitPush')
    await page.getByLabel('to the repository').fill(name)
    await page.getByRole('button', { name: 'Explain' }).click()

    await expect(page.getByText(`No: ${alice.name} may not do this`)).toBeVisible()
    const checks = page.getByRole('list', { name: 'Checks' }).getByRole('listitem')
    await expect(checks).toHaveCount(5)
    for (const [index, [check, outcome]] of [['Authentication', 'Passes'], ['codecommit:GitPush', 'Passes'], ['kms:Decrypt', 'Passes'], ['kms:GenerateDataKey', 'Fails'], ['codecommit:GitPush', 'Passes']].entries()) {
      await expect(checks.nth(index)).toContainText(check ?? '')
      await expect(checks.nth(index)).toContainText(outcome ?? '')
    }
    await expect(page.getByRole('region', { name: 'KeepOut' }).getByText('This statement refuses:')).toHaveCount(1)

    // Changed in place, nothing saved: the answer changes, and git is refused all the same.
    await page.getByRole('button', { name: 'What if…' }).first().click()
    const editor = page.getByRole('textbox', { name: 'What if KeepOut said' })
    await editor.fill(JSON.stringify({ Version: '2012-10-17', Statement: [{ ...denyDataKeys, Action: 'kms:CreateKey' }] }))
    await expect(page.getByText(`Yes: ${alice.name} may do this, with the policies as edited below`)).toBeVisible()
    await page.reload()
    await expect(page.getByText(`No: ${alice.name} may not do this`)).toBeVisible()
  })

  test('a user who may not ask reads which action is not allowed', async ({ page, server, asUser, makeRepository }) => {
    const { name } = await makeRepository()
    const bob = await asUser({ name: 'bob' })
    await signIn(page, server, bob)
    await page.goto(`${server.origin}/iam/access-explainer?region=${home}&operation=codecommit:GitPush&resource=${name}`)
    await expect(page.getByText('You may not do this: iam:SimulatePrincipalPolicy was refused')).toBeVisible()
    await expect(page.getByRole('list', { name: 'Checks' })).toHaveCount(0)
  })
})

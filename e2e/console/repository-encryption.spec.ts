import { expect, test } from '../fixtures.ts'
import { home } from '../regions.ts'
import { signIn } from '../sign-in.ts'

test('the chain is drawn with real figures, and every sealed object is opened', async ({ page, server, asUser, makeRepository }) => {
  const { name, id, cloneUrlHttp } = await makeRepository({ description: 'Sealed too' })
  const alice = await asUser({ allow: [{ Effect: 'Allow', Action: ['codecommit:*', 'cloudtrail:LookupEvents', 'kms:ListKeyRotations'], Resource: '*' }] })
  const cwd = await alice.git.makeRepository('work', { 'a.txt': 'one\n' }, { 'a.txt': 'two\n' })
  await alice.git.git(['push', '-q', cloneUrlHttp, 'main'], { cwd })
  await alice.git.commit(cwd, { 'b.txt': 'three\n' })
  await alice.git.git(['push', '-q', cloneUrlHttp, 'main'], { cwd })

  await signIn(page, server, alice)
  await page.goto(`${server.origin}/codecommit/repositories/${name}?region=${home}`)
  await page.getByRole('link', { name: 'Encryption', exact: true }).click()
  const chain = page.getByRole('list', { name: 'From the root key to the sealed objects' })
  await expect(chain).toContainText('aws/codecommit')
  await expect(chain).toContainText(/\d+ versions? of key material/)
  // Its own, and one for each push.
  await expect(chain).toContainText('3 data keys')
  const sealed = page.getByRole('table', { name: 'Sealed objects' })
  await expect(sealed.getByRole('row', { name: /Packs/ })).toContainText('2')
  await expect(sealed.getByRole('row', { name: /Branches and tags/ })).toContainText('1')
  await expect(sealed.getByRole('row', { name: /Description/ })).toContainText('1')
  await expect(page.getByText(`{"aws:codecommit:repository-id":"${id}"}`)).toBeVisible()
  const uses = page.getByRole('list', { name: 'Uses by operation' })
  await expect(uses).toContainText(/GenerateDataKey 2/)
  await expect(uses).toContainText(/Decrypt \d+/)
  const six = page.getByRole('list', { name: 'The six KMS actions' }).getByRole('listitem')
  await expect(six).toHaveCount(6)
  await expect(six.filter({ hasText: 'Allowed' })).toHaveCount(6)
  await expect(six.filter({ hasText: 'kms:Decrypt' })).toContainText('Allow access through CodeCommit')

  await page.getByRole('button', { name: 'Verify now' }).click()
  await expect(page.getByText('Every sealed object opens, and every Git object is whole')).toBeVisible({ timeout: 60_000 })
})

test('a Deny shows at the action that it stops, with its statement; who may not read the repository sees nothing of it', async ({ page, server, asUser, makeRepository }) => {
  const { name, id } = await makeRepository()
  const alice = await asUser()
  await alice.attach('inline policy', 'NoDecryption', { Sid: 'StopPulls', Effect: 'Deny', Action: 'kms:Decrypt', Resource: '*' })
  await signIn(page, server, alice)
  await page.goto(`${server.origin}/codecommit/repositories/${name}/encryption?region=${home}`)
  const six = page.getByRole('list', { name: 'The six KMS actions' }).getByRole('listitem')
  await expect(six.filter({ hasText: 'Denied' })).toHaveCount(1)
  await expect(six.filter({ hasText: 'kms:Decrypt' })).toContainText('Deny by StopPulls of NoDecryption')
  await expect(page.getByText('You may not list its key material.')).toBeVisible()
  await expect(page.getByText('cloudtrail:LookupEvents').first()).toBeVisible()
  await page.getByRole('button', { name: 'Verify now' }).click()
  await expect(page.getByText('kms:Decrypt was refused')).toBeVisible()

  const bob = await asUser({ name: 'bob', allow: [{ Effect: 'Allow', Action: 'codecommit:*', Resource: 'arn:aws:codecommit:*:*:somebody-elses' }] })
  await page.context().clearCookies()
  await signIn(page, server, bob)
  await page.goto(`${server.origin}/codecommit/repositories/${name}/encryption?region=${home}`)
  await expect(page.getByText('codecommit:GetRepository was refused')).toBeVisible()
  await expect(page.getByText(id)).toHaveCount(0)
})

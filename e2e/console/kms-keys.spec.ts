import { CreateAliasCommand, CreateKeyCommand, DeleteAliasCommand, DescribeKeyCommand, DisableKeyCommand, EncryptCommand, GetKeyPolicyCommand, GetKeyRotationStatusCommand, ListAliasesCommand, ListKeyRotationsCommand, ListResourceTagsCommand, ScheduleKeyDeletionCommand } from '@aws-sdk/client-kms'
import type { Page } from '@playwright/test'
import { refusalOf, type AwsClients } from '../aws-clients.ts'
import { expect, test } from '../fixtures.ts'
import { named } from '../named.ts'
import { home, ownRegions } from '../regions.ts'
import { signIn } from '../sign-in.ts'

const administrator = { Sid: 'Administrator', Effect: 'Allow', Action: '*', Resource: '*' }

test.describe('KMS: AWS managed keys and customer managed keys', () => {
  const region = ownRegions.keyLists

  test('one’s own keys are found by alias, by ID and by status, and are disabled and enabled; AWS’s are a list apart', async ({ page, server, asUser, asRoot, makeRepository }) => {
    await makeRepository({ region })
    const { kms } = asRoot(region)
    const [enabled, disabled, pending] = [await makeKey(kms, 'ledger'), await makeKey(kms, 'archive'), await makeKey(kms, 'old')]
    await kms.send(new DisableKeyCommand({ KeyId: disabled.id }))
    await kms.send(new ScheduleKeyDeletionCommand({ KeyId: pending.id, PendingWindowInDays: 7 }))
    await signIn(page, server, await asUser({ allow: [administrator] }))

    await page.goto(`${server.origin}/kms/customer-managed-keys?region=${region}`)
    const table = page.getByRole('table', { name: 'Customer managed keys' })
    const row = (alias: string) => table.getByRole('row', { name: new RegExp(alias) })
    for (const { alias } of [enabled, disabled, pending]) await expect(row(alias)).toBeVisible()
    await expect(row('aws/codecommit')).toHaveCount(0)

    const find = page.getByRole('searchbox', { name: 'Find keys by alias or key ID' })
    for (const text of [enabled.alias.slice(2).toUpperCase(), enabled.id.slice(9, 23)]) {
      await find.fill(text)
      await expect(table.getByRole('row')).toHaveCount(2)
      await expect(row(enabled.alias)).toBeVisible()
    }
    await find.fill('no-such-key-anywhere')
    await expect(page.getByText('No such key in Asia Pacific (Hyderabad)')).toBeVisible()
    await find.fill('')
    await expect(row(enabled.alias)).toBeVisible()
    for (const [status, key] of [['Disabled', disabled], ['Pending deletion', pending]] as const) {
      await page.getByRole('combobox', { name: 'Status' }).selectOption(status)
      await expect(row(key.alias).getByText(status)).toBeVisible()
      await expect(row(enabled.alias)).toHaveCount(0)
    }
    await page.getByRole('combobox', { name: 'Status' }).selectOption('Any status')

    await act(page, enabled.alias, 'Disable')
    await expect(row(enabled.alias).getByText('Disabled')).toBeVisible()
    expect((await kms.send(new DescribeKeyCommand({ KeyId: enabled.id }))).KeyMetadata?.KeyState).toBe('Disabled')
    await act(page, enabled.alias, 'Enable')
    await expect(row(enabled.alias).getByText('Enabled')).toBeVisible()

    await page.goto(`${server.origin}/kms/aws-managed-keys?region=${region}`)
    const managed = page.getByRole('table', { name: 'AWS managed keys' })
    await expect(managed.getByRole('row')).toHaveCount(2)
    await expect(managed.getByRole('link', { name: 'aws/codecommit' })).toBeVisible()
    await expect(page.getByRole('button', { name: 'Key actions' })).toHaveCount(0)
    await managed.getByRole('link', { name: 'aws/codecommit' }).click()
    await expect(page.getByText('AWS manages this key', { exact: true })).toBeVisible()
    for (const { id } of [enabled, disabled]) await kms.send(new ScheduleKeyDeletionCommand({ KeyId: id, PendingWindowInDays: 7 }))
  })

  test('a user who may not list keys sees none, and one who may not disable one reads AWS’s words', async ({ page, server, asUser, asRoot }) => {
    const { kms } = asRoot(region)
    const key = await makeKey(kms, 'guarded')
    const bob = await asUser({ name: 'bob' })
    await signIn(page, server, bob)
    const main = page.getByRole('main')
    for (const list of ['customer-managed-keys', 'aws-managed-keys']) {
      await page.goto(`${server.origin}/kms/${list}?region=${region}&filter=${key.id.slice(0, 8)}`)
      await expect(main.getByText('You may not do this: kms:ListKeys was refused')).toBeVisible()
      await expect(main.getByText(key.id)).toHaveCount(0)
    }
    await page.goto(`${server.origin}/kms/keys/${key.id}?region=${region}`)
    await expect(main.getByText('You may not do this: kms:DescribeKey was refused')).toBeVisible()
    await expect(main.getByText(key.alias)).toHaveCount(0)

    await bob.attach('inline policy', 'Looks', { Sid: 'Looks', Effect: 'Allow', Action: ['kms:ListKeys', 'kms:ListAliases'], Resource: '*' })
    await page.goto(`${server.origin}/kms/customer-managed-keys?region=${region}&filter=${key.alias}`)
    await act(page, key.alias, 'Disable')
    await expect(main.getByText(`${bob.arn} is not authorized to perform: kms:DisableKey on resource: ${key.arn} because no identity-based policy allows the kms:DisableKey action`)).toBeVisible()
    expect((await kms.send(new DescribeKeyCommand({ KeyId: key.id }))).KeyMetadata?.KeyState).toBe('Enabled')
    await kms.send(new ScheduleKeyDeletionCommand({ KeyId: key.id, PendingWindowInDays: 7 }))
  })
})

test.describe('KMS: a key that was disabled or enabled by a slip', () => {
  test('the toast takes it back, from the list and from the key’s page; the API sees each step', async ({ page, server, asUser, asRoot }) => {
    const { kms } = asRoot(home)
    const key = await makeKey(kms, 'slip')
    const state = async () => (await kms.send(new DescribeKeyCommand({ KeyId: key.id }))).KeyMetadata?.KeyState
    await signIn(page, server, await asUser({ allow: [administrator] }))
    await page.goto(`${server.origin}/kms/customer-managed-keys?region=${home}&filter=${key.alias}`)
    const row = page.getByRole('table', { name: 'Customer managed keys' }).getByRole('row', { name: new RegExp(key.alias) })
    for (const [action, done, before] of [
      ['Disable', 'Disabled', 'Enabled'],
      ['Enable', 'Enabled', 'Disabled'],
    ] as const) {
      if (action === 'Enable') await kms.send(new DisableKeyCommand({ KeyId: key.id }))
      await page.reload()
      await act(page, key.alias, action)
      await expect(row.getByText(done, { exact: true })).toBeVisible()
      expect(await state()).toBe(done)
      await page.getByRole('button', { name: 'Undo' }).last().click()
      await expect(row.getByText(before, { exact: true })).toBeVisible()
      expect(await state()).toBe(before)
    }

    await page.goto(`${server.origin}/kms/keys/${key.id}?region=${home}`)
    await choose(page, 'Enable')
    await expect(page.getByRole('main').getByText('Enabled', { exact: true })).toBeVisible()
    await page.getByRole('button', { name: 'Undo' }).last().click()
    await expect(page.getByRole('main').getByText('Disabled', { exact: true })).toBeVisible()
    expect(await state()).toBe('Disabled')
    await kms.send(new ScheduleKeyDeletionCommand({ KeyId: key.id, PendingWindowInDays: 7 }))
  })

  test('who may disable a key but not enable it reads AWS’s words where they take it back, and the key stays disabled', async ({ page, server, asUser, asRoot }) => {
    const { kms } = asRoot(home)
    const key = await makeKey(kms, 'oneway')
    const bob = await asUser({ name: 'bob', allow: [{ Sid: 'OneWay', Effect: 'Allow', Action: ['kms:ListKeys', 'kms:ListAliases', 'kms:DescribeKey', 'kms:DisableKey'], Resource: '*' }] })
    await signIn(page, server, bob)
    await page.goto(`${server.origin}/kms/customer-managed-keys?region=${home}&filter=${key.alias}`)
    await act(page, key.alias, 'Disable')
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect(page.getByText(`${bob.arn} is not authorized to perform: kms:EnableKey on resource: ${key.arn} because no identity-based policy allows the kms:EnableKey action`).first()).toBeVisible()
    expect((await kms.send(new DescribeKeyCommand({ KeyId: key.id }))).KeyMetadata?.KeyState).toBe('Disabled')
    await kms.send(new ScheduleKeyDeletionCommand({ KeyId: key.id, PendingWindowInDays: 7 }))
  })
})

test.describe('KMS: create key', () => {
  test('alias, description, tags, administrators, users and the key policy to review, on one page; the key is as it says', async ({ page, server, asUser, asRoot }) => {
    const { kms } = asRoot(home)
    const alice = await asUser({ allow: [administrator] })
    const bob = await asUser({ name: 'bob', allow: [] })
    await signIn(page, server, alice)
    await page.goto(`${server.origin}/kms/customer-managed-keys/create?region=${home}`)
    const alias = named('made')
    await page.getByLabel('Alias').fill(alias)
    await page.getByLabel('Description').fill('Made on one page')
    await page.getByRole('button', { name: 'Add a tag' }).click()
    await page.getByLabel('Tag key 1').fill('team')
    await page.getByLabel('Tag value 1').fill('ledger')
    await page.getByRole('group', { name: /^Key users/ }).getByRole('checkbox', { name: bob.name }).check()
    const shown = await page.getByRole('region', { name: 'key policy' }).innerText()
    expect(shown).toContain(bob.arn)
    await page.getByRole('button', { name: 'Create key' }).click()
    await expect(page.getByRole('heading', { level: 1, name: alias })).toBeVisible()
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: `alias/${alias}` }))
    const KeyId = KeyMetadata?.KeyId ?? ''
    expect(KeyMetadata?.Description).toBe('Made on one page')
    expect((await kms.send(new ListResourceTagsCommand({ KeyId }))).Tags).toEqual([{ TagKey: 'team', TagValue: 'ledger' }])
    expect(JSON.parse((await kms.send(new GetKeyPolicyCommand({ KeyId }))).Policy ?? '')).toEqual(JSON.parse(shown))
    // The key policy lets him, though no IAM policy does; and no further.
    const asBob = bob.aws(home).kms
    await asBob.send(new EncryptCommand({ KeyId, Plaintext: new Uint8Array([1]) }))
    expect((await refusalOf(asBob.send(new DisableKeyCommand({ KeyId })))).name).toBe('AccessDeniedException')
    await kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }))
  })

  test('a user who may not create keys reads AWS’s words, and there is no key', async ({ page, server, asUser, asRoot }) => {
    const bob = await asUser({ name: 'bob', allow: [{ Sid: 'Looks', Effect: 'Allow', Action: ['kms:List*', 'kms:CreateAlias'], Resource: '*' }] })
    await signIn(page, server, bob)
    await page.goto(`${server.origin}/kms/customer-managed-keys/create?region=${home}`)
    const alias = named('refused')
    await page.getByLabel('Alias').fill(alias)
    await page.getByRole('button', { name: 'Create key' }).click()
    await expect(page.getByText('You may not do this: kms:CreateKey was refused')).toBeVisible()
    expect((await refusalOf(asRoot(home).kms.send(new DescribeKeyCommand({ KeyId: `alias/${alias}` })))).name).toBe('NotFoundException')
  })
})

test.describe('KMS: the page of a key', () => {
  const region = ownRegions.keyUsage

  test('general configuration, cryptographic configuration, tags, rotation and aliases: what is changed there counts for the API', async ({ page, server, asUser, asRoot }) => {
    const { kms } = asRoot(region)
    const key = await makeKey(kms, 'tabs')
    await signIn(page, server, await asUser({ allow: [administrator] }))
    await page.goto(`${server.origin}/kms/keys/${key.id}?region=${region}`)
    const main = page.getByRole('main')
    await expect(main.getByRole('heading', { level: 2, name: 'General configuration' })).toBeVisible()
    for (const fact of [key.alias, 'Enabled', key.arn, `For ${key.alias}`, 'Single Region: Canada West (Calgary)']) await expect(main.getByText(fact, { exact: true }).first()).toBeVisible()
    await expect(main.getByRole('textbox', { name: 'Policy document' })).toHaveValue(/Enable IAM User Permissions/)

    await page.getByRole('link', { name: 'Cryptographic configuration' }).click()
    for (const fact of ['Symmetric', 'AWS_KMS', 'SYMMETRIC_DEFAULT', 'Encrypt and decrypt', 'Customer']) await expect(main.getByText(fact, { exact: true }).first()).toBeVisible()

    await page.getByRole('link', { name: 'Tags', exact: true }).click()
    await page.getByRole('button', { name: 'Add tag' }).click()
    await page.getByLabel('Key', { exact: true }).fill('team')
    await page.getByLabel('Value').fill('ledger')
    await page.getByRole('button', { name: 'Save tag' }).click()
    await expect(main.getByRole('term').filter({ hasText: 'team' })).toBeVisible()
    expect((await kms.send(new ListResourceTagsCommand({ KeyId: key.id }))).Tags).toEqual([{ TagKey: 'team', TagValue: 'ledger' }])

    await page.getByRole('link', { name: 'Key rotation' }).click()
    await page.getByRole('button', { name: 'Enable rotation' }).click()
    await page.getByLabel('Rotation period (in days)').fill('100')
    await page.getByRole('dialog').getByRole('button', { name: 'Enable rotation' }).click()
    await expect(main.getByText('100 days')).toBeVisible()
    expect(await kms.send(new GetKeyRotationStatusCommand({ KeyId: key.id }))).toMatchObject({ KeyRotationEnabled: true, RotationPeriodInDays: 100 })
    await page.getByRole('button', { name: 'Rotate now' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Rotate now' }).click()
    await expect(main.getByRole('table', { name: 'Key material' }).getByRole('row')).toHaveCount(3)
    expect((await kms.send(new ListKeyRotationsCommand({ KeyId: key.id }))).Rotations).toMatchObject([{ RotationType: 'ON_DEMAND' }])

    await page.getByRole('link', { name: 'Aliases' }).click()
    const second = named('second')
    await page.getByRole('button', { name: 'Create alias' }).click()
    await page.getByLabel('Alias', { exact: true }).fill(second)
    await page.getByRole('dialog').getByRole('button', { name: 'Create alias' }).click()
    await expect(main.getByRole('listitem').filter({ hasText: second })).toBeVisible()
    const { Aliases = [] } = await kms.send(new ListAliasesCommand({ KeyId: key.id }))
    expect(Aliases.map(({ AliasName }) => AliasName).sort()).toEqual([`alias/${second}`, `alias/${key.alias}`].sort())
    for (const alias of [second, key.alias]) await kms.send(new DeleteAliasCommand({ AliasName: `alias/${alias}` }))
    await kms.send(new ScheduleKeyDeletionCommand({ KeyId: key.id, PendingWindowInDays: 7 }))
  })

  test('who used it and where: the callers, the operations, and the repositories that are encrypted under it', async ({ page, server, asUser, asRoot, makeRepository }) => {
    const { id, name, cloneUrlHttp } = await makeRepository({ region, noun: 'used' })
    const alice = await asUser({ allow: [administrator] })
    const work = await alice.git.makeRepository('work', { 'README.md': '# Used\n' })
    await alice.git.git(['push', cloneUrlHttp, 'main'], { cwd: work })
    const { KeyMetadata } = await asRoot(region).kms.send(new DescribeKeyCommand({ KeyId: 'alias/aws/codecommit' }))
    await signIn(page, server, alice)
    await page.goto(`${server.origin}/kms/keys/${KeyMetadata?.KeyId ?? ''}?region=${region}`)
    await page.getByRole('link', { name: 'Usage' }).click()
    await expect(page.getByRole('table', { name: 'Callers' }).getByRole('link', { name: alice.name })).toBeVisible()
    for (const operation of ['GenerateDataKey', 'GenerateDataKeyWithoutPlaintext']) await expect(page.getByRole('table', { name: 'Operations' }).getByRole('link', { name: operation, exact: true })).toBeVisible()
    const where = page.getByRole('table', { name: 'Repositories under this key' }).getByRole('row', { name: new RegExp(name) })
    await expect(where.getByText(id)).toBeVisible()
    await where.getByRole('link', { name: `Uses of the key for ${name}` }).click()
    await expect(page).toHaveURL(new RegExp(`RepositoryId=${id}`))
    await expect(page.getByRole('table', { name: 'Events' }).getByText('GenerateDataKey', { exact: true }).first()).toBeVisible()
  })

  test('a user who may describe a key, and nothing else, is refused on each tab by the action that it needs', async ({ page, server, asUser, asRoot, makeRepository }) => {
    const { name } = await makeRepository({ region, noun: 'unseen' })
    const { KeyMetadata } = await asRoot(region).kms.send(new DescribeKeyCommand({ KeyId: 'alias/aws/codecommit' }))
    const bob = await asUser({ name: 'bob', allow: [{ Sid: 'Describes', Effect: 'Allow', Action: ['kms:DescribeKey', 'kms:ListAliases'], Resource: '*' }] })
    await signIn(page, server, bob)
    const main = page.getByRole('main')
    for (const [tab, ...actions] of [
      ['', 'kms:GetKeyPolicy'],
      ['/tags', 'kms:ListResourceTags'],
      ['/rotation', 'kms:GetKeyRotationStatus', 'kms:ListKeyRotations'],
      ['/usage', 'cloudtrail:LookupEvents', 'codecommit:ListRepositories'],
    ] as const) {
      await page.goto(`${server.origin}/kms/keys/${KeyMetadata?.KeyId ?? ''}${tab}?region=${region}`)
      for (const action of actions) await expect(main.getByText(`You may not do this: ${action} was refused`)).toBeVisible()
      await expect(main.getByText(name)).toHaveCount(0)
    }
  })
})

type MadeKey = Readonly<{ id: string; arn: string; alias: string }>

async function makeKey(kms: AwsClients['kms'], noun: string): Promise<MadeKey> {
  const alias = named(noun)
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({ Description: `For ${alias}` }))
  await kms.send(new CreateAliasCommand({ AliasName: `alias/${alias}`, TargetKeyId: KeyMetadata?.KeyId }))
  return { id: KeyMetadata?.KeyId ?? '', arn: KeyMetadata?.Arn ?? '', alias }
}

/** Selects a key of the list, and does with it what is in its menu. */
async function act(page: Page, alias: string, action: string): Promise<void> {
  const box = page.getByRole('checkbox', { name: `Select ${alias}` })
  await box.check()
  await choose(page, action)
  await box.uncheck({ timeout: 1000 }).catch(() => undefined)
}

/** Does what is in the menu of key actions. */
async function choose(page: Page, action: string): Promise<void> {
  await page.getByRole('button', { name: 'Key actions' }).click()
  await page.getByRole('menuitem', { name: action, exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: action, exact: true }).click()
}

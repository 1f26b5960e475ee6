import { expect } from 'vitest'
import { db } from '#lib/db'
import { invoke } from '#lib/invoke'
import { CreateAlias, DeleteAlias, DescribeKey, DisableKey, SearchKeys, UpdateAlias } from '#lib/kms/api'
import { newKey, userWith } from '#lib/kms/test-story'
import { asService } from '#lib/operation/context'
import { rootContext } from '#lib/testing/context'
import { usePostgresql } from '#lib/testing/postgresql-database'
import { refusal } from '#lib/testing/refusal'

const { onPostgresql } = usePostgresql('searching keys')
const region = 'eu-central-1'

onPostgresql('keys are found by a part of an ID or an alias, in any case, and by no wildcard', async () => {
  const context = rootContext({ region })
  const [older, newer, other] = [await newKey({}, context), await newKey({}, context), await newKey({}, rootContext({ region: 'us-west-2' }))]
  await invoke(CreateAlias, context, { AliasName: 'alias/Payments_live', TargetKeyId: older.KeyId })
  await invoke(CreateAlias, context, { AliasName: 'alias/payXlive', TargetKeyId: newer.KeyId })
  await invoke(CreateAlias, rootContext({ region: 'us-west-2' }), { AliasName: 'alias/Payments_live', TargetKeyId: other.KeyId })
  const managed = (await invoke(DescribeKey, asService(context, 'codecommit'), { KeyId: 'alias/aws/codecommit' })).KeyMetadata

  expect(await found({ Text: 'PAYMENTS' })).toEqual([older.KeyId])
  expect(await found({ Text: 'pay' })).toEqual([newer.KeyId, older.KeyId])
  // Of LIKE these are wildcards.
  expect(await found({ Text: 's_l' })).toEqual([older.KeyId])
  expect(await found({ Text: 'pay_live' })).toEqual([])
  expect(await found({ Text: 'pay%' })).toEqual([])
  expect(await found({ Text: '\\' })).toEqual([])
  expect(await found({ Text: 'alias/' })).toEqual([])
  expect(await found({ Text: newer.KeyId.slice(3, 20).toUpperCase() })).toEqual([newer.KeyId])
  expect(await found({ Text: 'codecommit', KeyManager: 'AWS' })).toEqual([managed.KeyId])
  expect(await found({ Text: 'codecommit', KeyManager: 'CUSTOMER' })).toEqual([])

  await invoke(DisableKey, context, { KeyId: older.KeyId })
  expect(await found({ Text: 'pay', KeyState: 'Disabled' })).toEqual([older.KeyId])
  // Names that change are found as they are now.
  await invoke(UpdateAlias, context, { AliasName: 'alias/payXlive', TargetKeyId: older.KeyId })
  expect(await found({ Text: 'payX' })).toEqual([older.KeyId])
  await invoke(DeleteAlias, context, { AliasName: 'alias/payXlive' })
  expect(await found({ Text: 'payX' })).toEqual([])
})

onPostgresql('what another process writes to the database is found, too', async () => {
  const context = rootContext({ region: 'eu-north-1' })
  const key = await newKey({}, context)
  expect(await found({ Text: 'elsewhere' }, context)).toEqual([])
  const now = new Date()
  await db().kmsAlias.create({ data: { accountId: context.accountId, region: context.region, name: 'alias/elsewhere', targetKeyId: key.KeyId, creationDate: now, lastUpdatedDate: now } })
  expect(await found({ Text: 'elsewhere' }, context)).toEqual([key.KeyId])
})

onPostgresql('every order pages through all keys, more than two thousand', async () => {
  const mumbai = rootContext({ region: 'ap-south-1' })
  const template = await db().kmsKey.findUniqueOrThrow({ where: { id: (await newKey({}, mumbai)).KeyId } })
  const made = Array.from({ length: 2100 }, (_, n) => ({ ...template, id: `ffff0000-0000-4000-8000-${String(n).padStart(12, '0')}`, creationDate: new Date(template.creationDate.getTime() - (n + 1) * 1000) }))
  await db().kmsKey.createMany({ data: made.map((key) => ({ ...key, arn: key.arn.replace(template.id, key.id) })) })
  const now = new Date()
  await db().kmsAlias.createMany({ data: made.slice(0, 2050).map(({ id }, n) => ({ accountId: template.accountId, region: 'ap-south-1', name: `alias/bulk-${n}`, targetKeyId: id, creationDate: now, lastUpdatedDate: now })) })

  const all = [template.id, ...made.map(({ id }) => id)]
  expect(await found({ Limit: 1000 }, mumbai)).toEqual(all)
  expect(await found({ Sort: 'KeyId', Limit: 900 }, mumbai)).toEqual([...all].sort())
  const byAlias = await found({ Sort: 'Alias', Limit: 900 }, mumbai)
  expect(byAlias.slice(0, 3)).toEqual([made[0]?.id, made[1]?.id, made[10]?.id])
  expect(new Set(byAlias)).toEqual(new Set(all))
  // More than two thousand have it: these come from the database, the newest few first.
  expect(await found({ Text: 'ffff0000', Limit: 1000 }, mumbai)).toEqual(made.map(({ id }) => id))
  expect(await found({ Text: 'BULK-', Limit: 1000 }, mumbai)).toEqual(made.slice(0, 2050).map(({ id }) => id))
  expect(await found({ Text: 'bulk-204', KeyState: 'Enabled' }, mumbai)).toEqual(made.filter((_, n) => n === 204 || (n >= 2040 && n < 2050)).map(({ id }) => id))
})

onPostgresql('it needs kms:ListKeys and kms:ListAliases there, too', async () => {
  const nobody = await userWith('nobody')
  expect((await refusal(invoke(SearchKeys, nobody, { Text: 'pay' }))).code).toBe('AccessDeniedException')
})

/** The IDs of all keys of a search, page by page. */
async function found(input: object, where = rootContext({ region })): Promise<string[]> {
  const ids: string[] = []
  let Marker: string | undefined
  do {
    const page = await invoke(SearchKeys, where, { ...input, Marker })
    ids.push(...page.Keys.map(({ KeyId }) => KeyId))
    Marker = page.NextMarker
  } while (Marker !== undefined)
  return ids
}

import { readFileSync } from 'node:fs'
import { DisableKeyCommand, CreateKeyCommand, DescribeKeyCommand, ListAliasesCommand } from '@aws-sdk/client-kms'
import { expect, test } from '../fixtures.ts'
import { signIn } from '../sign-in.ts'

/** A Region where only these stories are. */
const region = 'eu-south-1'
const reader = { Effect: 'Allow', Action: ['cloudtrail:LookupEvents', 'kms:*'], Resource: '*' }

test.describe('Event history in the console', () => {
  test('facets and the brush narrow the list down; an event is shown beside it, and the link to it opens the same', async ({ page, server, asUser }) => {
    const alice = await asUser({ allow: [reader] })
    const { kms } = alice.aws(region)
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({}))
    for (let count = 0; count < 3; count++) await kms.send(new DescribeKeyCommand({ KeyId: KeyMetadata?.KeyId }))
    await kms.send(new DescribeKeyCommand({ KeyId: 'alias/none' })).catch(() => undefined)
    const bob = await asUser({ name: 'bob', allow: [] })
    await bob.aws(region).kms.send(new DescribeKeyCommand({ KeyId: KeyMetadata?.KeyId })).catch(() => undefined)

    await signIn(page, server, alice)
    await page.goto(`${server.origin}/cloudtrail/events?region=${region}`)
    const table = page.getByRole('table', { name: 'Events' })
    const facets = page.getByRole('navigation', { name: 'Narrow down' })
    await facets.getByRole('region', { name: 'Operation' }).getByRole('link', { name: /^DescribeKey \d+$/ }).click()
    await expect(page).toHaveURL(/EventName=DescribeKey/)
    await expect(facets.getByRole('region', { name: 'Operation' }).getByRole('link')).toHaveCount(1)
    await facets.getByRole('region', { name: 'Outcome' }).getByRole('link', { name: /^Refused by policy 1$/ }).click()
    await expect(table.getByRole('row')).toHaveCount(2)
    await expect(table.getByText(`${bob.name} tried to look at the key`)).toBeVisible()

    await table.getByRole('link', { name: 'DescribeKey' }).click()
    const event = page.getByRole('region', { name: 'Event', exact: true })
    await expect(event.getByRole('heading', { name: 'DescribeKey' })).toBeFocused()
    await expect(event.getByText('policy refused it')).toBeVisible()
    await expect(event.getByText('"errorCode": "AccessDenied"')).toBeVisible()
    await expect(page).toHaveURL(/event=[0-9a-f-]{36}/)
    const link = page.url()
    await page.keyboard.press('Escape')
    await expect(event).toHaveCount(0)
    await page.goto(link)
    await expect(event.getByText('"errorCode": "AccessDenied"')).toBeVisible()
    const question = new URL((await event.getByRole('link', { name: 'Why was this refused?' }).getAttribute('href')) ?? '', server.origin).searchParams
    expect(Object.fromEntries(question)).toMatchObject({ user: bob.arn, operation: 'kms:DescribeKey', region, resource: KeyMetadata?.Arn })

    await page.getByRole('button', { name: 'Verify integrity' }).click()
    await expect(page.getByRole('status').getByText(/Unaltered|Not sealed yet/).first()).toBeVisible()

    // The chart by pointer: what is drawn over is what is shown.
    await page.goto(`${server.origin}/cloudtrail/events?region=${region}`)
    const chart = page.getByRole('figure', { name: 'Events over time' })
    const bars = await chart.getByRole('slider', { name: 'To' }).locator('..').boundingBox()
    if (!bars) throw new Error('the chart has no place')
    await page.mouse.move(bars.x + bars.width * 0.01, bars.y + bars.height / 2)
    await page.mouse.down()
    await page.mouse.move(bars.x + bars.width - 2, bars.y + bars.height / 2, { steps: 4 })
    await page.mouse.up()
    await expect(page).toHaveURL(/StartTime=.*EndTime=/)
    await expect(table.getByText('CreateKey').first()).toBeVisible()
    await chart.getByRole('link', { name: 'All times' }).click()
    await expect(page).not.toHaveURL(/StartTime/)
    // And by keyboard.
    await chart.getByRole('slider', { name: 'From' }).focus()
    for (let step = 0; step < 3; step++) await page.keyboard.press('ArrowRight')
    await expect(chart.getByRole('button', { name: 'Show this time' })).toBeVisible()
    await page.keyboard.press('Enter')
    await expect(page).toHaveURL(/StartTime=.*EndTime=/)
  })

  test('live: what happens meanwhile comes on top, until reading events is no longer allowed', async ({ page, server, asUser }) => {
    const alice = await asUser({ allow: [{ ...reader, Action: 'kms:*' }] })
    const detach = await alice.attach('inline policy', 'ReadEvents', { Effect: 'Allow', Action: 'cloudtrail:LookupEvents', Resource: '*' })
    await signIn(page, server, alice)
    await page.goto(`${server.origin}/cloudtrail/events?region=${region}&EventName=ListAliases`)
    await page.getByRole('button', { name: 'Live' }).click()
    await expect(page.getByText('Waiting for events')).toBeVisible()
    await alice.aws(region).kms.send(new ListAliasesCommand({}))
    await expect(page.getByText('1 event since it began')).toBeVisible()
    await expect(page.getByRole('table', { name: 'Events' }).getByRole('row').nth(1).getByText(`${alice.name} listed the aliases`)).toBeVisible()
    await detach()
    await expect(page.getByText(/reading events is no longer allowed/)).toBeVisible()
  })

  test('a filter is saved, given away as a link, removed and brought back', async ({ page, server, asUser }) => {
    const alice = await asUser({ allow: [reader] })
    await signIn(page, server, alice)
    await page.goto(`${server.origin}/cloudtrail/events?region=${region}&Outcome=AccessDenied`)
    await page.getByRole('button', { name: 'Saved filters' }).click()
    await page.getByRole('menuitem', { name: 'Save this filter…' }).click()
    await page.getByLabel('Name', { exact: true }).fill('What policy refused')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await expect(page.getByText('Filter saved: What policy refused', { exact: true })).toBeVisible()
    await page.goto(`${server.origin}/cloudtrail/events?region=${region}`)
    await page.getByRole('button', { name: 'Saved filters' }).click()
    await page.getByRole('menuitem', { name: 'What policy refused', exact: true }).click()
    await expect(page).toHaveURL(/Outcome=AccessDenied/)
    await page.getByRole('button', { name: 'Saved filters' }).click()
    await page.getByRole('menuitem', { name: 'Remove “What policy refused”' }).click()
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect(async () => {
      await page.reload()
      await page.getByRole('button', { name: 'Saved filters' }).click()
      await expect(page.getByRole('menuitem', { name: 'What policy refused', exact: true })).toBeVisible({ timeout: 2000 })
    }).toPass()

    // Another user has filters of their own, and may use the link as far as policy lets them.
    const bob = await asUser({ name: 'bob', allow: [] })
    await page.context().clearCookies()
    await signIn(page, server, bob)
    await page.goto(`${server.origin}/cloudtrail/events?region=${region}&Outcome=AccessDenied`)
    await expect(page.getByRole('main').getByText('cloudtrail:LookupEvents').first()).toBeVisible()
    await page.getByRole('button', { name: 'Saved filters' }).click()
    await expect(page.getByRole('menuitem', { name: 'Save this filter…' })).toBeVisible()
    await expect(page.getByRole('menuitem', { name: 'What policy refused', exact: true })).toHaveCount(0)
  })

  test('the events of a filter are downloaded whole, as CSV and as JSON lines; who may not read them gets none', async ({ page, server, asUser }) => {
    const alice = await asUser({ allow: [reader] })
    const { kms } = alice.aws(region)
    // More than the page shows.
    await Promise.all(Array.from({ length: 60 }, () => kms.send(new DisableKeyCommand({ KeyId: 'alias/none' })).catch(() => undefined)))
    await signIn(page, server, alice)
    await page.goto(`${server.origin}/cloudtrail/events?region=${region}&EventName=DisableKey&Username=${alice.name}`)
    const files: Record<string, string> = {}
    for (const name of ['CSV', 'JSON lines']) {
      await page.getByRole('button', { name: 'Download events' }).click()
      const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: new RegExp(`^${name}`) }).click()])
      files[download.suggestedFilename().split('.').at(-1) ?? ''] = readFileSync(await download.path(), 'utf8')
    }
    const lines = (files['jsonl'] ?? '').trimEnd().split('\n').map((line) => JSON.parse(line) as { eventName: string })
    expect(lines).toHaveLength(60)
    expect(new Set(lines.map(({ eventName }) => eventName))).toEqual(new Set(['DisableKey']))
    expect((files['csv'] ?? '').trimEnd().split('\r\n')).toHaveLength(61)

    const bob = await asUser({ name: 'bob', allow: [] })
    await page.context().clearCookies()
    await signIn(page, server, bob)
    for (const path of ['export?format=csv&', 'stream?']) {
      const answer = await page.request.get(`${server.origin}/cloudtrail/events/${path}region=${region}`)
      expect(answer.status()).toBe(403)
      expect(await answer.text()).toContain('cloudtrail:LookupEvents')
      expect(await answer.text()).not.toContain('DisableKey')
    }
  })
})

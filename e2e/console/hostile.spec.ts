import type { Request } from '@playwright/test'
import { expect, test } from '../fixtures.ts'
import { home } from '../regions.ts'
import { signIn } from '../sign-in.ts'

/** What would tell on itself if anything ran: a dialog, a mark on the window, a request to elsewhere. */
const attack = 'window.hacked=1;alert(1);fetch("https://elsewhere.example/")'
const tags = `<script>${attack}</script><img src=x onerror='${attack}'><svg onload='${attack}'></svg>`
const fileName = `"><img src=x onerror=alert(1)>.txt`
const branchName = `feature/<img/src=x/onerror=alert(1)>`

const files: Readonly<Record<string, string>> = {
  'README.md': [
    '# Harmless',
    tags,
    `[click](javascript:${attack})`,
    `[data](data:text/html,<script>${attack}</script>)`,
    '![pixel](https://elsewhere.example/pixel.gif)',
    '<img src="https://elsewhere.example/raw.gif">',
    '![own](evil.svg)',
    `<a href="javascript:${attack}" onclick="${attack.replaceAll('"', "'")}">x</a>`,
    '<iframe src="https://elsewhere.example/"></iframe><style>@import "https://elsewhere.example/a.css"; body{display:none}</style>',
    '<form action="https://elsewhere.example/"><input name="password"></form><base href="https://elsewhere.example/"><meta http-equiv="refresh" content="0;url=https://elsewhere.example/">',
  ].join('\n\n'),
  'evil.svg': `<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20" onload='${attack}'><script>${attack.replaceAll('&', '&amp;')}</script><image href="https://elsewhere.example/i.png" width="5" height="5"/><rect width="20" height="20" fill="red"/></svg>`,
  'evil.html': `<!doctype html><title>x</title>${tags}<link rel="stylesheet" href="https://elsewhere.example/a.css">`,
  'evil.js': `${attack}\n// ${tags}\n`,
  'terminal.txt': '\u001b]0;owned\u0007\u001b[31mred\u202Edetrevni',
  [fileName]: tags,
  [`folder <b>/' onmouseover='alert(1)/{{constructor}}.md`]: tags,
}

test('a hostile repository runs nothing, asks nobody and breaks no page', async ({ page, server, asUser, makeRepository }) => {
  // Thirty pages one after another, on a machine that may be busy.
  test.setTimeout(480_000)
  const { name, cloneUrlHttp } = await makeRepository()
  const alice = await asUser({ allow: [{ Effect: 'Allow', Action: ['codecommit:*', 'cloudtrail:LookupEvents'], Resource: '*' }] })
  const { git } = alice
  const cwd = await git.makeRepository('hostile', { 'a.txt': 'first\n' })
  const commitId = await git.commit(cwd, files, `${tags}\n\njavascript:${attack}`)
  await git.git(['-c', 'user.name=<script>alert(1)</script>', 'commit', '-q', '--allow-empty', '-m', tags], { cwd })
  await git.git(['branch', branchName], { cwd })
  await git.git(['tag', '-a', `v<script>alert(1)</script>`, '-m', tags], { cwd })
  await git.git(['push', '-q', cloneUrlHttp, '--all'], { cwd })
  await git.git(['push', '-q', cloneUrlHttp, '--tags'], { cwd })

  const wrong: string[] = []
  page.on('dialog', (dialog) => {
    wrong.push(`dialog on ${page.url()}`)
    void dialog.dismiss()
  })
  page.on('pageerror', (error) => wrong.push(`error on ${page.url()}: ${error.message}`))
  page.on('console', (message) => {
    if (/Content Security Policy|Content-Security-Policy/i.test(message.text())) wrong.push(`policy on ${page.url()}: ${message.text()}`)
  })
  page.on('request', (request) => {
    if (!request.url().startsWith(server.origin) && !/^(data|blob):/.test(request.url())) wrong.push(`request of ${page.url()}: ${request.url()}`)
  })
  await signIn(page, server, alice)
  const at = `${server.origin}/codecommit/repositories/${name}`
  const path = (file: string) => file.split('/').map(encodeURIComponent).join('/')
  const ref = `region=${home}&ref=${encodeURIComponent(branchName)}`
  const pages = [
    ...Object.keys(files).flatMap((file) => [`/browse/${path(file)}?${ref}`, `/browse/${path(file)}?${ref}&plain=1`]),
    `?${ref}`,
    `/browse?${ref}`,
    `/blame/${path(fileName)}?${ref}`,
    `/blame/evil.html?${ref}`,
    `/commits?${ref}`,
    `/commits?${ref}&path=${encodeURIComponent(fileName)}`,
    `/commits/${commitId}?region=${home}`,
    `/commits/${commitId}?region=${home}&view=split`,
    `/compare?region=${home}&destination=${commitId}&source=${encodeURIComponent(branchName)}`,
    `/branches?region=${home}`,
    `/tags?region=${home}`,
    `/find?${ref}`,
    `/search?${ref}&text=${encodeURIComponent('<script>')}`,
    `/settings?region=${home}`,
    `/encryption?region=${home}`,
  ]
  for (const each of pages) {
    await page.goto(`${at}${each}`)
    await expect(page.getByRole('main'), each).toBeVisible()
    await expect(page.getByText('was refused'), each).toHaveCount(0)
    expect(await page.evaluate(() => 'hacked' in window), each).toBe(false)
    expect(await page.locator('main [onerror], main [onload], main [onclick], main iframe, main script:not([nonce]), main a[href^="javascript"], main form[action^="https"]').count(), each).toBe(0)
  }
  await page.goto(`${at}?${ref}`)
  await page.getByRole('button', { name: `Branch or tag: ${branchName}` }).click()
  await expect(page.getByRole('dialog').getByRole('link', { name: branchName })).toBeVisible()
  await page.goto(`${at}/browse/README.md?${ref}`)
  await expect(page.getByRole('heading', { name: 'Harmless' })).toBeVisible()
  await expect(page.getByRole('img', { name: 'own' })).toHaveJSProperty('naturalWidth', 20)

  expect(wrong).toEqual([])

  // Opened by themselves, the files are text, bytes, or a picture in a sandbox without an origin. Here a policy's complaint is its work.
  for (const file of Object.keys(files)) {
    const answer = await page.request.get(`${at}/raw/${path(file)}?${ref}`)
    const { 'content-type': type = '', 'content-security-policy': policy = '', 'x-content-type-options': sniff } = answer.headers()
    expect(answer.status(), file).toBe(200)
    expect(type, file).toMatch(file.endsWith('.svg') ? /^image\/svg\+xml$/ : /^text\/plain; charset=utf-8$/)
    expect(policy, file).toContain("default-src 'none'")
    expect(policy, file).toMatch(/sandbox(;|,|$)/)
    expect(sniff, file).toBe('nosniff')
    expect(await answer.text(), file).toBe(files[file])
  }
  const requests: Request[] = []
  page.on('request', (request) => requests.push(request))
  const before = wrong.length
  await page.goto(`${at}/raw/evil.svg?${ref}`)
  await page.waitForTimeout(300)
  // The browser tells of what it did not send, too.
  const sent = requests.filter((request) => !request.url().startsWith(server.origin) && !/csp/i.test(request.failure()?.errorText ?? ''))
  expect(sent.map((request) => request.url())).toEqual([])
  expect(wrong.slice(before).filter((line) => line.startsWith('dialog'))).toEqual([])
})

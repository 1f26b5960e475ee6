import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { readRows } from './database.ts'
import { expect } from './fixtures.ts'
import type { GitClient } from './git-client.ts'
import { scratchOf, type RunningServer } from './server.ts'

/** One branch that somebody pushes to, commit by commit: what was tried, and what was acknowledged. */
export type Branch = Readonly<{
  name: string
  url: string
  /** The branch's commits, in order; each is pushed upon the one before. */
  commits: readonly string[]
  /** Index of the last commit that the server acknowledged, and of the last that was sent to it; -1 for none. */
  progress: { acknowledged: number; sent: number }
}>

/** Makes the commits of a branch at once, each with a file that hardly compresses. */
export async function makeBranch(git: GitClient, cwd: string, { name, url, count }: { name: string; url: string; count: number }): Promise<Branch> {
  const lines = Array.from({ length: count }, (_, index) => {
    const content = `${name} ${index} ${Array.from({ length: 40 }, (__, word) => ((index * 7919 + word * 104_729) % 1_000_003).toString(36)).join(' ')}\n`
    return `commit refs/heads/${name}\nmark :${index + 1}\ncommitter A <a@example.com> ${1_760_000_000 + index} +0000\ndata 3\none\n${index === 0 ? '' : `from :${index}\n`}M 100644 inline file-${index % 50}.txt\ndata ${Buffer.byteLength(content)}\n${content}`
  })
  await git.git(['fast-import', '--quiet'], { cwd, input: lines.join('') })
  const commits = (await git.git(['rev-list', '--reverse', `refs/heads/${name}`], { cwd })).split('\n')
  return { name, url, commits, progress: { acknowledged: -1, sent: -1 } }
}

/** Pushes the branch's next commit with real git; true where the server acknowledged it. */
export async function pushNext(git: GitClient, cwd: string, { name, url, commits, progress }: Branch, signal?: AbortSignal): Promise<boolean> {
  const next = Math.max(progress.acknowledged, progress.sent) + 1
  const oid = commits[next]
  if (oid === undefined) throw new Error(`${name} has no more commits to push`)
  progress.sent = next
  const { code } = await git.run(['push', '--quiet', url, `${oid}:refs/heads/${name}`], { cwd, ...(signal && { signal }) })
  if (code === 0) progress.acknowledged = next
  return code === 0
}

/**
 * Shows of every branch that what was acknowledged is there, and nothing that was not sent; that each repository clones, is whole,
 * and refers to nothing that is missing. Progress goes on from what is there.
 */
export async function expectWhole(git: GitClient, server: RunningServer, branches: readonly Branch[], label: string): Promise<void> {
  await Promise.all(
    [...new Set(branches.map((branch) => branch.url))].map(async (url) => {
      const copy = join(git.folder, `${label}-${new URL(url).pathname.split('/').at(-1) ?? ''}.git`)
      await git.git(['clone', '--quiet', '--mirror', url, copy])
      await git.git(['fsck', '--full', '--strict', '--no-dangling', '--no-progress'], { cwd: copy })
      const refs = await git.git(['for-each-ref', '--format=%(refname) %(objectname)'], { cwd: copy })
      rmSync(copy, { recursive: true })
      for (const branch of branches.filter((each) => each.url === url)) {
        const oid = new RegExp(`^refs/heads/${branch.name} (\\w+)$`, 'm').exec(refs)?.[1]
        const now = oid === undefined ? -1 : branch.commits.indexOf(oid)
        const { progress } = branch
        const what = { label, branch: branch.name, ...progress, now }
        expect({ ...what, known: oid === undefined || now !== -1 }).toEqual({ ...what, known: true })
        expect(now, JSON.stringify(what)).toBeGreaterThanOrEqual(progress.acknowledged)
        expect(now, JSON.stringify(what)).toBeLessThanOrEqual(progress.sent)
        Object.assign(progress, { acknowledged: now, sent: now })
      }
    }),
  )
  expect({ label, missing: missingObjects(server) }).toEqual({ label, missing: [] })
}

/** Objects that rows refer to and the store has not. */
export function missingObjects(server: RunningServer): string[] {
  const rows = readRows(server, 'SELECT "id" FROM "StoredObject"').map(({ id }) => String(id))
  return rows.filter((id) => !existsSync(join(server.dataDir, 'objects', id.slice(0, 2), id)))
}

/** What a stopped server has left: files of the store that no row refers to, what never got out of incoming, plaintext. */
export function leftovers(server: RunningServer): string[] {
  const known = new Set([
    ...readRows(server, 'SELECT "id" FROM "StoredObject"').map(({ id }) => String(id)),
    // A chore removes these at their time; the sweep at the next start at once.
    ...readRows(server, 'SELECT "id" FROM "DoomedObject"').map(({ id }) => String(id)),
  ])
  const store = join(server.dataDir, 'objects')
  const files = readdirSync(store, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const scratch = existsSync(scratchOf(server.dataDir)) ? readdirSync(scratchOf(server.dataDir)).map((name) => `scratch: ${name}`) : []
  return [...files.map(({ name }) => name).filter((name) => !known.has(name)), ...scratch]
}

import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { setTimeout as pause } from 'node:timers/promises'
import { CreateRepositoryCommand } from '@aws-sdk/client-codecommit'
import { rootClients } from '../aws-clients.ts'
import { expect, test } from '../fixtures.ts'
import { home } from '../regions.ts'
import { type RunningServer, startServer } from '../server.ts'
import { makeUser, type TestUser } from '../users.ts'

/** How much passes, in files of 64 MB; `npm run bench -- memory` has gigabytes pass. */
const files = Number(process.env['CODEKEEP_MEMORY_TEST_FILES'] ?? '5')

/** What the process may take beyond what it takes idle: less than passes, and as much however much more passes. */
const mostGrowth = 250 * 1024 ** 2

test.describe('The memory of the server stays flat, however much of a repository passes', () => {
  test('while it is pushed, pulled, and taken by clients that drink slowly', async () => {
    test.skip(process.platform !== 'linux', 'SKIPPED: the memory of another process is read from /proc, which only Linux has')
    test.setTimeout(600_000)
    await using server = await startServer()
    const alice = await makeUser(server)
    try {
      const made = await rootClients(server, home).codecommit.send(new CreateRepositoryCommand({ repositoryName: 'bulk' }))
      const url = made.repositoryMetadata?.cloneUrlHttp ?? ''
      const working = await alice.git.makeRepository('work')
      for (const [key, value] of [['core.compression', '0'], ['core.bigFileThreshold', '1m']] as const) await alice.git.git(['config', key, value], { cwd: working })
      let tip = ''
      for (let file = 0; file < files; file++) tip = await alice.git.commit(working, { [`${file}.bin`]: randomBytes(64 * 1024 ** 2) })
      // Once through with little: what is loaded at first use is not growth.
      await alice.git.git(['ls-remote', url])
      const idle = ownMemory(server.pid)
      const growth = { pushed: 0, pulled: 0, 'drunk slowly': 0 }
      growth.pushed = await mostDuring(server.pid, () => alice.git.git(['push', '--quiet', url, 'main'], { cwd: working }))
      growth.pulled = await mostDuring(server.pid, () => alice.git.git(['clone', '--quiet', '--bare', url, 'one.git']))
      growth['drunk slowly'] = await mostDuring(server.pid, async () => {
        const answers = await Promise.all(Array.from({ length: 4 }, () => clone(server, alice, url, tip)))
        await pause(5000)
        for (const answer of answers) answer.destroy()
      })
      for (const [what, most] of Object.entries(growth)) expect(most - idle, `bytes more than idle while ${files * 64} MB are ${what}`).toBeLessThan(mostGrowth)
    } finally {
      alice.git.remove()
    }
  })
})

/** What `git clone` asks for; the answer is left unread. */
function clone({ caFile }: RunningServer, { gitCredentials }: TestUser, url: string, tip: string): Promise<IncomingMessage> {
  const pkt = (text: string): string => `${(text.length + 4).toString(16).padStart(4, '0')}${text}`
  const body = `${pkt('command=fetch')}${pkt('object-format=sha1')}0001${pkt('ofs-delta')}${pkt(`want ${tip}\n`)}${pkt('done\n')}0000`
  return new Promise((resolve, reject) => {
    request(
      `${url}/git-upload-pack`,
      {
        method: 'POST',
        ca: readFileSync(caFile),
        agent: false,
        auth: `${gitCredentials.userName}:${gitCredentials.password}`,
        headers: { 'git-protocol': 'version=2', 'content-type': 'application/x-git-upload-pack-request', 'content-length': body.length },
      },
      resolve,
    )
      .on('error', reject)
      .end(body)
  })
}

async function mostDuring(pid: number, work: () => Promise<unknown>): Promise<number> {
  let most = ownMemory(pid)
  const look = setInterval(() => (most = Math.max(most, ownMemory(pid))), 50)
  try {
    await work()
  } finally {
    clearInterval(look)
  }
  return most
}

/** Bytes that are the process's alone: not the files in scratch that it has open. */
function ownMemory(pid: number): number {
  const kilobytes = /^RssAnon:\s+([0-9]+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]
  if (kilobytes === undefined) throw new Error(`/proc/${pid}/status has no RssAnon`)
  return Number(kilobytes) * 1024
}

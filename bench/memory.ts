import { randomFillSync } from 'node:crypto'
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { cloneRequest, cloning, type GitSides } from './git-sides.ts'
import { memoryOf } from './process-tree.ts'
import type { Row } from './row.ts'

/**
 * Memory of the server while gigabytes pass: the most that its process takes beyond what it took idle, and its git processes
 * beside it. `CODEKEEP_BENCH_MEGABYTES` sets how much is pushed and pulled.
 */
export async function memoryRows(sides: GitSides): Promise<Row[]> {
  const { codekeep, git, folder } = sides
  const megabytes = Number(process.env['CODEKEEP_BENCH_MEGABYTES'] ?? '2048')
  const source = join(folder, 'bulk')
  await bulkRepository(source, megabytes, git)
  const rows: Row[] = []
  const row = async (name: string, work: () => Promise<unknown>): Promise<void> => {
    const most = await mostMemoryDuring(sides.pid(), work)
    const text = most === undefined ? 'no /proc here' : `${megabytesOf(most.own)} MB, and git ${megabytesOf(most.descendants)} MB`
    rows.push({ name: `memory over idle, ${name}`, codekeep: text, peer: '-', peerName: '-', ratio: '-', allowed: '300 MB' })
  }
  const size = `${(megabytes / 1024).toFixed(1)} GB`
  // What the rows before have left behind is not idle.
  await codekeep.restart()
  await row(`${size} pushed`, () => git(['push', '-q', codekeep.url, 'HEAD:refs/heads/bulk'], source))
  const clone = cloning(source)(codekeep)
  await row(`${size} pulled, made by git`, clone)
  await pause(3000)
  await row(`${size} pulled, from what was kept`, clone)
  for (const [name, variant] of [['made by git', 1], ['from what was kept', 0]] as const) {
    await row(`4 readers that read nothing for 10 s, ${name}`, async () => {
      const answers = await Promise.all(Array.from({ length: 4 }, () => codekeep.open(cloneRequest(source, variant))))
      await pause(10_000)
      for (const answer of answers) answer.destroy()
    })
  }
  return rows
}

async function mostMemoryDuring(pid: number, work: () => Promise<unknown>): Promise<{ own: number; descendants: number } | undefined> {
  const idle = memoryOf(pid)
  if (!idle) return undefined
  const most = { own: 0, descendants: 0 }
  const look = setInterval(() => {
    const now = memoryOf(pid)
    if (!now) return
    most.own = Math.max(most.own, now.own - idle.own)
    most.descendants = Math.max(most.descendants, now.descendants - idle.descendants)
  }, 50)
  try {
    await work()
  } finally {
    clearInterval(look)
  }
  return most
}

function megabytesOf(bytes: number): string {
  return (bytes / 1024 ** 2).toFixed(0)
}

/** One commit of files that do not compress, 64 MB each. */
async function bulkRepository(path: string, megabytes: number, git: GitSides['git']): Promise<void> {
  mkdirSync(path)
  await git(['init', '-q', '--initial-branch=bulk', path])
  for (const [key, value] of [['core.compression', '0'], ['core.bigFileThreshold', '1m'], ['user.name', 'b'], ['user.email', 'b@example.com']] as const) {
    await git(['config', key, value], path)
  }
  const block = Buffer.alloc(1024 ** 2)
  for (let file = 0; file * 64 < megabytes; file++) {
    const descriptor = openSync(join(path, `${file}.bin`), 'w')
    for (let at = 0; at < Math.min(64, megabytes - file * 64); at++) writeSync(descriptor, randomFillSync(block))
    closeSync(descriptor)
  }
  await git(['add', '.'], path)
  await git(['commit', '-q', '-m', 'bulk'], path)
}

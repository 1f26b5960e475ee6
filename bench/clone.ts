import { execFileSync } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'
import { cloning, type GitSide, type GitSides, lsRefsBody, startGitSides } from './git-sides.ts'
import { memoryRows } from './memory.ts'
import { pushRow } from './push.ts'
import { compareTimes, median, type Row, say, seconds, type Side, timesRow } from './row.ts'

/**
 * The git rows. Clones and requests for refs are made by a raw client that throws the answer away, because git's own work
 * (start-up, index-pack) is the same for both and would hide what is compared; where a row says git, it is the real one.
 */
export async function gitRows(chosen: (part: string) => boolean): Promise<Row[]> {
  await using sides = await startGitSides()
  const rows: Row[] = []
  rows.push(...say(await firstPush(sides)))
  if (chosen('clone')) rows.push(...say(await cloneRows(sides)))
  if (chosen('refs')) rows.push(...say(await refsRows(sides)))
  if (chosen('push')) rows.push(...say(await pushRow(sides)))
  if (chosen('restart')) rows.push(...say(await restartRows(sides)))
  if (chosen('memory')) rows.push(...say(await memoryRows(sides)))
  return rows
}

async function firstPush({ codekeep, peer, git, source, peerGitDir }: GitSides): Promise<Row[]> {
  const theirs = await seconds(() => git(['push', '-q', peer.url, '--all'], source))
  const ours = await seconds(() => git(['push', '-q', codekeep.url, '--all'], source))
  // The peer gets the bitmap that the other rows are to be measured with.
  execFileSync('git', ['-C', peerGitDir, 'repack', '-adbq'])
  return [timesRow('first push, by git', { codekeep: ours, peer: theirs, peerName: peer.name, allowed: '1.1x' })]
}

async function cloneRows({ codekeep, peer, source }: GitSides): Promise<Row[]> {
  const clone = cloning(source)
  const eight = (side: GitSide) => (): Promise<unknown> => Promise.all(Array.from({ length: 8 }, clone(side)))
  // The one that is kept, and time to keep it.
  await clone(codekeep)()
  await pause(3000)
  const pair = (work: (side: GitSide) => () => Promise<unknown>) => ({
    peerName: peer.name,
    codekeep: { work: work(codekeep), cpu: codekeep.cpu },
    peer: { work: work(peer), cpu: peer.cpu },
  })
  return [
    ...(await compareTimes('full clone, warm', { runs: 5, allowed: '0.35x, then 0.2x', ...pair(clone) })),
    ...(await compareTimes('8 clones at once', { runs: 3, allowed: '0.25x', ...pair(eight) })),
  ]
}

async function refsRows({ codekeep, peer, git, source, folder }: GitSides): Promise<Row[]> {
  const ask = (keepAlive: boolean) => (side: GitSide) => ({
    work: async () => {
      for (let time = 0; time < requestsInRun; time++) {
        await expectOk(side, { path: '/info/refs?service=git-upload-pack', keepAlive })
        await expectOk(side, { path: '/git-upload-pack', body: lsRefsBody, keepAlive })
      }
    },
    cpu: side.cpu,
  })
  const compare = (name: string, runs: number, of: (side: GitSide) => Side): Promise<Row[]> =>
    compareTimes(name, { runs, allowed: '0.5x', peerName: peer.name, codekeep: of(codekeep), peer: of(peer) })
  const clones = new Map<GitSide, string>()
  for (const side of [codekeep, peer]) {
    const clone = `${folder}/fetching-${clones.size}`
    await git(['clone', '-q', '--bare', '--shared', source, clone])
    await git(['fetch', '-q', side.url, '+refs/heads/*:refs/heads/*'], clone)
    clones.set(side, clone)
  }
  const fetchNothing = (side: GitSide) => ({ work: () => git(['fetch', '-q', side.url, 'refs/heads/*:refs/heads/*'], clones.get(side)) })
  return [
    ...(await compare(`ls-remote's ${requestsInRun}x2 requests, connection kept alive`, 9, ask(true))),
    ...(await compare(`ls-remote's ${requestsInRun}x2 requests, new connections`, 9, ask(false))),
    ...(await compare('ls-remote, by git', 15, (side) => ({ work: () => git(['ls-remote', side.url]) }))),
    ...(await compare('fetch with nothing new, by git', 15, fetchNothing)),
  ]
}

const requestsInRun = 10

/** The first clone that a server gives after it was stopped and started: with its answer kept from before, and without. */
async function restartRows({ codekeep, peer, source }: GitSides): Promise<Row[]> {
  const rows: Row[] = []
  for (const kept of [true, false]) {
    const times = new Map<GitSide, number[]>([[codekeep, []], [peer, []]])
    for (let run = 0; run < 3; run++) {
      // A want of one tip less, or one more, is another request: nothing is kept for it.
      const clone = cloning(source, kept ? 0 : run + 1)
      if (kept) await clone(codekeep)()
      if (kept) await pause(3000)
      for (const [side, figures] of times) {
        await side.restart()
        figures.push(await seconds(clone(side)))
      }
    }
    const [ours = Number.NaN, theirs = Number.NaN] = [...times.values()].map(median)
    const name = `first clone after a restart, answer ${kept ? 'kept' : 'not kept'}`
    rows.push(timesRow(name, { codekeep: ours, peer: theirs, peerName: peer.name, allowed: '1.0x' }))
  }
  return rows
}

async function expectOk(side: GitSide, request: Parameters<GitSide['request']>[0]): Promise<void> {
  const { status } = await side.request(request)
  if (status !== 200) throw new Error(`${side.name} answers ${status}`)
}

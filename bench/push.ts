import { join } from 'node:path'
import type { GitSide, GitSides } from './git-sides.ts'
import { compareTimes, type Row } from './row.ts'

/** A push of one commit that changes a file, to durable, by git: each run commits anew and pushes to both. */
export async function pushRow({ folder, source, codekeep, peer, git }: GitSides): Promise<Row[]> {
  const clone = join(folder, 'pushing')
  await git(['clone', '-q', '--shared', source, clone])
  const push = (side: GitSide) => ({ work: () => git(['push', '-q', side.url, 'HEAD:refs/heads/bench-push'], clone), cpu: side.cpu })
  let number = 0
  const commit = async (): Promise<void> => {
    number += 1
    await git(['-c', 'user.name=b', '-c', 'user.email=b@example.com', 'commit', '-q', '--allow-empty', '-m', `one more, ${number}`], clone)
  }
  const ours = push(codekeep)
  const theirs = push(peer)
  await commit()
  await Promise.all([ours.work(), theirs.work()])
  return compareTimes('push of one commit, by git', {
    runs: 15,
    allowed: '1.0x',
    peerName: peer.name,
    before: commit,
    codekeep: ours,
    peer: theirs,
  })
}

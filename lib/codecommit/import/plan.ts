import { commandProblem, type RefCommand } from '#lib/git/receive-pack'
import { zeroOid } from '#lib/git/refs'
import { nameProblem } from '../receive-push.ts'
import type { SourceRefs } from './read-source.ts'

/** What is left out of an import, and how many refs of it. Words of ours: names of refs are repository data. */
export type LeftOut = Readonly<{ what: 'pull requests' | 'refs that are neither branch, tag nor note' | 'names that CodeCommit does not take'; refs: number }>

/** What of a source is imported. */
export type ImportPlan = Readonly<{
  commands: readonly RefCommand[]
  defaultBranch: string | null
  branches: number
  tags: number
  notes: number
  leftOut: readonly LeftOut[]
}>

/**
 * Chooses what of a source is imported: every branch, tag and note. Left out is what belongs to the server that it comes from
 * (pull requests, remote-tracking refs, a stash), and names that a push could not have either.
 */
export function planImport({ head, refs }: SourceRefs): ImportPlan {
  const commands: RefCommand[] = []
  const leftOut = new Map<LeftOut['what'], number>()
  for (const [ref, newOid] of refs) {
    const command = { ref, newOid, oldOid: zeroOid }
    const reason = reasonToLeaveOut(command)
    if (reason === null) commands.push(command)
    else leftOut.set(reason, (leftOut.get(reason) ?? 0) + 1)
  }
  const count = (prefix: string): number => commands.filter(({ ref }) => ref.startsWith(prefix)).length
  return {
    commands,
    defaultBranch: head,
    branches: count('refs/heads/'),
    tags: count('refs/tags/'),
    notes: count('refs/notes/'),
    leftOut: Array.from(leftOut, ([what, number]) => ({ what, refs: number })),
  }
}

function reasonToLeaveOut(command: RefCommand): LeftOut['what'] | null {
  if (/^refs\/(?:pull|pull-requests|merge-requests|changes)\//.test(command.ref)) return 'pull requests'
  if (!/^refs\/(?:heads|tags|notes)\//.test(command.ref)) return 'refs that are neither branch, tag nor note'
  return (commandProblem(command) ?? nameProblem(command.ref)) === null ? null : 'names that CodeCommit does not take'
}

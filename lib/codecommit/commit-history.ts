import { z } from 'zod'
import { isGitError } from '#lib/git/command'
import type { Signature } from '#lib/git/commit'
import { layOutLanes, waitedFor, type LaneRow, type OpenLanes } from '#lib/git/lanes'
import { log, type LogEntry } from '#lib/git/log'
import { defineOperation } from '#lib/operation/define'
import { ServiceException } from '#lib/operation/exception'
import { decodeToken, encodeToken } from '#lib/operation/pagination'
import { apiVersion } from './api-version.ts'
import { commitOf, contentPath, readRepository } from './content-source.ts'
import { dateOf } from './file-history.ts'
import { onRepository } from './repository-row.ts'

/**
 * The history of a branch, tag or commit, newest first, in pages: what the console shows, with the lanes of its drawing; with
 * `filePath` the commits alone that changed something there. CodeCommit's API has no such operation, but the permission for it:
 * `codecommit:GetCommitHistory`.
 * https://docs.aws.amazon.com/codecommit/latest/userguide/auth-and-access-control-permissions-reference.html
 * @throws ServiceException CommitDoesNotExistException, InvalidContinuationTokenException, and as GetRepository
 */
export const GetCommitHistory = defineOperation({
  service: 'codecommit',
  name: 'GetCommitHistory',
  readOnly: true,
  apiVersion,
  input: z.object({
    repositoryName: z.string().optional(),
    commitSpecifier: z.string().optional(),
    filePath: z.string().optional(),
    maxResults: z.int().min(1).max(200).default(50),
    nextToken: z.string().optional(),
  }),
  resolve: (context, { repositoryName, filePath, nextToken }) => {
    if (filePath !== undefined) contentPath(filePath)
    if (nextToken !== undefined && !placeOf(nextToken)) throw invalidToken()
    return onRepository('codecommit:GetCommitHistory', context, repositoryName)
  },
  handler: (context, { commitSpecifier, filePath, maxResults, nextToken }, row) =>
    readRepository(context, row, async (source): Promise<{ commits: CommitSummary[]; nextToken?: string }> => {
      // Pages go on from where the one before ended, whatever is pushed meanwhile.
      const place = nextToken === undefined ? startAt(await commitOf(source, commitSpecifier)) : placeOf(nextToken)
      if (!place) throw invalidToken()
      const path = filePath === undefined ? '' : contentPath(filePath)
      const entries = await logAt(source.gitDir, place, { path, limit: maxResults + 1 })
      const page = entries.slice(0, maxResults)
      const lanes = path === '' ? layOutLanes(page, place.open) : undefined
      const next = entries.length > maxResults ? nextPlace(place, lanes?.open, maxResults) : undefined
      return {
        commits: page.map((entry, index) => commitSummary(entry, lanes?.rows[index])),
        ...(next && { nextToken: tokenOf(next) }),
      }
    }),
  requestParameters: ({ repositoryName, maxResults }) => ({ repositoryName, maxResults }),
})

/** A commit as lists show it. */
export type CommitSummary = Readonly<{
  commitId: string
  subject: string
  parents: readonly string[]
  author: Readonly<{ name: string; email: string; date: Date }>
  committer: Readonly<{ name: string; email: string; date: Date }>
  /** Where it stands in the drawing; absent for the history of one path, whose commits are no neighbours. */
  lanes?: LaneRow
}>

export function commitSummary({ oid, subject, parents, author, committer }: LogEntry, lanes?: LaneRow): CommitSummary {
  return { commitId: oid, subject, parents, author: person(author), committer: person(committer), ...(lanes && { lanes }) }
}

function person(signature: Signature) {
  return { name: signature.name, email: signature.email, date: dateOf(signature) }
}

/** Where a page begins: at these commits, past `skip` of them; `open` are the lanes of the drawing. */
type Place = Readonly<{ from: readonly string[]; skip: number; open: OpenLanes }>

function startAt(commitId: string): Place {
  return { from: [commitId], skip: 0, open: [] }
}

/** All that is left is reached from the open lanes, so a page far back costs no more than the first: no commit is passed over. */
function nextPlace(place: Place, open: OpenLanes | undefined, shown: number): Place {
  if (open && open.length <= mostLanes) return { from: waitedFor(open), skip: 0, open }
  return { from: place.from, skip: place.skip + shown, open: [] }
}

/** More would not fit into a URL: such a history is paged by count, and its drawing begins anew on each page. */
const mostLanes = 100

function tokenOf({ from, skip, open }: Place): string {
  return encodeToken('commits', open.length > 0 ? [-1, ...open.map((oid) => oid ?? '')] : [skip, ...from])
}

function placeOf(token: string): Place | undefined {
  const [skip, ...oids] = decodeToken('commits', token) ?? []
  const names = oids.filter((oid): oid is string => typeof oid === 'string' && /^([0-9a-f]{40})?$/.test(oid))
  const from = [...new Set(names.filter((oid) => oid !== ''))]
  if (names.length !== oids.length || from.length === 0 || typeof skip !== 'number') return undefined
  if (skip === -1) return { from, skip: 0, open: names.map((oid) => oid || null) }
  return Number.isSafeInteger(skip) && skip >= 0 ? { from, skip, open: [] } : undefined
}

async function logAt(gitDir: string, { from, skip }: Place, { path, limit }: { path: string; limit: number }): Promise<LogEntry[]> {
  try {
    return await log(gitDir, { from, skip, path, limit })
  } catch (error) {
    // A token whose commits are no longer there, or never were.
    if (isGitError(error) && error.exitCode === 128) throw invalidToken()
    throw error
  }
}

function invalidToken(): ServiceException {
  return new ServiceException('InvalidContinuationTokenException', 'The specified continuation token is not valid.')
}

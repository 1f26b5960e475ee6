import { z } from 'zod'
import { aheadBehind, readTag } from '#lib/git/commit'
import { logOf, type LogEntry } from '#lib/git/log'
import { compareNames } from '#lib/git/name'
import { ObjectReader } from '#lib/git/object-reader'
import { sortedRefs } from '#lib/git/refs'
import { defineOperation } from '#lib/operation/define'
import { ServiceException } from '#lib/operation/exception'
import { decodeToken, pageOf } from '#lib/operation/pagination'
import { apiVersion } from './api-version.ts'
import { commitSummary, type CommitSummary } from './commit-history.ts'
import { readRepository } from './content-source.ts'
import { dateOf } from './file-history.ts'
import { readSignal } from './read-signal.ts'
import { onRepository, present } from './repository-row.ts'
import { forgetDataKey } from './storage/data-keys.ts'
import { openRepository } from './storage/open-repository.ts'

/** A branch or tag with what it points at. */
export type Reference = Readonly<{
  name: string
  objectId: string
  /** The commit it leads to; null for a tag of something else. */
  commit: CommitSummary | null
  /** How a branch stands to the default branch; absent for that one itself and for tags. */
  aheadBehind?: Readonly<{ ahead: number; behind: number }>
  /** What an annotated tag says. */
  annotation?: Readonly<{ message: string; tagger: string; date: Date } | { message: string; tagger: null; date: null }>
}>

/**
 * Branches, or tags, by name in pages, each with its commit. CodeCommit's API has no such operation, but the console's permission
 * for it: `codecommit:GetReferences`.
 * @throws ServiceException InvalidContinuationTokenException, and as GetRepository
 */
export const GetReferences = defineOperation({
  service: 'codecommit',
  name: 'GetReferences',
  readOnly: true,
  apiVersion,
  input: z.object({
    repositoryName: z.string().optional(),
    kind: z.enum(['branches', 'tags']),
    nameContains: z.string().optional(),
    maxResults: z.int().min(1).max(100).default(50),
    nextToken: z.string().optional(),
  }),
  resolve: (context, { repositoryName, kind, nextToken }) => {
    if (nextToken !== undefined && !decodeToken(kind, nextToken)) {
      throw new ServiceException('InvalidContinuationTokenException', 'The specified continuation token is not valid.')
    }
    return onRepository('codecommit:GetReferences', context, repositoryName)
  },
  handler: (context, { kind, nameContains = '', maxResults, nextToken }, row) =>
    readRepository(context, row, async ({ gitDir, refs }) => {
      const prefix = kind === 'branches' ? 'refs/heads/' : 'refs/tags/'
      const [after] = nextToken === undefined ? [] : (decodeToken(kind, nextToken) ?? [])
      const wanted = nameContains.toLowerCase()
      const all = sortedRefs(refs).flatMap(([name, ref]) => (name.startsWith(prefix) ? [{ name: name.slice(prefix.length), ref }] : []))
      const matching = all.filter(({ name }) => name.toLowerCase().includes(wanted))
      // The last of the page before may be gone by now.
      const following = after === undefined ? matching : matching.filter(({ name }) => compareNames(name, String(after)) > 0)
      const page = pageOf(kind, following.slice(0, maxResults + 1), maxResults, ({ name }) => [name])
      const head = refs.head?.startsWith('refs/heads/') ? refs.head.slice('refs/heads/'.length) : undefined
      const base = refs.refs.get(refs.head ?? '')?.oid
      const signal = readSignal()
      await using objects = new ObjectReader(gitDir, signal)
      const targets = await Promise.all(page.items.map(async ({ ref }) => commitAt(objects, ref.peeled ?? ref.oid)))
      const commits = await logOf(gitDir, new Set(targets.filter((oid) => oid !== null)), signal)
      const references: Reference[] = []
      for (const [index, { name, ref }] of page.items.entries()) {
        const commit = commits.get(targets[index] ?? '') ?? null
        references.push({
          name,
          objectId: ref.oid,
          commit: commit && commitSummary(commit),
          ...(kind === 'branches' && name !== head && base !== undefined && { aheadBehind: await distance(gitDir, commit, base) }),
          ...(ref.peeled !== undefined && (await annotationOf(gitDir, objects, ref.oid))),
        })
      }
      return { references, total: all.length, ...(head !== undefined && { defaultBranch: head }), ...(page.next !== undefined && { nextToken: page.next }) }
    }),
  requestParameters: ({ repositoryName, kind, maxResults }) => ({ repositoryName, kind, maxResults }),
})

/**
 * The names of branches and tags, at most 1,000 of each: what a chooser offers. No pack is opened. It needs
 * `codecommit:GetReferences`, as above.
 */
export const ListReferenceNames = defineOperation({
  service: 'codecommit',
  name: 'GetReferences',
  readOnly: true,
  apiVersion,
  input: z.object({ repositoryName: z.string().optional() }),
  resolve: (context, { repositoryName }) => onRepository('codecommit:GetReferences', context, repositoryName),
  handler: async (context, _input, row) => {
    const { refs, key } = await openRepository(context, present(row))
    forgetDataKey(key)
    const names = sortedRefs(refs).map(([name]) => name)
    const under = (prefix: string) => names.flatMap((name) => (name.startsWith(prefix) ? [name.slice(prefix.length)] : []))
    const [branches, tags] = [under('refs/heads/'), under('refs/tags/')]
    return { branches: branches.slice(0, mostNames), tags: tags.slice(0, mostNames), truncated: Math.max(branches.length, tags.length) > mostNames }
  },
  requestParameters: ({ repositoryName }) => ({ repositoryName }),
})

const mostNames = 1000

async function commitAt(objects: ObjectReader, oid: string): Promise<string | null> {
  return (await objects.info(oid))?.type === 'commit' ? oid : null
}

async function distance(gitDir: string, commit: LogEntry | null, base: string): Promise<{ ahead: number; behind: number }> {
  return commit === null || commit.oid === base ? { ahead: 0, behind: 0 } : aheadBehind(gitDir, commit.oid, base)
}

async function annotationOf(gitDir: string, objects: ObjectReader, oid: string): Promise<Pick<Reference, 'annotation'>> {
  const tag = await readTag(gitDir, oid, { objects })
  if (!tag) return {}
  const { message, tagger } = tag
  return { annotation: tagger ? { message, tagger: tagger.name, date: dateOf(tagger) } : { message, tagger: null, date: null } }
}

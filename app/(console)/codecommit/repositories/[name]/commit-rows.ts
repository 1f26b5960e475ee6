import type { CommitRow } from '#components/codecommit/commit-table.tsx'
import type { CommitSummary } from '#lib/codecommit/commit-history'

/** Commits as the table takes them: plain data. */
export function commitRows(commits: readonly CommitSummary[]): CommitRow[] {
  return commits.map(({ commitId, subject, parents, author, committer, lanes }) => ({
    commitId,
    subject,
    merge: parents.length > 1,
    author: author.name,
    date: committer.date.toISOString(),
    ...(lanes && { lanes }),
  }))
}

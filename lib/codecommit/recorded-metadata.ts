import type { RepositoryMetadata } from './metadata.ts'

/**
 * What the trail keeps of a repository's metadata: lower-case `arn`, as AWS records it, and nothing that is repository
 * data (no description, no branch).
 */
export function recordedMetadata(metadata: RepositoryMetadata): Readonly<Record<string, unknown>> {
  const { Arn, repositoryDescription: _sealed, defaultBranch: _sealedToo, ...rest } = metadata
  return { arn: Arn, ...rest }
}

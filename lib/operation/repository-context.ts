/** The name under which CodeCommit puts the repository ID into every encryption context. AWS never published its own; this is ours. */
export const repositoryIdContextKey = 'aws:codecommit:repository-id'

/** The encryption context of every KMS operation that CodeCommit calls for a repository. */
export function repositoryEncryptionContext(repositoryId: string): Readonly<Record<string, string>> {
  return { [repositoryIdContextKey]: repositoryId }
}

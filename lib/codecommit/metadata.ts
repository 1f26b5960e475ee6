import { invoke } from '#lib/invoke'
import { Decrypt } from '#lib/kms/api'
import { asService, type RequestContext } from '#lib/operation/context'
import { repositoryEncryptionContext } from '#lib/operation/repository-context'
import { codecommitKeyAlias } from './key-alias.ts'
import { cloneUrlHttp, cloneUrlSsh, repositoryArn, type RepositoryRow } from './repository-row.ts'
import { viaKms } from './storage/data-keys.ts'
import { openRepository } from './storage/open-repository.ts'

/** CodeCommit's `RepositoryMetadata` (API reference), lowerCamel but for `Arn`. */
export type RepositoryMetadata = Readonly<{
  accountId: string
  repositoryId: string
  repositoryName: string
  repositoryDescription?: string
  defaultBranch?: string
  lastModifiedDate: Date
  creationDate: Date
  cloneUrlHttp: string
  cloneUrlSsh: string
  Arn: string
  kmsKeyId: string
}>

/**
 * Opens what of a repository's metadata is repository data: its description and the name of its default branch.
 * @throws ServiceException EncryptionKey…Exception where KMS refuses, EncryptionIntegrityChecksFailedException
 */
export async function openMetadata(context: RequestContext, row: RepositoryRow): Promise<RepositoryMetadata> {
  const { refs } = await openRepository(context, row)
  const description = await openDescription(context, row)
  return metadataOf(row, { description, defaultBranch: refs.head?.replace(/^refs\/heads\//, '') })
}

/** The metadata of a row with what was opened of it. */
export function metadataOf(
  row: RepositoryRow,
  opened: { description: string | undefined; defaultBranch: string | undefined },
): RepositoryMetadata {
  return {
    accountId: row.accountId,
    repositoryId: row.id,
    repositoryName: row.name,
    ...(opened.description !== undefined && { repositoryDescription: opened.description }),
    ...(opened.defaultBranch !== undefined && { defaultBranch: opened.defaultBranch }),
    lastModifiedDate: row.lastModifiedDate,
    creationDate: row.creationDate,
    cloneUrlHttp: cloneUrlHttp(row.region, row.name),
    cloneUrlSsh: cloneUrlSsh(row.region, row.name),
    Arn: repositoryArn(row, row.name),
    kmsKeyId: codecommitKeyAlias,
  }
}

async function openDescription(context: RequestContext, row: RepositoryRow): Promise<string | undefined> {
  const { descriptionCiphertext } = row
  if (!descriptionCiphertext) return undefined
  const { Plaintext } = await viaKms(() =>
    invoke(Decrypt, asService(context, 'codecommit'), {
      KeyId: row.kmsKeyArn,
      CiphertextBlob: descriptionCiphertext,
      EncryptionContext: repositoryEncryptionContext(row.id),
    }),
  )
  return Buffer.from(Plaintext).toString()
}

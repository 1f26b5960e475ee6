import type { AnyOperation } from '#lib/operation/define'
import { CreateBranch, DeleteBranch, GetBranch, ListBranches, UpdateDefaultBranch } from './branches.ts'
import { GetBlob, GetCommit, GetFile, GetFolder } from './content.ts'
import { CreateRepository, DeleteRepository, GetRepository, UpdateRepositoryDescription, UpdateRepositoryName } from './repositories.ts'
import { CancelImport, GetImport, ListImports, StartImport } from './imports.ts'
import { BatchGetRepositories, ListRepositories } from './repository-lists.ts'
import { ListTagsForResource, TagResource, UntagResource } from './tags.ts'
import { GetVerification, StartVerification, StopVerification } from './verification.ts'

/**
 * The operations of CodeCommit's API (2015-04-13) that answer on the wire. GitPull and GitPush are operations too
 * (git-pull.ts, git-push.ts), but only git's doors reach them.
 */
export const codecommitOperations: Readonly<Record<string, AnyOperation>> = {
  // repositories.ts, repository-lists.ts
  CreateRepository,
  GetRepository,
  BatchGetRepositories,
  ListRepositories,
  DeleteRepository,
  UpdateRepositoryName,
  UpdateRepositoryDescription,
  // branches.ts
  ListBranches,
  GetBranch,
  CreateBranch,
  DeleteBranch,
  UpdateDefaultBranch,
  // content.ts
  GetCommit,
  GetFile,
  GetFolder,
  GetBlob,
  // tags.ts
  ListTagsForResource,
  TagResource,
  UntagResource,
}

/** Codekeep's own beside them: they answer on the same wire, under the same target, and AWS's clients do not know them. */
export const ownOperations: Readonly<Record<string, AnyOperation>> = {
  // imports.ts
  StartImport,
  GetImport,
  ListImports,
  CancelImport,
  // verification.ts
  StartVerification,
  GetVerification,
  StopVerification,
}

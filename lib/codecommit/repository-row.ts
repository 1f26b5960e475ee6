import { config } from '#lib/config'
import { db, type Db } from '#lib/db'
import { kept } from '#lib/kept-rows'
import { formatArn } from '#lib/operation/arn'
import type { RequestContext } from '#lib/operation/context'
import type { Access, EventResource, Resolved } from '#lib/operation/define'
import { repositoryDoesNotExist } from './exceptions.ts'
import { repositoryName } from './names.ts'

/** A repository as its row has it: nothing of it is opened. */
export type RepositoryRow = Readonly<{
  id: string
  accountId: string
  region: string
  name: string
  descriptionCiphertext: Uint8Array | null
  creationDate: Date
  lastModifiedDate: Date
  kmsKeyArn: string
  dataKeyId: string
  refs: Uint8Array | null
  refsVersion: number
}>

/** The row of a repository of the context's account and Region; null where there is none of that name. */
export async function findRepository(
  place: Pick<RequestContext, 'accountId' | 'region'>,
  name: string,
  on?: Db,
): Promise<RepositoryRow | null> {
  const { accountId, region } = place
  const find = (from: Db) => from.repository.findUnique({ where: { accountId_region_name: { accountId, region, name } } })
  return on ? find(on) : kept(['Repository'], `repository ${accountId} ${region} ${name}`, () => find(db()))
}

/** `arn:aws:codecommit:<region>:<account>:<name>` */
export function repositoryArn({ accountId, region }: Pick<RequestContext, 'accountId' | 'region'>, name: string): string {
  return formatArn({ service: 'codecommit', region, accountId, resource: name })
}

/** Resolves an operation on one repository: authorized on its ARN before it is said whether it exists. */
export async function onRepository(
  action: string,
  context: RequestContext,
  givenName: string | undefined,
  conditions?: Access['conditions'],
): Promise<Resolved<RepositoryRow | null> & { absent?: ReturnType<typeof repositoryDoesNotExist> }> {
  const name = repositoryName(givenName)
  const arn = repositoryArn(context, name)
  const row = await findRepository(context, name)
  const tags = row ? await resourceTags(row.id) : {}
  return {
    subject: row,
    access: [{ action, resource: arn, conditions: { ...tags, ...conditions } }],
    resources: [repositoryResource(arn)],
    ...(row ? { repositoryId: row.id } : { absent: repositoryDoesNotExist(name) }),
  }
}

/** The repository that `onRepository` found; its absence was thrown before any handler ran. */
export function present(row: RepositoryRow | null): RepositoryRow {
  if (!row) throw new Error('an absent repository reached a handler')
  return row
}

/** How events name a repository. */
export function repositoryResource(arn: string): EventResource {
  return { type: 'AWS::CodeCommit::Repository', arn }
}

/**
 * The URL that `git clone` takes over HTTPS. The host-named form of AWS needs a name that resolves; this one works everywhere.
 */
export function cloneUrlHttp(region: string, name: string): string {
  const { domain, port, tls } = config()
  return `${tls ? 'https' : 'http'}://${domain}:${port}/v1/regions/${region}/repos/${name}`
}

/** The URL that `git clone` takes over SSH; the user name is the SSH public key's ID. */
export function cloneUrlSsh(region: string, name: string): string {
  const { domain, sshPort } = config()
  return `ssh://${domain}:${sshPort}/v1/regions/${region}/repos/${name}`
}

/** `aws:ResourceTag/<key>` conditions. */
async function resourceTags(repositoryId: string): Promise<Record<string, string>> {
  const tags = await kept(['Repository', 'RepositoryTag'], `tags ${repositoryId}`, () => db().repositoryTag.findMany({ where: { repositoryId } }))
  return Object.fromEntries(tags.map(({ tagKey, tagValue }) => [`aws:ResourceTag/${tagKey}`, tagValue]))
}

import { z } from 'zod'
import { config } from '#lib/config'
import { db } from '#lib/db'
import { mayInvoke } from '#lib/invoke'
import { Decrypt, DescribeKey, Encrypt, GenerateDataKey, GenerateDataKeyWithoutPlaintext, ReEncrypt } from '#lib/kms/api'
import { asService, type RequestContext } from '#lib/operation/context'
import { defineOperation } from '#lib/operation/define'
import type { DecidingStatement } from '#lib/operation/exception'
import { repositoryEncryptionContext } from '#lib/operation/repository-context'
import { apiVersion } from './api-version.ts'
import { onRepository, present, type RepositoryRow } from './repository-row.ts'

/**
 * How a repository is encrypted, from the root key to the last sealed object: counts, bytes and key material versions, and whether
 * the caller may have CodeCommit use the key. Nothing is opened. The console's own question; whoever may read the repository's
 * metadata may ask it.
 * @throws as GetRepository
 */
export const GetRepositoryEncryption = defineOperation({
  service: 'codecommit',
  name: 'GetRepositoryEncryption',
  readOnly: true,
  apiVersion,
  input: z.object({ repositoryName: z.string().optional() }),
  resolve: (context, { repositoryName }) => onRepository('codecommit:GetRepository', context, repositoryName),
  handler: async (context, _input, found): Promise<RepositoryEncryption> => {
    const row = present(found)
    const [dataKeys, sealed] = await Promise.all([dataKeysOf(row), sealedOf(row)])
    return {
      repositoryId: row.id,
      kmsKeyArn: row.kmsKeyArn,
      encryptionContext: repositoryEncryptionContext(row.id),
      rootKey: config().rootKey.kind,
      ...dataKeys,
      sealed,
      permissions: await permissionsOf(asService(context, 'codecommit'), row),
    }
  },
  requestParameters: ({ repositoryName }) => ({ repositoryName }),
})

export type RepositoryEncryption = Readonly<{
  repositoryId: string
  kmsKeyArn: string
  encryptionContext: Readonly<Record<string, string>>
  /** Where the root key is: in a file, or in the environment. */
  rootKey: 'file' | 'env'
  dataKeyCount: number
  /** How many of the data keys are under which key material. */
  dataKeysByMaterial: readonly Readonly<{ keyMaterialId: string; count: number }>[]
  /** The newest hundred, with what each seals. */
  newestDataKeys: readonly Readonly<{ id: string; keyMaterialId: string; createdAt: Date; sealsRefs: boolean; objects: number; sealedBytes: number }>[]
  sealed: readonly SealedKind[]
  permissions: readonly KeyPermission[]
}>

/** Sealed messages of one kind: `pack`, `idx`, `bitmap`, `rev`, `response`, `refs`, `description`, and `superseded` for what a fold replaced. */
export type SealedKind = Readonly<{ kind: string; count: number; sealedBytes: number; openedBytes: number | null }>

/** Whether one of the six operations is open to the caller through CodeCommit, and by which statements. */
export type KeyPermission = Readonly<{ action: string; purpose: string; allowed: boolean; decidedBy: readonly DecidingStatement[]; message?: string }>

async function dataKeysOf({ id: repositoryId, dataKeyId }: RepositoryRow): Promise<Pick<RepositoryEncryption, 'dataKeyCount' | 'dataKeysByMaterial' | 'newestDataKeys'>> {
  const groups = await db().repositoryKey.groupBy({ by: ['keyMaterialId'], where: { repositoryId }, _count: { _all: true } })
  const newest = await db().repositoryKey.findMany({
    where: { repositoryId },
    orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
    take: 100,
    select: { id: true, keyMaterialId: true, createdAt: true },
  })
  const used = await db().storedObject.groupBy({ by: ['dataKeyId'], where: { dataKeyId: { in: newest.map(({ id }) => id) } }, _count: { _all: true }, _sum: { sealedSize: true } })
  const useOf = new Map(used.map((use) => [use.dataKeyId, use]))
  return {
    dataKeyCount: groups.reduce((sum, group) => sum + group._count._all, 0),
    dataKeysByMaterial: groups.map((group) => ({ keyMaterialId: group.keyMaterialId, count: group._count._all })),
    newestDataKeys: newest.map((key) => {
      const use = useOf.get(key.id)
      return { ...key, sealsRefs: key.id === dataKeyId, objects: use?._count._all ?? 0, sealedBytes: Number(use?._sum.sealedSize ?? 0) }
    }),
  }
}

async function sealedOf({ id: repositoryId, refs, descriptionCiphertext }: RepositoryRow): Promise<SealedKind[]> {
  const counted = { _count: { _all: true }, _sum: { sealedSize: true, openedSize: true } } as const
  const inForce = await db().storedObject.groupBy({ by: ['kind'], where: { repositoryId, supersededAt: null }, ...counted })
  const superseded = await db().storedObject.aggregate({ where: { repositoryId, supersededAt: { not: null } }, ...counted })
  const single = (kind: string, message: Uint8Array | null): SealedKind[] => (message ? [{ kind, count: 1, sealedBytes: message.length, openedBytes: null }] : [])
  const kindOf = (kind: string, { _count, _sum }: (typeof inForce)[number] | typeof superseded): SealedKind => ({
    kind,
    count: _count._all,
    sealedBytes: Number(_sum.sealedSize ?? 0),
    openedBytes: Number(_sum.openedSize ?? 0),
  })
  return [
    ...inForce.map((group) => kindOf(group.kind, group)),
    ...(superseded._count._all > 0 ? [kindOf('superseded', superseded)] : []),
    ...single('refs', refs),
    ...single('description', descriptionCiphertext),
  ]
}

/** Asks policy alone: nothing is called, and nothing recorded but this operation. */
async function permissionsOf(caller: RequestContext, { id, kmsKeyArn }: RepositoryRow): Promise<KeyPermission[]> {
  const EncryptionContext = repositoryEncryptionContext(id)
  const key = { KeyId: kmsKeyArn, EncryptionContext }
  const probe = new Uint8Array(1)
  const moving = { SourceKeyId: kmsKeyArn, SourceEncryptionContext: EncryptionContext, DestinationKeyId: kmsKeyArn, DestinationEncryptionContext: EncryptionContext, CiphertextBlob: probe }
  const asked = [
    ['DescribeKey', 'Before a repository is created', mayInvoke(DescribeKey, caller, { KeyId: kmsKeyArn })],
    ['GenerateDataKeyWithoutPlaintext', 'A new repository’s own data key', mayInvoke(GenerateDataKeyWithoutPlaintext, caller, { ...key, KeySpec: 'AES_256' })],
    ['GenerateDataKey', 'What a push stores', mayInvoke(GenerateDataKey, caller, { ...key, KeySpec: 'AES_256' })],
    ['Decrypt', 'Every pull and every read', mayInvoke(Decrypt, caller, { ...key, CiphertextBlob: probe })],
    ['Encrypt', 'Small values: the description', mayInvoke(Encrypt, caller, { ...key, Plaintext: probe })],
    ['ReEncrypt', 'Data keys onto newer key material', mayInvoke(ReEncrypt, caller, moving)],
  ] as const
  return Promise.all(
    asked.map(async ([operation, purpose, answer]) => {
      const { decision, decidedBy, message } = await answer
      return { action: `kms:${operation}`, purpose, allowed: decision === 'Allowed', decidedBy, ...(message !== undefined && { message }) }
    }),
  )
}

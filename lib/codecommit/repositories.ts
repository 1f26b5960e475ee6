import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { db, isUniqueViolation, transaction } from '#lib/db'
import { invoke, untilRecorded } from '#lib/invoke'
import { Encrypt, GenerateDataKeyWithoutPlaintext } from '#lib/kms/api'
import { asService, type RequestContext } from '#lib/operation/context'
import { defineOperation } from '#lib/operation/define'
import { ServiceException } from '#lib/operation/exception'
import { repositoryEncryptionContext } from '#lib/operation/repository-context'
import { repositoryNameExists } from './exceptions.ts'
import { isFirstUse, keyInRegion, refuseOtherKey } from './key-in-region.ts'
import { metadataOf, openMetadata, type RepositoryMetadata } from './metadata.ts'
import { repositoryDescription, repositoryName, tagsMap } from './names.ts'
import { findRepository, onRepository, present, repositoryArn, repositoryResource } from './repository-row.ts'
import { apiVersion } from './api-version.ts'
import { deleteStored } from './storage/delete-repository.ts'
import { viaKms } from './storage/data-keys.ts'
import { recordedMetadata } from './recorded-metadata.ts'

/** API_CreateRepository. The first of a Region makes the `aws/codecommit` key there. */
export const CreateRepository = defineOperation({
  service: 'codecommit',
  name: 'CreateRepository',
  readOnly: false,
  apiVersion,
  input: z.object({
    repositoryName: z.string().optional(),
    repositoryDescription: z.string().optional(),
    tags: z.record(z.string(), z.string()).optional(),
    kmsKeyId: z.string().optional(),
  }),
  resolve: (context, input) => {
    const name = repositoryName(input.repositoryName)
    const tags = tagsMap(input.tags ?? {})
    const arn = repositoryArn(context, name)
    const conditions = {
      ...Object.fromEntries(tags.map(([key, value]) => [`aws:RequestTag/${key}`, value])),
      ...(tags.length > 0 && { 'aws:TagKeys': tags.map(([key]) => key) }),
    }
    return {
      subject: { name, tags, description: repositoryDescription(input.repositoryDescription) },
      access: [
        { action: 'codecommit:CreateRepository', resource: arn, conditions },
        ...(tags.length > 0 ? [{ action: 'codecommit:TagResource', resource: arn, conditions }] : []),
      ],
      resources: [repositoryResource(arn)],
    }
  },
  handler: async (context, { kmsKeyId }, { name, tags, description }): Promise<{ repositoryMetadata: RepositoryMetadata }> => {
    if (await findRepository(context, name)) throw repositoryNameExists(name)
    await refuseUnknownKey(context, kmsKeyId)
    const repositoryId = randomUUID()
    const key = await keyInRegion(context, repositoryId)
    refuseOtherKey(kmsKeyId, key, context)
    const dataKey = await generateOwnKey(context, key.arn, repositoryId)
    const descriptionCiphertext = description === undefined ? null : await sealDescription(context, key.arn, repositoryId, description)
    const now = new Date()
    const row = {
      id: repositoryId,
      accountId: context.accountId,
      region: context.region,
      name,
      descriptionCiphertext,
      creationDate: now,
      lastModifiedDate: now,
      kmsKeyArn: key.arn,
      dataKeyId: dataKey.id,
      refs: null,
      refsVersion: 0,
    }
    await untilRecorded()
    try {
      await transaction(async (tx) => {
        await tx.repository.create({ data: row })
        await tx.repositoryKey.create({ data: { ...dataKey, repositoryId, createdAt: now } })
        if (tags.length > 0) {
          await tx.repositoryTag.createMany({ data: tags.map(([tagKey, tagValue]) => ({ repositoryId, tagKey, tagValue })) })
        }
      })
    } catch (error) {
      throw isUniqueViolation(error) ? repositoryNameExists(name) : error
    }
    return { repositoryMetadata: metadataOf(row, { description, defaultBranch: undefined }) }
  },
  // The description is repository data, so it is not here.
  requestParameters: ({ repositoryName, kmsKeyId }) => ({ repositoryName, ...(kmsKeyId !== undefined && { kmsKeyId }) }),
  recorded: ({ repositoryMetadata }) => ({
    responseElements: { repositoryMetadata: recordedMetadata(repositoryMetadata) },
    repositoryId: repositoryMetadata.repositoryId,
  }),
})

/** API_GetRepository */
export const GetRepository = defineOperation({
  service: 'codecommit',
  name: 'GetRepository',
  readOnly: true,
  apiVersion,
  input: z.object({ repositoryName: z.string().optional() }),
  resolve: (context, { repositoryName }) => onRepository('codecommit:GetRepository', context, repositoryName),
  handler: async (context, _input, row) => ({ repositoryMetadata: await openMetadata(context, present(row)) }),
  requestParameters: ({ repositoryName }) => ({ repositoryName }),
})

/** API_DeleteRepository. One that is not there is no error: the answer has no repositoryId. */
export const DeleteRepository = defineOperation({
  service: 'codecommit',
  name: 'DeleteRepository',
  readOnly: false,
  apiVersion,
  input: z.object({ repositoryName: z.string().optional() }),
  resolve: async (context, { repositoryName }) => {
    const { absent: _noError, ...resolved } = await onRepository('codecommit:DeleteRepository', context, repositoryName)
    return resolved
  },
  handler: async (_context, _input, row) => {
    if (!row) return {}
    await deleteStored(row.id)
    return { repositoryId: row.id }
  },
  requestParameters: ({ repositoryName }) => ({ repositoryName }),
  recorded: (output) => ({ responseElements: output }),
})

/** API_UpdateRepositoryName. The ID stays, and with it every sealed byte; the key is not touched. */
export const UpdateRepositoryName = defineOperation({
  service: 'codecommit',
  name: 'UpdateRepositoryName',
  readOnly: false,
  apiVersion,
  input: z.object({ oldName: z.string().optional(), newName: z.string().optional() }),
  resolve: async (context, { oldName, newName }) => {
    const name = repositoryName(newName)
    const resolved = await onRepository('codecommit:UpdateRepositoryName', context, oldName)
    const arn = repositoryArn(context, name)
    return {
      ...resolved,
      access: [...resolved.access, { action: 'codecommit:UpdateRepositoryName', resource: arn }],
      subject: { row: resolved.subject, name },
    }
  },
  handler: async (_context, _input, { row, name }) => {
    try {
      await db().repository.update({ where: { id: present(row).id }, data: { name, lastModifiedDate: new Date() } })
    } catch (error) {
      throw isUniqueViolation(error) ? repositoryNameExists(name) : error
    }
    return undefined
  },
  requestParameters: ({ oldName, newName }) => ({ oldName, newName }),
})

/** API_UpdateRepositoryDescription. No description: the old one is taken away. */
export const UpdateRepositoryDescription = defineOperation({
  service: 'codecommit',
  name: 'UpdateRepositoryDescription',
  readOnly: false,
  apiVersion,
  input: z.object({ repositoryName: z.string().optional(), repositoryDescription: z.string().optional() }),
  resolve: (context, input) => {
    repositoryDescription(input.repositoryDescription)
    return onRepository('codecommit:UpdateRepositoryDescription', context, input.repositoryName)
  },
  handler: async (context, input, row) => {
    const { id, kmsKeyArn } = present(row)
    const description = repositoryDescription(input.repositoryDescription)
    const descriptionCiphertext = description === undefined ? null : await sealDescription(context, kmsKeyArn, id, description)
    await untilRecorded()
    await db().repository.update({ where: { id }, data: { descriptionCiphertext, lastModifiedDate: new Date() } })
    return undefined
  },
  requestParameters: ({ repositoryName }) => ({ repositoryName }),
})

/** A key that is not the Region's own is refused before one is made for it. */
async function refuseUnknownKey(context: RequestContext, kmsKeyId: string | undefined): Promise<void> {
  if (kmsKeyId !== undefined && (await isFirstUse(asService(context, 'codecommit')))) refuseOtherKey(kmsKeyId, null, context)
}

async function generateOwnKey(context: RequestContext, keyArn: string, repositoryId: string) {
  const made = await viaKms(() =>
    invoke(GenerateDataKeyWithoutPlaintext, asService(context, 'codecommit'), {
      KeyId: keyArn,
      KeySpec: 'AES_256',
      EncryptionContext: repositoryEncryptionContext(repositoryId),
    }),
  )
  return { id: randomUUID(), ciphertextBlob: new Uint8Array(made.CiphertextBlob), keyMaterialId: made.KeyMaterialId }
}

async function sealDescription(context: RequestContext, keyArn: string, repositoryId: string, description: string) {
  const plaintext = Buffer.from(description)
  if (plaintext.length > 4096) throw new ServiceException('InvalidRepositoryDescriptionException', 'The repository description is not valid.')
  const { CiphertextBlob } = await viaKms(() =>
    invoke(Encrypt, asService(context, 'codecommit'), {
      KeyId: keyArn,
      Plaintext: new Uint8Array(plaintext),
      EncryptionContext: repositoryEncryptionContext(repositoryId),
    }),
  )
  return new Uint8Array(CiphertextBlob)
}

import { z } from 'zod'
import { db, transaction } from '#lib/db'
import { forgetCredentials } from '#lib/iam/credentials'
import { defineIam } from '#lib/iam/define-iam'
import { noSuchEntity, quotaExceeded } from '#lib/iam/exceptions'
import { newSecretAccessKey, uniqueId } from '#lib/iam/ids'
import { accessKeyId, existingUserName, paging, status } from '#lib/iam/members'
import { listPage } from '#lib/iam/pages'
import { recordedElements, recordedMembers } from '#lib/iam/recorded-members'
import { sealSecret } from '#lib/iam/sealed-secrets'
import { absentSubject, onOwner, whileThere, type Owner } from '#lib/iam/subjects'

/** Access keys of one user, or of root (F.1). */
export const accessKeyQuota = 2

export const CreateAccessKey = defineIam({
  name: 'CreateAccessKey',
  readOnly: false,
  input: z.object({ UserName: existingUserName.optional() }),
  resolve: (context, { UserName }) => onOwner(context, 'CreateAccessKey', UserName),
  handler: async (context, _input, { userId, userName }) => {
    const id = uniqueId('AKIA')
    const secret = newSecretAccessKey()
    const secretEncrypted = sealSecret('codekeep access key secret', id, secret)
    await whileThere(
      transaction(async (tx) => {
        if ((await tx.accessKey.count({ where: { userId } })) >= accessKeyQuota) throw quotaExceeded('AccessKeysPerUser', accessKeyQuota)
        await tx.accessKey.create({ data: { id, userId, secretEncrypted, status: 'Active', createDate: context.time } })
      }),
      userName ?? 'root',
    )
    return {
      AccessKey: {
        UserName: userName ?? undefined, AccessKeyId: id, Status: 'Active', SecretAccessKey: secret, CreateDate: context.time,
      },
    }
  },
  requestParameters: (input) => recordedMembers(input, 'UserName'),
  // Member by member: the answer holds the secret.
  recorded: ({ AccessKey: { UserName, AccessKeyId, Status, CreateDate } }) => ({
    responseElements: recordedElements({ AccessKey: { UserName, AccessKeyId, Status, CreateDate } }),
  }),
})

export const ListAccessKeys = defineIam({
  name: 'ListAccessKeys',
  readOnly: true,
  input: z.object({ UserName: existingUserName.optional(), ...paging }),
  resolve: (context, { UserName }) => onOwner(context, 'ListAccessKeys', UserName),
  handler: async (_context, input, { userId, userName }) => {
    const page = await listPage(
      `ListAccessKeys ${userId ?? 'root'}`,
      input,
      (after, take) =>
        db().accessKey.findMany({ where: { userId, ...(after !== undefined && { id: { gt: after } }) }, orderBy: { id: 'asc' }, take }),
      (key) => key.id,
    )
    const metadata = page.items.map((key) => ({
      UserName: userName ?? undefined, AccessKeyId: key.id, Status: key.status, CreateDate: key.createDate,
    }))
    return { AccessKeyMetadata: metadata, ...page.end }
  },
  requestParameters: (input) => recordedMembers(input, 'UserName', 'MaxItems', 'Marker'),
})

export const UpdateAccessKey = defineIam({
  name: 'UpdateAccessKey',
  readOnly: false,
  input: z.object({ UserName: existingUserName.optional(), AccessKeyId: accessKeyId, Status: status }),
  resolve: (context, { UserName }) => onOwner(context, 'UpdateAccessKey', UserName),
  handler: async (_context, { AccessKeyId, Status }, owner) => {
    const updated = await db().accessKey.updateMany({ where: ownKey(owner, AccessKeyId), data: { status: Status } })
    forgetCredentials()
    if (updated.count === 0) throw noSuchAccessKey(AccessKeyId)
  },
  requestParameters: (input) => recordedMembers(input, 'UserName', 'AccessKeyId', 'Status'),
})

export const DeleteAccessKey = defineIam({
  name: 'DeleteAccessKey',
  readOnly: false,
  input: z.object({ UserName: existingUserName.optional(), AccessKeyId: accessKeyId }),
  resolve: (context, { UserName }) => onOwner(context, 'DeleteAccessKey', UserName),
  handler: async (_context, { AccessKeyId }, owner) => {
    const deleted = await db().accessKey.deleteMany({ where: ownKey(owner, AccessKeyId) })
    forgetCredentials()
    if (deleted.count === 0) throw noSuchAccessKey(AccessKeyId)
  },
  requestParameters: (input) => recordedMembers(input, 'UserName', 'AccessKeyId'),
})

export const GetAccessKeyLastUsed = defineIam({
  name: 'GetAccessKeyLastUsed',
  readOnly: true,
  input: z.object({ AccessKeyId: accessKeyId }),
  resolve: async (context, { AccessKeyId }) => {
    const key = await db().accessKey.findUnique({ where: { id: AccessKeyId }, include: { user: true } })
    const resource = key ? (key.user?.arn ?? `arn:aws:iam::${context.accountId}:root`) : '*'
    return {
      access: [{ action: 'iam:GetAccessKeyLastUsed', resource }],
      subject: key ?? absentSubject,
      ...(!key && { absent: noSuchAccessKey(AccessKeyId) }),
    }
  },
  handler: (_context, _input, key) => ({
    UserName: key.user?.name,
    AccessKeyLastUsed: {
      LastUsedDate: key.lastUsedDate ?? undefined,
      ServiceName: key.lastUsedService ?? 'N/A',
      Region: key.lastUsedRegion ?? 'N/A',
    },
  }),
  requestParameters: (input) => recordedMembers(input, 'AccessKeyId'),
})

/** A key only under its owner's name: who may change one user's keys may not reach another's by its ID. */
function ownKey({ userId }: Owner, id: string) {
  return { id, userId }
}

function noSuchAccessKey(id: string) {
  return noSuchEntity(`The Access Key with id ${id} cannot be found.`)
}

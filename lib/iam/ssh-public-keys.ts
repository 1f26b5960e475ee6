import { z } from 'zod'
import type { SshPublicKey } from '#prisma/sqlite/generated/client.ts'
import { db, isUniqueViolation, transaction } from '#lib/db'
import { defineIam } from '#lib/iam/define-iam'
import { noSuchEntity, quotaExceeded } from '#lib/iam/exceptions'
import { uniqueId } from '#lib/iam/ids'
import { existingUserName, paging, status } from '#lib/iam/members'
import { listPage } from '#lib/iam/pages'
import { recordedElements, recordedMembers } from '#lib/iam/recorded-members'
import { parseSshPublicKey, sshPublicKeyPem } from '#lib/iam/ssh-public-key-format'
import { onUserOrCaller, whileThere } from '#lib/iam/subjects'
import { ServiceException } from '#lib/operation/exception'

/** SSH public keys of one user (F.1). */
export const sshPublicKeyQuota = 5

const SSHPublicKeyId = z.string().min(20).max(128).regex(/^[\w]+$/)

export const UploadSSHPublicKey = defineIam({
  name: 'UploadSSHPublicKey',
  readOnly: false,
  input: z.object({ UserName: existingUserName.optional(), SSHPublicKeyBody: z.string().min(1).max(16_384) }),
  resolve: (context, { UserName }) => onUserOrCaller(context, 'UploadSSHPublicKey', UserName),
  handler: async (context, { SSHPublicKeyBody }, user) => {
    const { body, fingerprint } = parseSshPublicKey(SSHPublicKeyBody)
    try {
      const key = await whileThere(
        transaction(async (tx) => {
          if ((await tx.sshPublicKey.count({ where: { userId: user.id } })) >= sshPublicKeyQuota) {
            throw quotaExceeded('SSHPublicKeysPerUser', sshPublicKeyQuota)
          }
          return tx.sshPublicKey.create({
            data: { id: uniqueId('APKA'), userId: user.id, body, fingerprint, status: 'Active', uploadDate: context.time },
          })
        }),
        user.name,
      )
      return { SSHPublicKey: describe(key, user.name) }
    } catch (error) {
      if (isUniqueViolation(error)) {
        throw new ServiceException('DuplicateSSHPublicKey', 'The SSH public key is already associated with the specified IAM user.')
      }
      throw error
    }
  },
  requestParameters: (input) => recordedMembers(input, 'UserName', 'SSHPublicKeyBody'),
  recorded: (output) => ({ responseElements: recordedElements(output) }),
})

export const GetSSHPublicKey = defineIam({
  name: 'GetSSHPublicKey',
  readOnly: true,
  input: z.object({ UserName: existingUserName.optional(), SSHPublicKeyId, Encoding: z.string() }),
  resolve: (context, { UserName }) => onUserOrCaller(context, 'GetSSHPublicKey', UserName),
  handler: async (_context, { SSHPublicKeyId: id, Encoding }, user) => {
    if (Encoding !== 'SSH' && Encoding !== 'PEM') {
      throw new ServiceException('UnrecognizedPublicKeyEncoding', 'The public key encoding format is unsupported or unrecognized.')
    }
    const key = await db().sshPublicKey.findFirst({ where: { id, userId: user.id } })
    if (!key) throw noSuchKey(id)
    const described = describe(key, user.name)
    return { SSHPublicKey: Encoding === 'SSH' ? described : { ...described, SSHPublicKeyBody: sshPublicKeyPem(key.body) } }
  },
  requestParameters: (input) => recordedMembers(input, 'UserName', 'SSHPublicKeyId', 'Encoding'),
})

export const ListSSHPublicKeys = defineIam({
  name: 'ListSSHPublicKeys',
  readOnly: true,
  input: z.object({ UserName: existingUserName.optional(), ...paging }),
  resolve: (context, { UserName }) => onUserOrCaller(context, 'ListSSHPublicKeys', UserName),
  handler: async (_context, input, user) => {
    const page = await listPage(
      `ListSSHPublicKeys ${user.id}`,
      input,
      (after, take) =>
        db().sshPublicKey.findMany({
          where: { userId: user.id, ...(after !== undefined && { id: { gt: after } }) },
          orderBy: { id: 'asc' },
          take,
        }),
      (key) => key.id,
    )
    const keys = page.items.map(({ id, status: keyStatus, uploadDate }) => ({
      UserName: user.name, SSHPublicKeyId: id, Status: keyStatus, UploadDate: uploadDate,
    }))
    return { SSHPublicKeys: keys, ...page.end }
  },
  requestParameters: (input) => recordedMembers(input, 'UserName', 'MaxItems', 'Marker'),
})

export const UpdateSSHPublicKey = defineIam({
  name: 'UpdateSSHPublicKey',
  readOnly: false,
  input: z.object({ UserName: existingUserName.optional(), SSHPublicKeyId, Status: status }),
  resolve: (context, { UserName }) => onUserOrCaller(context, 'UpdateSSHPublicKey', UserName),
  handler: async (_context, { SSHPublicKeyId: id, Status }, user) => {
    const updated = await db().sshPublicKey.updateMany({ where: { id, userId: user.id }, data: { status: Status } })
    if (updated.count === 0) throw noSuchKey(id)
  },
  requestParameters: (input) => recordedMembers(input, 'UserName', 'SSHPublicKeyId', 'Status'),
})

export const DeleteSSHPublicKey = defineIam({
  name: 'DeleteSSHPublicKey',
  readOnly: false,
  input: z.object({ UserName: existingUserName.optional(), SSHPublicKeyId }),
  resolve: (context, { UserName }) => onUserOrCaller(context, 'DeleteSSHPublicKey', UserName),
  handler: async (_context, { SSHPublicKeyId: id }, user) => {
    const deleted = await db().sshPublicKey.deleteMany({ where: { id, userId: user.id } })
    if (deleted.count === 0) throw noSuchKey(id)
  },
  requestParameters: (input) => recordedMembers(input, 'UserName', 'SSHPublicKeyId'),
})

function describe(key: SshPublicKey, userName: string) {
  return {
    UserName: userName,
    SSHPublicKeyId: key.id,
    Fingerprint: key.fingerprint,
    SSHPublicKeyBody: key.body,
    Status: key.status,
    UploadDate: key.uploadDate,
  }
}

function noSuchKey(id: string) {
  return noSuchEntity(`The Public Key with id ${id} cannot be found.`)
}

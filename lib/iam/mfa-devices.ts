import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { db, isUniqueViolation, transaction } from '#lib/db'
import { defineIam } from '#lib/iam/define-iam'
import { deleteConflict, entityAlreadyExists, noSuchEntity, quotaExceeded } from '#lib/iam/exceptions'
import { existingUserName, paging, path } from '#lib/iam/members'
import { mfaSecret } from '#lib/iam/mfa-codes'
import { listPage } from '#lib/iam/pages'
import { recordedMembers } from '#lib/iam/recorded-members'
import { sealSecret } from '#lib/iam/sealed-secrets'
import { absentSubject, onEverything, onOwner, whileThere } from '#lib/iam/subjects'
import { timeStep, totp } from '#lib/iam/totp'
import { equal } from '#lib/crypto/bytes'
import { ServiceException } from '#lib/operation/exception'

/** MFA devices of one user (IAM User Guide, "IAM object quotas"). */
export const mfaDeviceQuota = 8

const SerialNumber = z.string().min(9).max(256).regex(/^[\w+=/:,.@-]+$/)
const AuthenticationCode = z.string().regex(/^\d{6}$/)

/**
 * A device that is nobody's yet: its seed is shown once, as base32 for authenticator apps. The picture (QRCodePNG) is left to
 * whoever shows it.
 */
export const CreateVirtualMFADevice = defineIam({
  name: 'CreateVirtualMFADevice',
  readOnly: false,
  input: z.object({ VirtualMFADeviceName: z.string().min(1).max(226).regex(/^[\w+=,.@-]+$/), Path: path.default('/') }),
  resolve: (context, { VirtualMFADeviceName, Path }) => {
    const arn = `arn:aws:iam::${context.accountId}:mfa${Path}${VirtualMFADeviceName}`
    return { access: [{ action: 'iam:CreateVirtualMFADevice', resource: arn }], subject: arn }
  },
  handler: async (_context, _input, serialNumber) => {
    const secret = randomBytes(20)
    const secretEncrypted = sealSecret('codekeep mfa secret', serialNumber, secret.toString('hex'))
    try {
      await db().mfaDevice.create({ data: { serialNumber, userId: null, secretEncrypted } })
    } catch (error) {
      if (isUniqueViolation(error)) throw entityAlreadyExists('MFADevice entity at the same path and name already exists.')
      throw error
    }
    return { VirtualMFADevice: { SerialNumber: serialNumber, Base32StringSeed: new Uint8Array(Buffer.from(base32(secret))) } }
  },
  requestParameters: (input) => recordedMembers(input, 'VirtualMFADeviceName', 'Path'),
  // Not the seed.
  recorded: ({ VirtualMFADevice }) => ({ responseElements: { virtualMFADevice: { serialNumber: VirtualMFADevice.SerialNumber } } }),
})

/** Gives a device to a user, who proves to have it with two codes that follow one another. */
export const EnableMFADevice = defineIam({
  name: 'EnableMFADevice',
  readOnly: false,
  input: z.object({
    UserName: existingUserName.optional(),
    SerialNumber,
    AuthenticationCode1: AuthenticationCode,
    AuthenticationCode2: AuthenticationCode,
  }),
  resolve: (context, { UserName }) => onOwner(context, 'EnableMFADevice', UserName),
  handler: async (context, { SerialNumber: serialNumber, AuthenticationCode1, AuthenticationCode2 }, { userId, userName }) => {
    await whileThere(
      transaction(async (tx) => {
        const device = await tx.mfaDevice.findUnique({ where: { serialNumber } })
        if (!device) throw noSuchDevice(serialNumber)
        if (device.enableDate) throw entityAlreadyExists('Device is already assigned to a user.')
        if ((await tx.mfaDevice.count({ where: { userId, enableDate: { not: null } } })) >= mfaDeviceQuota) {
          throw quotaExceeded('MFADevicesPerUser', mfaDeviceQuota)
        }
        const lastStep = provedStep(mfaSecret(serialNumber, device.secretEncrypted), AuthenticationCode1, AuthenticationCode2, context.time)
        if (lastStep === null) throw new ServiceException('InvalidAuthenticationCode', 'Authentication code for device is not valid.', { httpStatus: 403 })
        await tx.mfaDevice.update({ where: { serialNumber }, data: { userId, enableDate: context.time, lastStep } })
      }),
      userName ?? 'root',
    )
  },
  requestParameters: (input) => recordedMembers(input, 'UserName', 'SerialNumber'),
})

export const ListMFADevices = defineIam({
  name: 'ListMFADevices',
  readOnly: true,
  input: z.object({ UserName: existingUserName.optional(), ...paging }),
  resolve: (context, { UserName }) => onOwner(context, 'ListMFADevices', UserName),
  handler: async (_context, input, { userId, userName }) => {
    const page = await listPage(
      `ListMFADevices ${userId ?? 'root'}`,
      input,
      (after, take) => db().mfaDevice.findMany({
        where: { userId, enableDate: { not: null }, ...(after !== undefined && { serialNumber: { gt: after } }) },
        orderBy: { serialNumber: 'asc' },
        take,
      }),
      (device) => device.serialNumber,
    )
    const devices = page.items.map(({ serialNumber, enableDate }) => ({
      UserName: userName ?? undefined, SerialNumber: serialNumber, EnableDate: enableDate ?? undefined,
    }))
    return { MFADevices: devices, ...page.end }
  },
  requestParameters: (input) => recordedMembers(input, 'UserName', 'MaxItems', 'Marker'),
})

export const ListVirtualMFADevices = defineIam({
  name: 'ListVirtualMFADevices',
  readOnly: true,
  input: z.object({ AssignmentStatus: z.enum(['Assigned', 'Unassigned', 'Any']).default('Any'), ...paging }),
  resolve: () => onEverything('ListVirtualMFADevices'),
  handler: async (context, input) => {
    const assigned = { Assigned: { enableDate: { not: null } }, Unassigned: { enableDate: null }, Any: {} }[input.AssignmentStatus]
    const page = await listPage(
      'ListVirtualMFADevices',
      input,
      (after, take) => db().mfaDevice.findMany({
        where: { ...assigned, ...(after !== undefined && { serialNumber: { gt: after } }) },
        include: { user: true },
        orderBy: { serialNumber: 'asc' },
        take,
      }),
      (device) => device.serialNumber,
    )
    const devices = page.items.map(({ serialNumber, enableDate, user }) => ({
      SerialNumber: serialNumber,
      EnableDate: enableDate ?? undefined,
      User: user
        ? { Path: user.path, UserName: user.name, UserId: user.id, Arn: user.arn, CreateDate: user.createDate }
        : enableDate
          ? { UserId: context.accountId, Arn: `arn:aws:iam::${context.accountId}:root` }
          : undefined,
    }))
    return { VirtualMFADevices: devices, ...page.end }
  },
  requestParameters: (input) => recordedMembers(input, 'AssignmentStatus', 'MaxItems', 'Marker'),
})

/** Takes a device from its user; it may be enabled again, for any user. */
export const DeactivateMFADevice = defineIam({
  name: 'DeactivateMFADevice',
  readOnly: false,
  input: z.object({ UserName: existingUserName.optional(), SerialNumber }),
  resolve: (context, { UserName }) => onOwner(context, 'DeactivateMFADevice', UserName),
  handler: async (_context, { SerialNumber: serialNumber }, { userId }) => {
    const deactivated = await db().mfaDevice.updateMany({
      where: { serialNumber, userId, enableDate: { not: null } },
      data: { userId: null, enableDate: null },
    })
    if (deactivated.count === 0) throw noSuchDevice(serialNumber)
  },
  requestParameters: (input) => recordedMembers(input, 'UserName', 'SerialNumber'),
})

export const DeleteVirtualMFADevice = defineIam({
  name: 'DeleteVirtualMFADevice',
  readOnly: false,
  input: z.object({ SerialNumber }),
  resolve: async (_context, { SerialNumber: serialNumber }) => {
    const device = await db().mfaDevice.findUnique({ where: { serialNumber }, select: { serialNumber: true } })
    return {
      access: [{ action: 'iam:DeleteVirtualMFADevice', resource: serialNumber }],
      subject: device ?? absentSubject,
      ...(!device && { absent: noSuchDevice(serialNumber) }),
    }
  },
  handler: async (_context, { SerialNumber: serialNumber }) => {
    const deleted = await db().mfaDevice.deleteMany({ where: { serialNumber, enableDate: null } })
    if (deleted.count === 0) throw deleteConflict('MFA VirtualDevice in use. Must deactivate first.')
  },
  requestParameters: (input) => recordedMembers(input, 'SerialNumber'),
})

/** The later step of two codes that follow one another, within a few minutes of now; null where they do not. */
function provedStep(secret: Uint8Array, first: string, second: string, now: Date): number | null {
  const current = timeStep(now)
  const is = (code: string, step: number): boolean => equal(Buffer.from(totp(secret, step)), Buffer.from(code))
  for (let step = current - 4; step <= current + 2; step++) {
    if (is(first, step) && is(second, step + 1)) return step + 1
  }
  return null
}

function base32(bytes: Uint8Array): string {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('')
  return (bits.match(/.{5}/g) ?? []).map((five) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.charAt(Number.parseInt(five, 2))).join('')
}

function noSuchDevice(serialNumber: string) {
  return noSuchEntity(`VirtualMFADevice with serial number ${serialNumber} doesn't exist.`)
}

import { z } from 'zod'
import type { ServiceSpecificCredential } from '#prisma/sqlite/generated/client.ts'
import { accountId } from '#lib/account'
import { db, transaction } from '#lib/db'
import { forgetCredentials } from '#lib/iam/credentials'
import { defineIam } from '#lib/iam/define-iam'
import { noSuchEntity, quotaExceeded } from '#lib/iam/exceptions'
import { newServicePassword, uniqueId } from '#lib/iam/ids'
import { existingUserName, status } from '#lib/iam/members'
import { recordedElements, recordedMembers } from '#lib/iam/recorded-members'
import { generatedPasswordHash } from '#lib/iam/sealed-secrets'
import { onUserOrCaller, whileThere } from '#lib/iam/subjects'

/** Service-specific credentials of one user for one service (F.1). */
export const serviceSpecificCredentialQuota = 2

const ServiceName = z.string()
const ServiceSpecificCredentialId = z.string().min(20).max(128).regex(/^[\w]+$/)

export const CreateServiceSpecificCredential = defineIam({
  name: 'CreateServiceSpecificCredential',
  readOnly: false,
  input: z.object({ UserName: existingUserName.optional(), ServiceName }),
  resolve: (context, { UserName }) => onUserOrCaller(context, 'CreateServiceSpecificCredential', UserName),
  handler: async (context, input, user) => {
    // Said here, for the user is looked for before the service (aws-facts F.5).
    if (!services.has(input.ServiceName)) throw unsupportedService(input.ServiceName)
    const id = uniqueId('ACCA')
    const password = newServicePassword()
    const row = { id, userId: user.id, serviceName: input.ServiceName, passwordHash: generatedPasswordHash(id, password), status: 'Active', createDate: context.time }
    const credential = await whileThere(
      transaction(async (tx) => {
        const held = await tx.serviceSpecificCredential.count({ where: { userId: user.id, serviceName: input.ServiceName } })
        if (held >= serviceSpecificCredentialQuota) throw quotaExceeded('ServiceSpecificCredentialsPerUser', serviceSpecificCredentialQuota)
        // The name outlives a renaming of its user, so it may be in use by somebody who was called so before.
        const names = await tx.serviceSpecificCredential.findMany({
          where: { serviceUserName: { startsWith: user.name } },
          select: { serviceUserName: true },
        })
        const serviceUserName = freeName(user.name, new Set(names.map((each) => each.serviceUserName)))
        return tx.serviceSpecificCredential.create({ data: { ...row, serviceUserName } })
      }),
      user.name,
    )
    return { ServiceSpecificCredential: { ...describe(credential, user.name), ServicePassword: password } }
  },
  requestParameters: (input) => recordedMembers(input, 'UserName', 'ServiceName'),
  recorded: ({ ServiceSpecificCredential: made }) => ({ responseElements: recordedCredential(made) }),
})

export const ListServiceSpecificCredentials = defineIam({
  name: 'ListServiceSpecificCredentials',
  readOnly: true,
  input: z.object({ UserName: existingUserName.optional(), ServiceName: ServiceName.optional() }),
  resolve: (context, { UserName }) => onUserOrCaller(context, 'ListServiceSpecificCredentials', UserName),
  handler: async (_context, input, user) => {
    if (input.ServiceName !== undefined && !services.has(input.ServiceName)) throw unsupportedService(input.ServiceName)
    const held = await db().serviceSpecificCredential.findMany({
      where: { userId: user.id, ...(input.ServiceName !== undefined && { serviceName: input.ServiceName }) },
      orderBy: [{ createDate: 'asc' }, { id: 'asc' }],
    })
    return { ServiceSpecificCredentials: held.map((credential) => describe(credential, user.name)) }
  },
  requestParameters: (input) => recordedMembers(input, 'UserName', 'ServiceName'),
})

export const UpdateServiceSpecificCredential = defineIam({
  name: 'UpdateServiceSpecificCredential',
  readOnly: false,
  input: z.object({ UserName: existingUserName.optional(), ServiceSpecificCredentialId, Status: status }),
  resolve: (context, { UserName }) => onUserOrCaller(context, 'UpdateServiceSpecificCredential', UserName),
  handler: async (_context, { ServiceSpecificCredentialId: id, Status }, user) => {
    const updated = await db().serviceSpecificCredential.updateMany({ where: { id, userId: user.id }, data: { status: Status } })
    forgetCredentials()
    if (updated.count === 0) throw noSuchCredential(id)
  },
  requestParameters: (input) => recordedMembers(input, 'UserName', 'ServiceSpecificCredentialId', 'Status'),
})

/** A new password; ID, user name and status stay. */
export const ResetServiceSpecificCredential = defineIam({
  name: 'ResetServiceSpecificCredential',
  readOnly: false,
  input: z.object({ UserName: existingUserName.optional(), ServiceSpecificCredentialId }),
  resolve: (context, { UserName }) => onUserOrCaller(context, 'ResetServiceSpecificCredential', UserName),
  handler: async (_context, { ServiceSpecificCredentialId: id }, user) => {
    const password = newServicePassword()
    const updated = await db().serviceSpecificCredential.updateMany({
      where: { id, userId: user.id },
      data: { passwordHash: generatedPasswordHash(id, password) },
    })
    forgetCredentials()
    const credential = updated.count === 1 ? await db().serviceSpecificCredential.findUnique({ where: { id } }) : null
    if (!credential) throw noSuchCredential(id)
    return { ServiceSpecificCredential: { ...describe(credential, user.name), ServicePassword: password } }
  },
  requestParameters: (input) => recordedMembers(input, 'UserName', 'ServiceSpecificCredentialId'),
  recorded: ({ ServiceSpecificCredential: made }) => ({ responseElements: recordedCredential(made) }),
})

export const DeleteServiceSpecificCredential = defineIam({
  name: 'DeleteServiceSpecificCredential',
  readOnly: false,
  input: z.object({ UserName: existingUserName.optional(), ServiceSpecificCredentialId }),
  resolve: (context, { UserName }) => onUserOrCaller(context, 'DeleteServiceSpecificCredential', UserName),
  handler: async (_context, { ServiceSpecificCredentialId: id }, user) => {
    const deleted = await db().serviceSpecificCredential.deleteMany({ where: { id, userId: user.id } })
    forgetCredentials()
    if (deleted.count === 0) throw noSuchCredential(id)
  },
  requestParameters: (input) => recordedMembers(input, 'UserName', 'ServiceSpecificCredentialId'),
})

const services: ReadonlySet<string> = new Set(['codecommit.amazonaws.com'])

type Described = ReturnType<typeof describe>

function describe(credential: ServiceSpecificCredential, userName: string) {
  return {
    CreateDate: credential.createDate,
    ServiceName: credential.serviceName,
    ServiceUserName: credential.serviceUserName,
    ServiceSpecificCredentialId: credential.id,
    UserName: userName,
    Status: credential.status,
  }
}

/** Member by member: the answer holds the password. */
function recordedCredential(made: Described): unknown {
  const { CreateDate, ServiceName: serviceName, ServiceUserName, ServiceSpecificCredentialId: id, UserName, Status } = made
  return recordedElements({
    ServiceSpecificCredential: { CreateDate, ServiceName: serviceName, ServiceUserName, ServiceSpecificCredentialId: id, UserName, Status },
  })
}

/** `alice-at-111122223333`, then `alice+1-at-111122223333`. */
function freeName(userName: string, taken: ReadonlySet<string>): string {
  for (let number = 0; ; number++) {
    const name = `${userName}${number === 0 ? '' : `+${number}`}-at-${accountId()}`
    if (!taken.has(name)) return name
  }
}

function noSuchCredential(id: string) {
  return noSuchEntity(`No such credential ${id} exists`)
}

function unsupportedService(name: string) {
  return noSuchEntity(`No such service ${name} is supported for Service Specific Credentials`)
}

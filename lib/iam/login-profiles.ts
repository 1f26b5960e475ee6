import { z } from 'zod'
import { accountId } from '#lib/account'
import { hashPassword, verifyPassword } from '#lib/crypto/password'
import { db, isUniqueViolation, transaction } from '#lib/db'
import { defineIam } from '#lib/iam/define-iam'
import { entityAlreadyExists, noSuchEntity } from '#lib/iam/exceptions'
import { boolean, existingUserName } from '#lib/iam/members'
import { checkPassword } from '#lib/iam/password-policy'
import { recordedElements, recordedMembers } from '#lib/iam/recorded-members'
import { beginAttempt, succeedAttempt } from '#lib/iam/sign-in-limits'
import { onUser, onUserOrCaller, whileThere } from '#lib/iam/subjects'
import type { RequestContext } from '#lib/operation/context'
import { ServiceException } from '#lib/operation/exception'

const Password = z.string().min(1).max(128)

export const CreateLoginProfile = defineIam({
  name: 'CreateLoginProfile',
  readOnly: false,
  input: z.object({ UserName: existingUserName.optional(), Password, PasswordResetRequired: boolean.default(false) }),
  resolve: (context, { UserName }) => onUserOrCaller(context, 'CreateLoginProfile', UserName),
  handler: async (context, input, user) => {
    checkPassword(input.Password, accountId())
    const data = {
      userId: user.id,
      passwordHash: await hashPassword(input.Password),
      passwordResetRequired: input.PasswordResetRequired,
      createDate: context.time,
    }
    try {
      await whileThere(db().loginProfile.create({ data }), user.name)
    } catch (error) {
      if (isUniqueViolation(error)) throw entityAlreadyExists(`Login Profile for user ${user.name} already exists.`)
      throw error
    }
    return { LoginProfile: describe(user.name, data) }
  },
  requestParameters: (input) => recordedMembers(input, 'UserName', 'PasswordResetRequired'),
  recorded: (output) => ({ responseElements: recordedElements(output) }),
})

export const GetLoginProfile = defineIam({
  name: 'GetLoginProfile',
  readOnly: true,
  input: z.object({ UserName: existingUserName.optional() }),
  resolve: (context, { UserName }) => onUserOrCaller(context, 'GetLoginProfile', UserName),
  handler: async (_context, _input, user) => {
    const profile = await db().loginProfile.findUnique({ where: { userId: user.id } })
    if (!profile) throw noLoginProfile(user.name)
    return { LoginProfile: describe(user.name, profile) }
  },
  requestParameters: (input) => recordedMembers(input, 'UserName'),
})

/** Another password ends every session of the user, and so does being told to change it. */
export const UpdateLoginProfile = defineIam({
  name: 'UpdateLoginProfile',
  readOnly: false,
  input: z.object({ UserName: existingUserName, Password: Password.optional(), PasswordResetRequired: boolean.optional() }),
  resolve: (context, { UserName }) => onUser(context, 'UpdateLoginProfile', UserName),
  handler: async (_context, input, user) => {
    if (input.Password !== undefined) checkPassword(input.Password, accountId())
    const passwordHash = input.Password === undefined ? undefined : await hashPassword(input.Password)
    await transaction(async (tx) => {
      const updated = await tx.loginProfile.updateMany({
        where: { userId: user.id },
        data: {
          ...(passwordHash !== undefined && { passwordHash }),
          ...(input.PasswordResetRequired !== undefined && { passwordResetRequired: input.PasswordResetRequired }),
        },
      })
      if (updated.count === 0) throw noLoginProfile(user.name)
      await tx.consoleSession.deleteMany({ where: { userId: user.id } })
    })
  },
  requestParameters: (input) => recordedMembers(input, 'UserName', 'PasswordResetRequired'),
})

export const DeleteLoginProfile = defineIam({
  name: 'DeleteLoginProfile',
  readOnly: false,
  input: z.object({ UserName: existingUserName.optional() }),
  resolve: (context, { UserName }) => onUserOrCaller(context, 'DeleteLoginProfile', UserName),
  handler: async (_context, _input, user) => {
    await transaction(async (tx) => {
      const deleted = await tx.loginProfile.deleteMany({ where: { userId: user.id } })
      if (deleted.count === 0) throw noLoginProfile(user.name)
      await tx.consoleSession.deleteMany({ where: { userId: user.id } })
    })
  },
  requestParameters: (input) => recordedMembers(input, 'UserName'),
})

/** A user's own password, proved by the old one; it ends every session of the user, this one too. */
export const ChangePassword = defineIam({
  name: 'ChangePassword',
  readOnly: false,
  input: z.object({ OldPassword: Password, NewPassword: Password }),
  resolve: (context) => {
    if (context.principal.type !== 'IAMUser') {
      throw new ServiceException('InvalidUserType', 'Only IAM Users can change their own password')
    }
    return onUserOrCaller(context, 'ChangePassword', undefined)
  },
  handler: async (context, { OldPassword, NewPassword }, user) => {
    const profile = await db().loginProfile.findUnique({ where: { userId: user.id } })
    if (!profile) throw noLoginProfile(user.name)
    await proveOldPassword(context, user, OldPassword, profile.passwordHash)
    checkPassword(NewPassword, accountId())
    const passwordHash = await hashPassword(NewPassword)
    await transaction(async (tx) => {
      // Compare and set: a password that was changed meanwhile is not the one that was proved.
      const changed = await tx.loginProfile.updateMany({
        where: { userId: user.id, passwordHash: profile.passwordHash },
        data: { passwordHash, passwordResetRequired: false },
      })
      if (changed.count === 0) throw wrongOldPassword()
      await tx.consoleSession.deleteMany({ where: { userId: user.id } })
    })
  },
  requestParameters: () => null,
})

/** Limited as signing in is: a session left open must not be a way to try passwords. */
async function proveOldPassword(context: RequestContext, user: { name: string }, password: string, hash: string): Promise<void> {
  const attempt = { user: `${context.accountId}/user/${user.name.toLowerCase()}`, address: context.sourceIPAddress }
  const seconds = beginAttempt(attempt, context.time)
  if (seconds > 0) throw new ServiceException('Throttling', `Rate exceeded: try again in ${seconds} seconds.`)
  if (!(await verifyPassword(password, hash))) throw wrongOldPassword()
  succeedAttempt(attempt)
}

function describe(userName: string, profile: { createDate: Date; passwordResetRequired: boolean }) {
  return { UserName: userName, CreateDate: profile.createDate, PasswordResetRequired: profile.passwordResetRequired }
}

function noLoginProfile(userName: string) {
  return noSuchEntity(`Login Profile for User ${userName} cannot be found.`)
}

function wrongOldPassword() {
  return new ServiceException('AccessDenied', 'The old password was incorrect.', { httpStatus: 403 })
}

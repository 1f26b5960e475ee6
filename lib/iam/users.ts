import { z } from 'zod'
import type { IamUserTag } from '#prisma/sqlite/generated/client.ts'
import { db, isUniqueViolation, transaction } from '#lib/db'
import { forgetCredentials } from '#lib/iam/credentials'
import { defineIam } from '#lib/iam/define-iam'
import { entityAlreadyExists, invalidInput, mustRemoveReferences, quotaExceeded } from '#lib/iam/exceptions'
import { uniqueId } from '#lib/iam/ids'
import { forgetIdentityPolicies } from '#lib/iam/identity-policies'
import { existingUserName, paging, path, pathPrefix, tags, userName } from '#lib/iam/members'
import { listPage } from '#lib/iam/pages'
import { recordedElements, recordedMembers } from '#lib/iam/recorded-members'
import {
  onEverything, onUser, onUserOrCaller, requestTagConditions, userArn, whileThere, type User,
} from '#lib/iam/subjects'
import { checkTags, tagList } from '#lib/iam/user-tags'

/** Users of an account (F.1). */
export const userQuota = 5000

export const CreateUser = defineIam({
  name: 'CreateUser',
  readOnly: false,
  input: z.object({
    UserName: userName,
    Path: path.default('/'),
    Tags: tags.default([]),
    PermissionsBoundary: z.string().optional(),
  }),
  resolve: (context, { UserName, Path, Tags }) => {
    const arn = userArn(context.accountId, Path, UserName)
    return {
      access: [{ action: 'iam:CreateUser', resource: arn, conditions: requestTagConditions(Tags) }],
      subject: arn,
      resources: [{ type: 'AWS::IAM::User', arn }],
    }
  },
  handler: async (context, { UserName, Path, Tags, PermissionsBoundary }, arn) => {
    // A boundary that is accepted and not enforced would be a permission that nobody gave.
    if (PermissionsBoundary !== undefined) throw invalidInput('Permissions boundaries are not supported.')
    checkTags(Tags)
    const id = uniqueId('AIDA')
    try {
      const user = await transaction(async (tx) => {
        if ((await tx.iamUser.count()) >= userQuota) throw quotaExceeded('UsersPerAccount', userQuota)
        return tx.iamUser.create({
          data: {
            id, name: UserName, nameLower: UserName.toLowerCase(), path: Path, arn, createDate: context.time,
            tags: { create: Tags.map(({ Key, Value }) => ({ tagKey: Key, tagValue: Value })) },
          },
          include: { tags: true },
        })
      })
      return { User: describeUser(user, user.tags) }
    } catch (error) {
      if (isUniqueViolation(error)) throw entityAlreadyExists(`User with name ${UserName} already exists.`)
      throw error
    }
  },
  requestParameters: (input) => recordedMembers(input, 'UserName', 'Path', 'Tags'),
  recorded: (output) => ({ responseElements: recordedElements(output) }),
})

export const GetUser = defineIam({
  name: 'GetUser',
  readOnly: true,
  input: z.object({ UserName: existingUserName.optional() }),
  resolve: async (context, { UserName }) => {
    const { principal } = context
    if (UserName === undefined && principal.type === 'Root') {
      return { access: [{ action: 'iam:GetUser', resource: principal.arn }], subject: null }
    }
    return onUserOrCaller(context, 'GetUser', UserName)
  },
  handler: async (context, _input, user: User | null) =>
    user ? { User: describeUser(user, user.tags) } : { User: await describeRoot(context.accountId) },
  requestParameters: (input) => recordedMembers(input, 'UserName'),
})

export const ListUsers = defineIam({
  name: 'ListUsers',
  readOnly: true,
  input: z.object({ PathPrefix: pathPrefix.default('/'), ...paging }),
  resolve: () => onEverything('ListUsers'),
  handler: async (_context, input) => {
    const page = await listPage(
      'ListUsers',
      input,
      (after, take) =>
        db().iamUser.findMany({
          ...(after !== undefined && { where: { nameLower: { gt: after } } }),
          orderBy: { nameLower: 'asc' },
          take,
        }),
      (user) => user.nameLower,
      (user) => user.path.startsWith(input.PathPrefix),
    )
    return { Users: page.items.map((user) => describeUser(user)), ...page.end }
  },
  requestParameters: (input) => recordedMembers(input, 'PathPrefix', 'MaxItems', 'Marker'),
})

export const UpdateUser = defineIam({
  name: 'UpdateUser',
  readOnly: false,
  input: z.object({ UserName: existingUserName, NewUserName: userName.optional(), NewPath: path.optional() }),
  resolve: async (context, { UserName, NewUserName, NewPath }) => {
    const resolved = await onUser(context, 'UpdateUser', UserName)
    if (resolved.absent) return { ...resolved, subject: { user: resolved.subject, arn: '' } }
    const user = resolved.subject
    const arn = userArn(context.accountId, NewPath ?? user.path, NewUserName ?? user.name)
    // Who renames needs the permission for both names: a policy on one path must not reach into another.
    const access = arn === user.arn ? resolved.access : [...resolved.access, { action: 'iam:UpdateUser', resource: arn }]
    return { ...resolved, access, subject: { user, arn } }
  },
  handler: async (_context, { NewUserName, NewPath }, { user, arn }) => {
    const name = NewUserName ?? user.name
    try {
      await whileThere(
        transaction(async (tx) => {
          await tx.iamUser.update({
            where: { id: user.id },
            data: { name, nameLower: name.toLowerCase(), path: NewPath ?? user.path, arn },
          })
          await tx.consolePreference.deleteMany({ where: { principalArn: arn, NOT: { principalArn: user.arn } } })
          await tx.consolePreference.updateMany({ where: { principalArn: user.arn }, data: { principalArn: arn } })
        }),
        user.name,
      )
    } catch (error) {
      if (isUniqueViolation(error)) throw entityAlreadyExists(`User with name ${name} already exists.`)
      throw error
    } finally {
      forgetUser(user.id)
    }
  },
  requestParameters: (input) => recordedMembers(input, 'UserName', 'NewUserName', 'NewPath'),
})

export const DeleteUser = defineIam({
  name: 'DeleteUser',
  readOnly: false,
  input: z.object({ UserName: existingUserName }),
  resolve: (context, { UserName }) => onUser(context, 'DeleteUser', UserName),
  handler: async (_context, _input, user) => {
    await whileThere(
      transaction(async (tx) => {
        const held = await tx.iamUser.findUnique({
          where: { id: user.id },
          select: {
            loginProfile: { select: { userId: true } },
            _count: {
              select: {
                accessKeys: true, credentials: true, sshPublicKeys: true, inlinePolicies: true, attachments: true,
                memberships: true, mfaDevices: true,
              },
            },
          },
        })
        if (held?.loginProfile || Object.values(held?._count ?? {}).some((count) => count > 0)) throw mustRemoveReferences()
        await tx.consoleSession.deleteMany({ where: { userId: user.id } })
        await tx.consolePreference.deleteMany({ where: { principalArn: user.arn } })
        await tx.iamUser.delete({ where: { id: user.id } })
      }),
      user.name,
    )
    forgetUser(user.id)
  },
  requestParameters: (input) => recordedMembers(input, 'UserName'),
})

/** Drops what memory knows of a user: after any change to who the user is. */
function forgetUser(userId: string): void {
  forgetIdentityPolicies(userId)
  forgetCredentials()
}

/** The `User` structure of the API. */
export function describeUser(
  user: { path: string; name: string; id: string; arn: string; createDate: Date; passwordLastUsed: Date | null },
  userTags: readonly IamUserTag[] = [],
) {
  return {
    Path: user.path,
    UserName: user.name,
    UserId: user.id,
    Arn: user.arn,
    CreateDate: user.createDate,
    PasswordLastUsed: user.passwordLastUsed ?? undefined,
    Tags: userTags.length > 0 ? tagList(userTags) : undefined,
  }
}

/** What GetUser answers the root user about itself: no name, and the account as its ID. */
async function describeRoot(accountId: string) {
  const account = await db().account.findUniqueOrThrow({ where: { id: accountId } })
  return {
    Path: undefined,
    UserName: undefined,
    UserId: accountId,
    Arn: `arn:aws:iam::${accountId}:root`,
    CreateDate: account.createdAt,
    PasswordLastUsed: undefined,
    Tags: undefined,
  }
}

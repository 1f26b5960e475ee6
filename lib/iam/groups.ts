import { z } from 'zod'
import type { IamGroup } from '#prisma/sqlite/generated/client.ts'
import { db, isUniqueViolation, transaction } from '#lib/db'
import { defineIam } from '#lib/iam/define-iam'
import { deleteConflict, entityAlreadyExists, noSuchUser, quotaExceeded } from '#lib/iam/exceptions'
import { forgetIdentityPolicies } from '#lib/iam/identity-policies'
import { uniqueId } from '#lib/iam/ids'
import { existingUserName, groupName, paging, path, pathPrefix } from '#lib/iam/members'
import { listPage } from '#lib/iam/pages'
import { recordedElements, recordedMembers } from '#lib/iam/recorded-members'
import { findUser, groupArn, onEverything, onGroup, onUser, whileThere } from '#lib/iam/subjects'
import { describeUser } from '#lib/iam/users'

/** Groups of an account, and groups that one user is in (F.1). */
export const groupQuota = 300
export const groupsPerUserQuota = 10

export const CreateGroup = defineIam({
  name: 'CreateGroup',
  readOnly: false,
  input: z.object({ GroupName: groupName, Path: path.default('/') }),
  resolve: (context, { GroupName, Path }) => {
    const arn = groupArn(context.accountId, Path, GroupName)
    return { access: [{ action: 'iam:CreateGroup', resource: arn }], subject: arn, resources: [{ type: 'AWS::IAM::Group', arn }] }
  },
  handler: async (context, { GroupName, Path }, arn) => {
    try {
      const group = await transaction(async (tx) => {
        if ((await tx.iamGroup.count()) >= groupQuota) throw quotaExceeded('GroupsPerAccount', groupQuota)
        return tx.iamGroup.create({
          data: { id: uniqueId('AGPA'), name: GroupName, nameLower: GroupName.toLowerCase(), path: Path, arn, createDate: context.time },
        })
      })
      return { Group: describeGroup(group) }
    } catch (error) {
      if (isUniqueViolation(error)) throw entityAlreadyExists(`Group with name ${GroupName} already exists.`)
      throw error
    }
  },
  requestParameters: (input) => recordedMembers(input, 'GroupName', 'Path'),
  recorded: (output) => ({ responseElements: recordedElements(output) }),
})

/** A group and the users in it. */
export const GetGroup = defineIam({
  name: 'GetGroup',
  readOnly: true,
  input: z.object({ GroupName: groupName, ...paging }),
  resolve: (context, { GroupName }) => onGroup(context, 'GetGroup', GroupName),
  handler: async (_context, input, group) => {
    const page = await listPage(
      `GetGroup ${group.id}`,
      input,
      (after, take) =>
        db().iamUser.findMany({
          where: { memberships: { some: { groupId: group.id } }, ...(after !== undefined && { nameLower: { gt: after } }) },
          orderBy: { nameLower: 'asc' },
          take,
        }),
      (user) => user.nameLower,
    )
    return { Group: describeGroup(group), Users: page.items.map((user) => describeUser(user)), ...page.end }
  },
  requestParameters: (input) => recordedMembers(input, 'GroupName', 'MaxItems', 'Marker'),
})

export const ListGroups = defineIam({
  name: 'ListGroups',
  readOnly: true,
  input: z.object({ PathPrefix: pathPrefix.default('/'), ...paging }),
  resolve: () => onEverything('ListGroups'),
  handler: async (_context, input) => {
    const page = await listPage(
      'ListGroups',
      input,
      (after, take) =>
        db().iamGroup.findMany({
          ...(after !== undefined && { where: { nameLower: { gt: after } } }),
          orderBy: { nameLower: 'asc' },
          take,
        }),
      (group) => group.nameLower,
      (group) => group.path.startsWith(input.PathPrefix),
    )
    return { Groups: page.items.map(describeGroup), ...page.end }
  },
  requestParameters: (input) => recordedMembers(input, 'PathPrefix', 'MaxItems', 'Marker'),
})

export const UpdateGroup = defineIam({
  name: 'UpdateGroup',
  readOnly: false,
  input: z.object({ GroupName: groupName, NewGroupName: groupName.optional(), NewPath: path.optional() }),
  resolve: async (context, { GroupName, NewGroupName, NewPath }) => {
    const resolved = await onGroup(context, 'UpdateGroup', GroupName)
    if (resolved.absent) return { ...resolved, subject: { group: resolved.subject, arn: '' } }
    const group = resolved.subject
    const arn = groupArn(context.accountId, NewPath ?? group.path, NewGroupName ?? group.name)
    // Who renames needs the permission for both names.
    const access = arn === group.arn ? resolved.access : [...resolved.access, { action: 'iam:UpdateGroup', resource: arn }]
    return { ...resolved, access, subject: { group, arn } }
  },
  handler: async (_context, { NewGroupName, NewPath }, { group, arn }) => {
    const name = NewGroupName ?? group.name
    try {
      const data = { name, nameLower: name.toLowerCase(), path: NewPath ?? group.path, arn }
      await whileThere(db().iamGroup.update({ where: { id: group.id }, data }), group.name)
    } catch (error) {
      if (isUniqueViolation(error)) throw entityAlreadyExists(`Group with name ${name} already exists.`)
      throw error
    }
    // Refusals name the group that a policy comes from.
    forgetIdentityPolicies()
  },
  requestParameters: (input) => recordedMembers(input, 'GroupName', 'NewGroupName', 'NewPath'),
})

export const DeleteGroup = defineIam({
  name: 'DeleteGroup',
  readOnly: false,
  input: z.object({ GroupName: groupName }),
  resolve: (context, { GroupName }) => onGroup(context, 'DeleteGroup', GroupName),
  handler: async (_context, _input, group) => {
    await whileThere(
      transaction(async (tx) => {
        const held = await tx.iamGroup.findUnique({
          where: { id: group.id },
          select: { _count: { select: { memberships: true, inlinePolicies: true, attachments: true } } },
        })
        const { memberships = 0, inlinePolicies = 0, attachments = 0 } = held?._count ?? {}
        if (memberships > 0) throw deleteConflict('Cannot delete entity, must remove users from group first.')
        if (inlinePolicies > 0) throw deleteConflict('Cannot delete entity, must delete policies first.')
        if (attachments > 0) throw deleteConflict('Cannot delete entity, must detach all policies first.')
        await tx.iamGroup.delete({ where: { id: group.id } })
      }),
      group.name,
    )
    forgetIdentityPolicies()
  },
  requestParameters: (input) => recordedMembers(input, 'GroupName'),
})

/** Adding a user who is in the group already changes nothing and is no error, as in AWS. */
export const AddUserToGroup = defineIam({
  name: 'AddUserToGroup',
  readOnly: false,
  input: z.object({ GroupName: groupName, UserName: existingUserName }),
  resolve: (context, { GroupName }) => onGroup(context, 'AddUserToGroup', GroupName),
  handler: async (_context, { UserName }, group) => {
    const user = await findUser(UserName)
    if (!user) throw noSuchUser(UserName)
    const membership = { groupId: group.id, userId: user.id }
    await whileThere(
      transaction(async (tx) => {
        const held = await tx.groupMembership.findMany({ where: { userId: user.id }, select: { groupId: true } })
        if (held.some(({ groupId }) => groupId === group.id)) return
        if (held.length >= groupsPerUserQuota) throw quotaExceeded('GroupsPerUser', groupsPerUserQuota)
        await tx.groupMembership.create({ data: membership })
      }),
      user.name,
    )
    forgetIdentityPolicies(user.id)
  },
  requestParameters: (input) => recordedMembers(input, 'GroupName', 'UserName'),
})

export const RemoveUserFromGroup = defineIam({
  name: 'RemoveUserFromGroup',
  readOnly: false,
  input: z.object({ GroupName: groupName, UserName: existingUserName }),
  resolve: (context, { GroupName }) => onGroup(context, 'RemoveUserFromGroup', GroupName),
  handler: async (_context, { UserName }, group) => {
    const user = await findUser(UserName)
    if (!user) throw noSuchUser(UserName)
    const removed = await db().groupMembership.deleteMany({ where: { groupId: group.id, userId: user.id } })
    forgetIdentityPolicies(user.id)
    if (removed.count === 0) throw noSuchUser(UserName)
  },
  requestParameters: (input) => recordedMembers(input, 'GroupName', 'UserName'),
})

export const ListGroupsForUser = defineIam({
  name: 'ListGroupsForUser',
  readOnly: true,
  input: z.object({ UserName: existingUserName, ...paging }),
  resolve: (context, { UserName }) => onUser(context, 'ListGroupsForUser', UserName),
  handler: async (_context, input, user) => {
    const page = await listPage(
      `ListGroupsForUser ${user.id}`,
      input,
      (after, take) =>
        db().iamGroup.findMany({
          where: { memberships: { some: { userId: user.id } }, ...(after !== undefined && { nameLower: { gt: after } }) },
          orderBy: { nameLower: 'asc' },
          take,
        }),
      (group) => group.nameLower,
    )
    return { Groups: page.items.map(describeGroup), ...page.end }
  },
  requestParameters: (input) => recordedMembers(input, 'UserName', 'MaxItems', 'Marker'),
})

function describeGroup(group: IamGroup) {
  return { Path: group.path, GroupName: group.name, GroupId: group.id, Arn: group.arn, CreateDate: group.createDate }
}

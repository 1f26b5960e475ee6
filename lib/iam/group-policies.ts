import { z } from 'zod'
import { attachPolicy, detachPolicy, listAttachedPolicies } from '#lib/iam/attached-policies'
import { defineIam } from '#lib/iam/define-iam'
import { encodedDocument } from '#lib/iam/encoded-document'
import { deleteInlinePolicy, getInlinePolicy, listInlinePolicies, putInlinePolicy, type Holder } from '#lib/iam/inline-policies'
import { groupName, paging, pathPrefix, policyArn, policyDocument, policyName } from '#lib/iam/members'
import { recordedMembers } from '#lib/iam/recorded-members'
import { onGroup } from '#lib/iam/subjects'

// The policies of groups: inline ones, which are the group's alone, and managed ones, which are attached.

export const PutGroupPolicy = defineIam({
  name: 'PutGroupPolicy',
  readOnly: false,
  input: z.object({ GroupName: groupName, PolicyName: policyName, PolicyDocument: policyDocument }),
  resolve: (context, { GroupName }) => onGroup(context, 'PutGroupPolicy', GroupName),
  handler: async (_context, { PolicyName, PolicyDocument }, group) => putInlinePolicy(holder(group), PolicyName, PolicyDocument),
  requestParameters: (input) => recordedMembers(input, 'GroupName', 'PolicyName', 'PolicyDocument'),
})

export const GetGroupPolicy = defineIam({
  name: 'GetGroupPolicy',
  readOnly: true,
  input: z.object({ GroupName: groupName, PolicyName: policyName }),
  resolve: (context, { GroupName }) => onGroup(context, 'GetGroupPolicy', GroupName),
  handler: async (_context, { PolicyName }, group) => {
    const document = await getInlinePolicy(holder(group), PolicyName)
    return { GroupName: group.name, PolicyName, PolicyDocument: encodedDocument(document) }
  },
  requestParameters: (input) => recordedMembers(input, 'GroupName', 'PolicyName'),
})

export const ListGroupPolicies = defineIam({
  name: 'ListGroupPolicies',
  readOnly: true,
  input: z.object({ GroupName: groupName, ...paging }),
  resolve: (context, { GroupName }) => onGroup(context, 'ListGroupPolicies', GroupName),
  handler: async (_context, input, group) => listInlinePolicies(holder(group), input),
  requestParameters: (input) => recordedMembers(input, 'GroupName', 'MaxItems', 'Marker'),
})

export const DeleteGroupPolicy = defineIam({
  name: 'DeleteGroupPolicy',
  readOnly: false,
  input: z.object({ GroupName: groupName, PolicyName: policyName }),
  resolve: (context, { GroupName }) => onGroup(context, 'DeleteGroupPolicy', GroupName),
  handler: async (_context, { PolicyName }, group) => deleteInlinePolicy(holder(group), PolicyName),
  requestParameters: (input) => recordedMembers(input, 'GroupName', 'PolicyName'),
})

export const AttachGroupPolicy = defineIam({
  name: 'AttachGroupPolicy',
  readOnly: false,
  input: z.object({ GroupName: groupName, PolicyArn: policyArn }),
  resolve: (context, { GroupName, PolicyArn }) => onGroup(context, 'AttachGroupPolicy', GroupName, { 'iam:PolicyARN': PolicyArn }),
  handler: async (context, { PolicyArn }, group) => attachPolicy(holder(group), PolicyArn, context.time),
  requestParameters: (input) => recordedMembers(input, 'GroupName', 'PolicyArn'),
})

export const DetachGroupPolicy = defineIam({
  name: 'DetachGroupPolicy',
  readOnly: false,
  input: z.object({ GroupName: groupName, PolicyArn: policyArn }),
  resolve: (context, { GroupName, PolicyArn }) => onGroup(context, 'DetachGroupPolicy', GroupName, { 'iam:PolicyARN': PolicyArn }),
  handler: async (_context, { PolicyArn }, group) => detachPolicy(holder(group), PolicyArn),
  requestParameters: (input) => recordedMembers(input, 'GroupName', 'PolicyArn'),
})

export const ListAttachedGroupPolicies = defineIam({
  name: 'ListAttachedGroupPolicies',
  readOnly: true,
  input: z.object({ GroupName: groupName, PathPrefix: pathPrefix.default('/'), ...paging }),
  resolve: (context, { GroupName }) => onGroup(context, 'ListAttachedGroupPolicies', GroupName),
  handler: async (_context, input, group) => listAttachedPolicies(holder(group), input),
  requestParameters: (input) => recordedMembers(input, 'GroupName', 'PathPrefix', 'MaxItems', 'Marker'),
})

function holder({ id, name }: { id: string; name: string }): Holder {
  return { kind: 'group', id, name }
}

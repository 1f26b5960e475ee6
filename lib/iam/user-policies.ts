import { z } from 'zod'
import { attachPolicy, detachPolicy, listAttachedPolicies } from '#lib/iam/attached-policies'
import { defineIam } from '#lib/iam/define-iam'
import { encodedDocument } from '#lib/iam/encoded-document'
import { deleteInlinePolicy, getInlinePolicy, listInlinePolicies, putInlinePolicy, type Holder } from '#lib/iam/inline-policies'
import { existingUserName, paging, pathPrefix, policyArn, policyDocument, policyName } from '#lib/iam/members'
import { recordedMembers } from '#lib/iam/recorded-members'
import { onUser } from '#lib/iam/subjects'

// The policies of users: inline ones, which are the user's alone, and managed ones, which are attached.

export const PutUserPolicy = defineIam({
  name: 'PutUserPolicy',
  readOnly: false,
  input: z.object({ UserName: existingUserName, PolicyName: policyName, PolicyDocument: policyDocument }),
  resolve: (context, { UserName }) => onUser(context, 'PutUserPolicy', UserName),
  handler: async (_context, { PolicyName, PolicyDocument }, user) => putInlinePolicy(holder(user), PolicyName, PolicyDocument),
  requestParameters: (input) => recordedMembers(input, 'UserName', 'PolicyName', 'PolicyDocument'),
})

export const GetUserPolicy = defineIam({
  name: 'GetUserPolicy',
  readOnly: true,
  input: z.object({ UserName: existingUserName, PolicyName: policyName }),
  resolve: (context, { UserName }) => onUser(context, 'GetUserPolicy', UserName),
  handler: async (_context, { PolicyName }, user) => {
    const document = await getInlinePolicy(holder(user), PolicyName)
    return { UserName: user.name, PolicyName, PolicyDocument: encodedDocument(document) }
  },
  requestParameters: (input) => recordedMembers(input, 'UserName', 'PolicyName'),
})

export const ListUserPolicies = defineIam({
  name: 'ListUserPolicies',
  readOnly: true,
  input: z.object({ UserName: existingUserName, ...paging }),
  resolve: (context, { UserName }) => onUser(context, 'ListUserPolicies', UserName),
  handler: async (_context, input, user) => listInlinePolicies(holder(user), input),
  requestParameters: (input) => recordedMembers(input, 'UserName', 'MaxItems', 'Marker'),
})

export const DeleteUserPolicy = defineIam({
  name: 'DeleteUserPolicy',
  readOnly: false,
  input: z.object({ UserName: existingUserName, PolicyName: policyName }),
  resolve: (context, { UserName }) => onUser(context, 'DeleteUserPolicy', UserName),
  handler: async (_context, { PolicyName }, user) => deleteInlinePolicy(holder(user), PolicyName),
  requestParameters: (input) => recordedMembers(input, 'UserName', 'PolicyName'),
})

export const AttachUserPolicy = defineIam({
  name: 'AttachUserPolicy',
  readOnly: false,
  input: z.object({ UserName: existingUserName, PolicyArn: policyArn }),
  resolve: (context, { UserName, PolicyArn }) => onUser(context, 'AttachUserPolicy', UserName, { 'iam:PolicyARN': PolicyArn }),
  handler: async (context, { PolicyArn }, user) => attachPolicy(holder(user), PolicyArn, context.time),
  requestParameters: (input) => recordedMembers(input, 'UserName', 'PolicyArn'),
})

export const DetachUserPolicy = defineIam({
  name: 'DetachUserPolicy',
  readOnly: false,
  input: z.object({ UserName: existingUserName, PolicyArn: policyArn }),
  resolve: (context, { UserName, PolicyArn }) => onUser(context, 'DetachUserPolicy', UserName, { 'iam:PolicyARN': PolicyArn }),
  handler: async (_context, { PolicyArn }, user) => detachPolicy(holder(user), PolicyArn),
  requestParameters: (input) => recordedMembers(input, 'UserName', 'PolicyArn'),
})

export const ListAttachedUserPolicies = defineIam({
  name: 'ListAttachedUserPolicies',
  readOnly: true,
  input: z.object({ UserName: existingUserName, PathPrefix: pathPrefix.default('/'), ...paging }),
  resolve: (context, { UserName }) => onUser(context, 'ListAttachedUserPolicies', UserName),
  handler: async (_context, input, user) => listAttachedPolicies(holder(user), input),
  requestParameters: (input) => recordedMembers(input, 'UserName', 'PathPrefix', 'MaxItems', 'Marker'),
})

function holder({ id, name }: { id: string; name: string }): Holder {
  return { kind: 'user', id, name }
}

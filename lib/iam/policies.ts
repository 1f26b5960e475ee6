import { z } from 'zod'
import { db, isUniqueViolation, transaction } from '#lib/db'
import { defineIam } from '#lib/iam/define-iam'
import { deleteConflict, entityAlreadyExists, invalidInput, quotaExceeded } from '#lib/iam/exceptions'
import { forgetIdentityPolicies } from '#lib/iam/identity-policies'
import { uniqueId } from '#lib/iam/ids'
import {
  attachmentCounts, awsManagedByArn, customerManaged, describePolicy, onOwnPolicy, onPolicy,
} from '#lib/iam/managed-policy'
import { boolean, paging, path, pathPrefix, policyArn, policyDocument, policyName, tags } from '#lib/iam/members'
import { listPage, slicePage } from '#lib/iam/pages'
import { parsePolicyDocument, policySize } from '#lib/iam/policy/document'
import { recordedElements, recordedMembers } from '#lib/iam/recorded-members'
import { onEverything, whileThere } from '#lib/iam/subjects'

/** Customer-managed policies of an account, and characters of one without white space (F.1). */
export const policyQuota = 1500
export const policySizeQuota = 6144

export const CreatePolicy = defineIam({
  name: 'CreatePolicy',
  readOnly: false,
  input: z.object({
    PolicyName: policyName,
    Path: path.default('/'),
    PolicyDocument: policyDocument,
    Description: z.string().max(1000).default(''),
    Tags: tags.default([]),
  }),
  resolve: (context, { PolicyName, Path }) => {
    const arn = `arn:aws:iam::${context.accountId}:policy${Path}${PolicyName}`
    return { access: [{ action: 'iam:CreatePolicy', resource: arn }], subject: arn, resources: [{ type: 'AWS::IAM::Policy', arn }] }
  },
  handler: async (context, input, arn) => {
    if (input.Tags.length > 0) throw invalidInput('Tags on policies are not supported.')
    checkDocument(input.PolicyDocument)
    const { PolicyName: name, Path, Description: description, PolicyDocument: document } = input
    try {
      const policy = await transaction(async (tx) => {
        if ((await tx.managedPolicy.count()) >= policyQuota) throw quotaExceeded('PoliciesPerAccount', policyQuota)
        return tx.managedPolicy.create({
          data: {
            id: uniqueId('ANPA'), arn, name, nameLower: name.toLowerCase(), path: Path, description,
            createDate: context.time, updateDate: context.time,
            versions: { create: { versionId: 'v1', document, createDate: context.time } },
          },
        })
      })
      return { Policy: describePolicy(customerManaged(policy), 0, { description: true }) }
    } catch (error) {
      if (isUniqueViolation(error)) throw entityAlreadyExists(`A policy called ${name} already exists. Duplicate names are not allowed.`)
      throw error
    }
  },
  requestParameters: (input) => recordedMembers(input, 'PolicyName', 'Path', 'Description', 'PolicyDocument'),
  recorded: (output) => ({ responseElements: recordedElements(output) }),
})

export const GetPolicy = defineIam({
  name: 'GetPolicy',
  readOnly: true,
  input: z.object({ PolicyArn: policyArn }),
  resolve: (_context, { PolicyArn }) => onPolicy('GetPolicy', PolicyArn),
  handler: async (_context, { PolicyArn }, policy) => {
    const counts = await attachmentCounts([PolicyArn])
    return { Policy: describePolicy(policy, counts.get(PolicyArn) ?? 0, { description: true }) }
  },
  requestParameters: (input) => recordedMembers(input, 'PolicyArn'),
})

/** The account's policies, then AWS's, each in the order of their ARNs. */
export const ListPolicies = defineIam({
  name: 'ListPolicies',
  readOnly: true,
  input: z.object({
    Scope: z.enum(['All', 'AWS', 'Local']).default('All'),
    OnlyAttached: boolean.default(false),
    PathPrefix: pathPrefix.default('/'),
    PolicyUsageFilter: z.enum(['PermissionsPolicy', 'PermissionsBoundary']).optional(),
    ...paging,
  }),
  resolve: () => onEverything('ListPolicies'),
  handler: async (_context, input) => {
    const counts = await attachmentCounts()
    const page = await listPage(
      'ListPolicies',
      input,
      async (after, take) => {
        const local = input.Scope === 'AWS' ? [] : await db().managedPolicy.findMany({
          ...(after !== undefined && { where: { arn: { gt: after } } }),
          orderBy: { arn: 'asc' },
          take,
        })
        // `arn:aws:iam::<digits>` is before `arn:aws:iam::aws`, so one order holds for both.
        const aws = input.Scope === 'Local' ? [] : awsManagedByArn.filter(({ arn }) => after === undefined || arn > after)
        return [...local.map((row) => customerManaged(row)), ...aws].slice(0, take)
      },
      (policy) => policy.arn,
      (policy) =>
        policy.path.startsWith(input.PathPrefix) &&
        // Nothing here is a permissions boundary.
        input.PolicyUsageFilter !== 'PermissionsBoundary' &&
        (!input.OnlyAttached || counts.has(policy.arn)),
    )
    return { Policies: page.items.map((policy) => describePolicy(policy, counts.get(policy.arn) ?? 0)), ...page.end }
  },
  requestParameters: (input) => recordedMembers(input, 'Scope', 'OnlyAttached', 'PathPrefix', 'PolicyUsageFilter', 'MaxItems', 'Marker'),
})

export const DeletePolicy = defineIam({
  name: 'DeletePolicy',
  readOnly: false,
  input: z.object({ PolicyArn: policyArn }),
  resolve: (context, { PolicyArn }) => onOwnPolicy(context, 'DeletePolicy', PolicyArn),
  handler: async (_context, { PolicyArn }, policy) => {
    await whileThere(
      transaction(async (tx) => {
        const attached =
          (await tx.userPolicyAttachment.count({ where: { policyArn: PolicyArn } })) +
          (await tx.groupPolicyAttachment.count({ where: { policyArn: PolicyArn } }))
        if (attached > 0) throw deleteConflict('Cannot delete a policy attached to entities.')
        if ((await tx.managedPolicyVersion.count({ where: { policyId: policy.policyId } })) > 1) {
          throw deleteConflict(
            "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
          )
        }
        await tx.managedPolicy.delete({ where: { id: policy.policyId } })
      }),
      policy.name,
    )
    forgetIdentityPolicies()
  },
  requestParameters: (input) => recordedMembers(input, 'PolicyArn'),
})

/** Whom a policy is attached to: groups, then users. */
export const ListEntitiesForPolicy = defineIam({
  name: 'ListEntitiesForPolicy',
  readOnly: true,
  input: z.object({
    PolicyArn: policyArn,
    EntityFilter: z.enum(['User', 'Role', 'Group', 'LocalManagedPolicy', 'AWSManagedPolicy']).optional(),
    PathPrefix: pathPrefix.default('/'),
    PolicyUsageFilter: z.enum(['PermissionsPolicy', 'PermissionsBoundary']).optional(),
    ...paging,
  }),
  resolve: (_context, { PolicyArn }) => onPolicy('ListEntitiesForPolicy', PolicyArn),
  handler: async (_context, input) => {
    const where = { policyArn: input.PolicyArn }
    const wanted = (kind: string): boolean =>
      (input.EntityFilter ?? kind) === kind && input.PolicyUsageFilter !== 'PermissionsBoundary'
    const groups = wanted('Group') ? await db().groupPolicyAttachment.findMany({ where, include: { group: true } }) : []
    const users = wanted('User') ? await db().userPolicyAttachment.findMany({ where, include: { user: true } }) : []
    const entities = [
      ...groups.map(({ group }) => ({ kind: 'Group', entity: group })),
      ...users.map(({ user }) => ({ kind: 'User', entity: user })),
    ]
      .filter(({ entity }) => entity.path.startsWith(input.PathPrefix))
      .map((each) => ({ ...each, place: `${each.kind} ${each.entity.nameLower}` }))
      .sort((a, b) => (a.place < b.place ? -1 : 1))
    const page = await slicePage(`ListEntitiesForPolicy ${input.PolicyArn}`, input, entities, (each) => each.place)
    const of = (kind: string) => page.items.filter((each) => each.kind === kind).map((each) => each.entity)
    return {
      PolicyGroups: of('Group').map(({ name, id }) => ({ GroupName: name, GroupId: id })),
      PolicyUsers: of('User').map(({ name, id }) => ({ UserName: name, UserId: id })),
      PolicyRoles: [],
      ...page.end,
    }
  },
  requestParameters: (input) => recordedMembers(input, 'PolicyArn', 'EntityFilter', 'PathPrefix', 'PolicyUsageFilter', 'MaxItems', 'Marker'),
})

/** @throws ServiceException — MalformedPolicyDocument with the place, LimitExceeded. */
export function checkDocument(document: string): void {
  parsePolicyDocument(document, 'identity')
  if (policySize(document) > policySizeQuota) throw quotaExceeded('PolicySize', policySizeQuota)
}

import { z } from 'zod'
import type { ManagedPolicyVersion } from '#prisma/sqlite/generated/client.ts'
import { db, transaction } from '#lib/db'
import { defineIam } from '#lib/iam/define-iam'
import { encodedDocument } from '#lib/iam/encoded-document'
import { deleteConflict, limitExceeded, noSuchEntity } from '#lib/iam/exceptions'
import { forgetIdentityPolicies } from '#lib/iam/identity-policies'
import { onOwnPolicy, onPolicy, type AnyManagedPolicy } from '#lib/iam/managed-policy'
import { findAwsManagedPolicy } from '#lib/iam/managed-policies/aws-managed-policies'
import { boolean, paging, policyArn, policyDocument } from '#lib/iam/members'
import { slicePage } from '#lib/iam/pages'
import { checkDocument } from '#lib/iam/policies'
import { recordedElements, recordedMembers } from '#lib/iam/recorded-members'
import { whileThere } from '#lib/iam/subjects'

/** Versions that a policy may have at a time (F.1). */
export const policyVersionQuota = 5

const VersionId = z.string().regex(/^v[1-9][0-9]*(\.[A-Za-z0-9-]*)?$/)

export const CreatePolicyVersion = defineIam({
  name: 'CreatePolicyVersion',
  readOnly: false,
  input: z.object({ PolicyArn: policyArn, PolicyDocument: policyDocument, SetAsDefault: boolean.default(false) }),
  resolve: (context, { PolicyArn }) => onOwnPolicy(context, 'CreatePolicyVersion', PolicyArn),
  handler: async (context, { PolicyDocument, SetAsDefault }, policy) => {
    checkDocument(PolicyDocument)
    const id = policy.policyId
    const version = await whileThere(
      transaction(async (tx) => {
        if ((await tx.managedPolicyVersion.count({ where: { policyId: id } })) >= policyVersionQuota) {
          throw limitExceeded(
            `A managed policy can have up to ${policyVersionQuota} versions. Before you create a new version, you must delete an existing version.`,
          )
        }
        // A number is never given again, not even that of a version that was deleted.
        const { nextVersion } = await tx.managedPolicy.update({
          where: { id },
          data: { nextVersion: { increment: 1 }, updateDate: context.time },
        })
        const versionId = `v${nextVersion - 1}`
        if (SetAsDefault) await tx.managedPolicy.update({ where: { id }, data: { defaultVersionId: versionId } })
        return tx.managedPolicyVersion.create({ data: { policyId: id, versionId, document: PolicyDocument, createDate: context.time } })
      }),
      policy.name,
    )
    forgetIdentityPolicies()
    return { PolicyVersion: { VersionId: version.versionId, IsDefaultVersion: SetAsDefault, CreateDate: version.createDate } }
  },
  requestParameters: (input) => recordedMembers(input, 'PolicyArn', 'PolicyDocument', 'SetAsDefault'),
  recorded: (output) => ({ responseElements: recordedElements(output) }),
})

export const GetPolicyVersion = defineIam({
  name: 'GetPolicyVersion',
  readOnly: true,
  input: z.object({ PolicyArn: policyArn, VersionId }),
  resolve: (_context, { PolicyArn }) => onPolicy('GetPolicyVersion', PolicyArn),
  handler: async (_context, { PolicyArn, VersionId: versionId }, policy) => {
    const version = (await versionsOf(policy)).find((each) => each.versionId === versionId)
    if (!version) throw noSuchVersion(PolicyArn, versionId)
    return {
      PolicyVersion: {
        Document: encodedDocument(version.document),
        VersionId: versionId,
        IsDefaultVersion: versionId === policy.defaultVersionId,
        CreateDate: version.createDate,
      },
    }
  },
  requestParameters: (input) => recordedMembers(input, 'PolicyArn', 'VersionId'),
})

/** Newest first. */
export const ListPolicyVersions = defineIam({
  name: 'ListPolicyVersions',
  readOnly: true,
  input: z.object({ PolicyArn: policyArn, ...paging }),
  resolve: (_context, { PolicyArn }) => onPolicy('ListPolicyVersions', PolicyArn),
  handler: async (_context, input, policy) => {
    const versions = (await versionsOf(policy)).toSorted((a, b) => numberOf(b.versionId) - numberOf(a.versionId))
    const place = ({ versionId }: { versionId: string }): string => String(1e9 - numberOf(versionId)).padStart(10, '0')
    const page = await slicePage(`ListPolicyVersions ${policy.arn}`, input, versions, place)
    const listed = page.items.map(({ versionId, createDate }) => ({
      VersionId: versionId, IsDefaultVersion: versionId === policy.defaultVersionId, CreateDate: createDate,
    }))
    return { Versions: listed, ...page.end }
  },
  requestParameters: (input) => recordedMembers(input, 'PolicyArn', 'MaxItems', 'Marker'),
})

export const SetDefaultPolicyVersion = defineIam({
  name: 'SetDefaultPolicyVersion',
  readOnly: false,
  input: z.object({ PolicyArn: policyArn, VersionId }),
  resolve: (context, { PolicyArn }) => onOwnPolicy(context, 'SetDefaultPolicyVersion', PolicyArn),
  handler: async (context, { PolicyArn, VersionId: versionId }, policy) => {
    await whileThere(
      transaction(async (tx) => {
        const version = await tx.managedPolicyVersion.count({ where: { policyId: policy.policyId, versionId } })
        if (version === 0) throw noSuchVersion(PolicyArn, versionId)
        await tx.managedPolicy.update({ where: { id: policy.policyId }, data: { defaultVersionId: versionId, updateDate: context.time } })
      }),
      policy.name,
    )
    forgetIdentityPolicies()
  },
  requestParameters: (input) => recordedMembers(input, 'PolicyArn', 'VersionId'),
})

export const DeletePolicyVersion = defineIam({
  name: 'DeletePolicyVersion',
  readOnly: false,
  input: z.object({ PolicyArn: policyArn, VersionId }),
  resolve: (context, { PolicyArn }) => onOwnPolicy(context, 'DeletePolicyVersion', PolicyArn),
  handler: async (_context, { PolicyArn, VersionId: versionId }, policy) => {
    await transaction(async (tx) => {
      const current = await tx.managedPolicy.findUnique({ where: { id: policy.policyId } })
      if (current?.defaultVersionId === versionId) throw deleteConflict('Cannot delete the default version of a policy.')
      const deleted = await tx.managedPolicyVersion.deleteMany({ where: { policyId: policy.policyId, versionId } })
      if (deleted.count === 0) throw noSuchVersion(PolicyArn, versionId)
    })
  },
  requestParameters: (input) => recordedMembers(input, 'PolicyArn', 'VersionId'),
})

/** Of AWS's own policies only the default version is built in. */
async function versionsOf(policy: AnyManagedPolicy): Promise<Pick<ManagedPolicyVersion, 'versionId' | 'document' | 'createDate'>[]> {
  const builtIn = findAwsManagedPolicy(policy.arn)
  if (builtIn) return [{ versionId: builtIn.defaultVersionId, document: builtIn.document, createDate: builtIn.updateDate }]
  return db().managedPolicyVersion.findMany({ where: { policyId: policy.policyId } })
}

function numberOf(versionId: string): number {
  return Number.parseInt(versionId.slice(1), 10)
}

function noSuchVersion(arn: string, versionId: string) {
  return noSuchEntity(`Policy ${arn} version ${versionId} does not exist or is not attachable.`)
}

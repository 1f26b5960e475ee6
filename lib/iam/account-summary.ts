import { z } from 'zod'
import { db } from '#lib/db'
import { accessKeyQuota } from '#lib/iam/access-keys'
import { attachedPolicyQuota } from '#lib/iam/attached-policies'
import { defineIam } from '#lib/iam/define-iam'
import { groupQuota, groupsPerUserQuota } from '#lib/iam/groups'
import { inlinePolicyQuota } from '#lib/iam/inline-policies'
import { paging } from '#lib/iam/members'
import { policyQuota, policySizeQuota } from '#lib/iam/policies'
import { policyVersionQuota } from '#lib/iam/policy-versions'
import { recordedMembers } from '#lib/iam/recorded-members'
import { onEverything } from '#lib/iam/subjects'
import { userQuota } from '#lib/iam/users'

/** What the account holds, and its quotas: a map, written as entries by the query protocol. */
export const GetAccountSummary = defineIam({
  name: 'GetAccountSummary',
  readOnly: true,
  input: z.object({}),
  resolve: () => onEverything('GetAccountSummary'),
  handler: async () => {
    const database = db()
    const summary: Record<string, number> = {
      Users: await database.iamUser.count(),
      UsersQuota: userQuota,
      Groups: await database.iamGroup.count(),
      GroupsQuota: groupQuota,
      GroupsPerUserQuota: groupsPerUserQuota,
      Policies: await database.managedPolicy.count(),
      PoliciesQuota: policyQuota,
      PolicySizeQuota: policySizeQuota,
      PolicyVersionsInUse: await database.managedPolicyVersion.count(),
      VersionsPerPolicyQuota: policyVersionQuota,
      UserPolicySizeQuota: inlinePolicyQuota.user,
      GroupPolicySizeQuota: inlinePolicyQuota.group,
      AttachedPoliciesPerUserQuota: attachedPolicyQuota,
      AttachedPoliciesPerGroupQuota: attachedPolicyQuota,
      AccessKeysPerUserQuota: accessKeyQuota,
      AccountAccessKeysPresent: Math.min(1, await database.accessKey.count({ where: { userId: null } })),
      AccountMFAEnabled: Math.min(1, await database.mfaDevice.count({ where: { userId: null, enableDate: { not: null } } })),
      MFADevices: await database.mfaDevice.count(),
      MFADevicesInUse: await database.mfaDevice.count({ where: { enableDate: { not: null } } }),
    }
    return { SummaryMap: new Map(Object.entries(summary)) }
  },
  requestParameters: () => null,
})

/** An account here is named by its number alone. */
export const ListAccountAliases = defineIam({
  name: 'ListAccountAliases',
  readOnly: true,
  input: z.object(paging),
  resolve: () => onEverything('ListAccountAliases'),
  handler: () => ({ AccountAliases: [] as string[], IsTruncated: false }),
  requestParameters: (input) => recordedMembers(input, 'MaxItems', 'Marker'),
})

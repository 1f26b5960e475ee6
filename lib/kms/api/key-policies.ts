import { z } from 'zod'
import { defineOperation } from '#lib/operation/define'
import { ServiceException } from '#lib/operation/exception'
import { changedKey, changeKey } from '#lib/kms/change-key'
import { accessOn, actingOn, findTarget, onKey } from '#lib/kms/key-access'
import { checkKeyPolicy, keyPolicyName, printPolicy } from '#lib/kms/key-policy'
import { KeyId, limit, Marker, Policy } from '#lib/kms/members'

const PolicyName = z.string().min(1).max(128).regex(/^[\w]+$/).default(keyPolicyName)

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyPolicy.html */
export const GetKeyPolicy = defineOperation({
  service: 'kms',
  name: 'GetKeyPolicy',
  readOnly: true,
  input: z.object({ KeyId, PolicyName }),
  resolve: onKey('kms:GetKeyPolicy'),
  handler: (_context, { PolicyName }, key) => {
    requireDefault(PolicyName)
    return { Policy: printPolicy(key.policy), PolicyName }
  },
  requestParameters: ({ KeyId, PolicyName }) => ({ keyId: KeyId, policyName: PolicyName }),
})

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html */
export const PutKeyPolicy = defineOperation({
  service: 'kms',
  name: 'PutKeyPolicy',
  readOnly: false,
  input: z.object({ KeyId, PolicyName, Policy, BypassPolicyLockoutSafetyCheck: z.boolean().default(false) }),
  resolve: async (context, { KeyId, BypassPolicyLockoutSafetyCheck }) => {
    const target = await findTarget(context, KeyId, { aliases: false })
    const conditions = { 'kms:BypassPolicyLockoutSafetyCheck': String(BypassPolicyLockoutSafetyCheck) }
    return actingOn(target, [accessOn(target, 'kms:PutKeyPolicy', conditions)])
  },
  handler: async (context, { PolicyName, Policy, BypassPolicyLockoutSafetyCheck }, key) => {
    requireDefault(PolicyName)
    checkKeyPolicy(context, key.arn, Policy, { bypassLockoutCheck: BypassPolicyLockoutSafetyCheck })
    await changeKey(key, 'putKeyPolicy', { policy: Policy })
  },
  requestParameters: ({ KeyId, PolicyName, BypassPolicyLockoutSafetyCheck }) => ({
    keyId: KeyId,
    policyName: PolicyName,
    bypassPolicyLockoutSafetyCheck: BypassPolicyLockoutSafetyCheck,
  }),
  recorded: changedKey,
})

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_ListKeyPolicies.html */
export const ListKeyPolicies = defineOperation({
  service: 'kms',
  name: 'ListKeyPolicies',
  readOnly: true,
  input: z.object({ KeyId, Limit: limit(1000).optional(), Marker: Marker.optional() }),
  resolve: onKey('kms:ListKeyPolicies'),
  handler: () => ({ PolicyNames: [keyPolicyName], Truncated: false }),
  requestParameters: ({ KeyId }) => ({ keyId: KeyId }),
})

function requireDefault(name: string): void {
  if (name !== keyPolicyName) throw new ServiceException('NotFoundException', 'No such policy exists')
}

import { db } from '#lib/db'
import { isMember, lostBetween, sameName } from '#lib/explain/lost-access'
import {
  AddUserToGroup,
  AttachGroupPolicy,
  AttachUserPolicy,
  CreateAccessKey,
  CreateLoginProfile,
  DeactivateMFADevice,
  DeleteAccessKey,
  DeleteGroupPolicy,
  DeleteLoginProfile,
  DeletePolicyVersion,
  DeleteUserPolicy,
  DetachGroupPolicy,
  DetachUserPolicy,
  EnableMFADevice,
  PutGroupPolicy,
  PutUserPolicy,
  RemoveUserFromGroup,
  SetDefaultPolicyVersion,
  UpdateAccessKey,
} from '#lib/iam/api'
import { decideAs } from '#lib/iam/authorize'
import type { CallerPrincipal } from '#lib/iam/credentials'
import { loadIdentity, policiesOfGroup, policyOnHolder, type Identity } from '#lib/iam/identity-policies'
import type { RequestContext } from '#lib/operation/context'
import type { AnyOperation } from '#lib/operation/define'
import { validate } from '#lib/operation/validate'

/** What whoever does something to IAM would lose by it. */
export type LossByAct = Readonly<{
  /** What they may do now and could no longer: actions, in IAM's words. */
  actions: readonly string[]
  /** What would take it back, where that is among them. */
  undo?: string
  /** Nothing would be left that they could sign in or sign requests with. */
  lastCredential?: true
}>

/**
 * What the caller would lose by an operation that changes policies, groups or credentials, and whether they could still take it
 * back. Nothing is run. Nothing is lost by root, whom no IAM policy limits, nor by what the caller may not do: it is refused, and
 * whoever may not do it learns nothing of what it would do.
 * @param name of the operation: `DetachUserPolicy`; of others nothing is foreseen
 * @throws ServiceException  as the operation itself, where the input is none of its
 */
export async function lostByAct(context: RequestContext, name: string, input: unknown): Promise<LossByAct> {
  const act = Object.hasOwn(acts, name) ? acts[name] : undefined
  const { principal } = context
  if (!act || principal.type !== 'IAMUser') return { actions: [] }
  const parsed = validate(act.operation, input) as Input
  const now = await loadIdentity(principal)
  const isMine = async (operation: AnyOperation, place: RequestContext, identity: Identity) => {
    const { access, absent } = await operation.resolve(context, parsed)
    return absent === undefined && access.every((each) => decideAs(place, each, identity).decision === 'Allowed')
  }
  if (!(await isMine(act.operation, context, now))) return { actions: [] }
  const { policies = now.policies, context: place = context, lastCredential } = (await act.then(parsed, { principal, now, context })) ?? {}
  if (lastCredential) return { actions: [], lastCredential }
  const then = { ...now, policies }
  const actions = lostBetween({ context, identity: now }, { context: place, identity: then })
  const undo = (await isMine(act.undo, context, now)) && !(await isMine(act.undo, place, then)) ? `iam:${act.undo.name}` : undefined
  return { actions: undo === undefined || actions.includes(undo) ? actions : [undo, ...actions], ...(undo !== undefined && { undo }) }
}

type Input = Readonly<Record<string, string>>
type User = Extract<CallerPrincipal, { type: 'IAMUser' }>
type Caller = Readonly<{ principal: User; now: Identity; context: RequestContext }>
type Then = Readonly<{ policies?: Identity['policies']; context?: RequestContext; lastCredential?: true }>
/** `then`: what would be otherwise for the caller; nothing where it is about somebody else. */
type Act = Readonly<{ operation: AnyOperation; undo: AnyOperation; then: (input: Input, caller: Caller) => Promise<Then | undefined> | Then | undefined }>

const acts: Readonly<Record<string, Act>> = {
  AttachUserPolicy: {
    operation: AttachUserPolicy,
    undo: DetachUserPolicy,
    then: async ({ UserName = '', PolicyArn = '' }, { principal, now }) =>
      sameName(UserName, principal.userName) ? { policies: [...now.policies, ...(await policyOnHolder('identity-policy', principal.userName, PolicyArn))] } : undefined,
  },
  AttachGroupPolicy: {
    operation: AttachGroupPolicy,
    undo: DetachGroupPolicy,
    then: async ({ GroupName = '', PolicyArn = '' }, { principal, now }) =>
      (await isMember(principal.principalId, GroupName)) ? { policies: [...now.policies, ...(await policyOnHolder('group-policy', GroupName, PolicyArn))] } : undefined,
  },
  DetachUserPolicy: { operation: DetachUserPolicy, undo: AttachUserPolicy, then: ({ UserName = '', PolicyArn = '' }, { now }) => without(now, 'identity-policy', UserName, PolicyArn) },
  DetachGroupPolicy: { operation: DetachGroupPolicy, undo: AttachGroupPolicy, then: ({ GroupName = '', PolicyArn = '' }, { now }) => without(now, 'group-policy', GroupName, PolicyArn) },
  DeleteUserPolicy: { operation: DeleteUserPolicy, undo: PutUserPolicy, then: ({ UserName = '', PolicyName = '' }, { now }) => without(now, 'identity-policy', UserName, PolicyName) },
  DeleteGroupPolicy: { operation: DeleteGroupPolicy, undo: PutGroupPolicy, then: ({ GroupName = '', PolicyName = '' }, { now }) => without(now, 'group-policy', GroupName, PolicyName) },
  AddUserToGroup: {
    operation: AddUserToGroup,
    undo: RemoveUserFromGroup,
    then: async ({ UserName = '', GroupName = '' }, { principal, now }) =>
      sameName(UserName, principal.userName) && !(await isMember(principal.principalId, GroupName)) ? { policies: [...now.policies, ...(await policiesOfGroup(GroupName))] } : undefined,
  },
  RemoveUserFromGroup: {
    operation: RemoveUserFromGroup,
    undo: AddUserToGroup,
    then: ({ UserName = '', GroupName = '' }, { principal, now }) => (sameName(UserName, principal.userName) ? without(now, 'group-policy', GroupName) : undefined),
  },
  SetDefaultPolicyVersion: {
    operation: SetDefaultPolicyVersion,
    undo: SetDefaultPolicyVersion,
    then: async ({ PolicyArn = '', VersionId = '' }, { now }) => {
      if (!now.policies.some(({ policy }) => policy === PolicyArn)) return undefined
      const [supposed] = await policyOnHolder('identity-policy', '', PolicyArn, VersionId)
      return supposed && { policies: now.policies.map((each) => (each.policy === PolicyArn ? { ...each, document: supposed.document } : each)) }
    },
  },
  // The version that counts cannot be deleted: what goes decides nothing.
  DeletePolicyVersion: { operation: DeletePolicyVersion, undo: SetDefaultPolicyVersion, then: () => undefined },
  DeleteLoginProfile: { operation: DeleteLoginProfile, undo: CreateLoginProfile, then: async ({ UserName }, { principal }) => withoutCredential(principal, UserName, { password: true }) },
  DeleteAccessKey: { operation: DeleteAccessKey, undo: CreateAccessKey, then: async ({ UserName, AccessKeyId = '' }, { principal }) => withoutCredential(principal, UserName, { accessKeyId: AccessKeyId }) },
  UpdateAccessKey: {
    operation: UpdateAccessKey,
    undo: UpdateAccessKey,
    then: async ({ UserName, AccessKeyId = '', Status }, { principal }) => (Status === 'Inactive' ? withoutCredential(principal, UserName, { accessKeyId: AccessKeyId }) : undefined),
  },
  DeactivateMFADevice: {
    operation: DeactivateMFADevice,
    undo: EnableMFADevice,
    then: async ({ UserName, SerialNumber = '' }, { principal, context }) => {
      if (!isCaller(principal, UserName) || !context.session) return undefined
      const others = await db().mfaDevice.count({ where: { userId: principal.principalId, enableDate: { not: null }, serialNumber: { not: SerialNumber } } })
      return others > 0 ? undefined : { context: { ...context, session: { ...context.session, mfaAuthenticated: false } } }
    },
  },
}

/** The caller's policies without those of one holder, or without one of them. */
function without({ policies }: Identity, source: 'identity-policy' | 'group-policy', holder: string, name?: string): Then {
  return { policies: policies.filter((each) => each.source !== source || !sameName(each.attachedTo, holder) || (name !== undefined && each.policy !== name)) }
}

/** Git credentials and SSH public keys are none: nothing of IAM is done with them. */
async function withoutCredential(principal: User, userName: string | undefined, { password = false, accessKeyId }: { password?: boolean; accessKeyId?: string }): Promise<Then | undefined> {
  if (!isCaller(principal, userName)) return undefined
  const userId = principal.principalId
  const [passwords, accessKeys] = await Promise.all([
    password ? 0 : db().loginProfile.count({ where: { userId } }),
    db().accessKey.count({ where: { userId, status: 'Active', ...(accessKeyId !== undefined && { id: { not: accessKeyId } }) } }),
  ])
  return passwords + accessKeys > 0 ? undefined : { lastCredential: true }
}

function isCaller({ userName }: User, asked: string | undefined): boolean {
  return asked === undefined || sameName(asked, userName)
}

import type { Action } from '#components/console/action-state.ts'
import type { EditedPolicy } from '#components/iam/check-document.ts'
import { GetGroupPolicy, GetUserPolicy } from '#lib/iam/api'
import type { RequestContext } from '#lib/operation/context'
import { attempt, type Attempt } from '../../attempt.ts'
import { paths } from '../../paths.ts'
import { attachGroupPolicy, attachUserPolicy, deleteGroupPolicy, deleteUserPolicy, detachGroupPolicy, detachUserPolicy, putGroupPolicy, putUserPolicy } from './actions.ts'

/** What policies are put on, a user or a group: its name, as its forms send it, where its pages are, and what can be done about its policies. */
export type PolicyHolder = Readonly<{
  name: string
  kind: 'User' | 'Group'
  hidden: Readonly<Record<string, string>>
  /** Whom its policies speak for, within a sentence. */
  whom: string
  /** Said of one more inline policy. */
  ofNew: string
  source: EditedPolicy['source']
  trail: readonly (readonly [name: string, href: string])[]
  href: string
  inlineHref: (policyName: string) => string
  createHref: string
  put: Action
  attach: Action
  detach: Action
  deleteInline: Action
  /** An inline policy of its. */
  read: (context: RequestContext, policyName: string) => Promise<Attempt<Readonly<{ PolicyDocument: string }>>>
}>

export function userHolder(UserName: string): PolicyHolder {
  const href = paths.user(UserName)
  return {
    name: UserName,
    kind: 'User',
    hidden: { UserName },
    whom: UserName,
    ofNew: `Part of ${UserName} alone, and deleted with it.`,
    source: 'identity-policy',
    trail: [
      ['Users', paths.users()],
      [UserName, href],
    ],
    href,
    inlineHref: (policyName) => paths.userPolicy(UserName, policyName),
    createHref: paths.createUserPolicy(UserName),
    put: putUserPolicy,
    attach: attachUserPolicy,
    detach: detachUserPolicy,
    deleteInline: deleteUserPolicy,
    read: (context, PolicyName) => attempt(GetUserPolicy, context, { UserName, PolicyName }),
  }
}

export function groupHolder(GroupName: string): PolicyHolder {
  const href = paths.group(GroupName)
  return {
    name: GroupName,
    kind: 'Group',
    hidden: { GroupName },
    whom: 'the users of the group',
    ofNew: `Part of ${GroupName} alone, and deleted with it. It speaks for every user of the group.`,
    source: 'group-policy',
    trail: [
      ['Groups', paths.groups()],
      [GroupName, href],
    ],
    href,
    inlineHref: (policyName) => paths.groupPolicy(GroupName, policyName),
    createHref: paths.createGroupPolicy(GroupName),
    put: putGroupPolicy,
    attach: attachGroupPolicy,
    detach: detachGroupPolicy,
    deleteInline: deleteGroupPolicy,
    read: (context, PolicyName) => attempt(GetGroupPolicy, context, { GroupName, PolicyName }),
  }
}

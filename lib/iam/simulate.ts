import { z } from 'zod'
import { db } from '#lib/db'
import { defineIam } from '#lib/iam/define-iam'
import { invalidInput, noSuchEntity } from '#lib/iam/exceptions'
import { loadIdentityPolicies } from '#lib/iam/identity-policies'
import { userPrincipal } from '#lib/iam/credentials'
import { paging } from '#lib/iam/members'
import { slicePage } from '#lib/iam/pages'
import { parsePolicyDocument } from '#lib/iam/policy/document'
import { evaluate, type AttachedPolicy, type Evaluation } from '#lib/iam/policy/evaluate'
import type { RequestPrincipal } from '#lib/iam/policy/principals'
import { recordedMembers } from '#lib/iam/recorded-members'
import { absentSubject, onEverything, type User } from '#lib/iam/subjects'

const document = z.string().min(1).max(131_072)

const questions = {
  ActionNames: z.array(z.string().min(3).max(128)).min(1).max(100),
  ResourceArns: z.array(z.string().min(1).max(2048)).min(1).max(100).default(['*']),
  ResourcePolicy: document.optional(),
  ContextEntries: z
    .array(z.object({ ContextKeyName: z.string().min(5).max(256), ContextKeyValues: z.array(z.string()), ContextKeyType: z.string() }))
    .max(100)
    .default([]),
  ...paging,
}

/** What a user's policies, and those that are given beside them, would decide. Nothing is run; only the policies are asked. */
export const SimulatePrincipalPolicy = defineIam({
  name: 'SimulatePrincipalPolicy',
  readOnly: true,
  input: z.object({ PolicySourceArn: z.string().min(20).max(2048), PolicyInputList: z.array(document).max(20).default([]), ...questions }),
  resolve: async (_context, { PolicySourceArn: arn }) => {
    const user: User | null = await db().iamUser.findFirst({ where: { arn }, include: { tags: true } })
    return {
      access: [{ action: 'iam:SimulatePrincipalPolicy', resource: arn }],
      subject: user ?? absentSubject,
      ...(!user && { absent: noSuchEntity(`The entity with ARN ${arn} cannot be found.`) }),
    }
  },
  handler: async (context, input, user) => {
    const principal = userPrincipal(user)
    const attached = await loadIdentityPolicies(principal)
    const own = {
      'aws:username': user.name,
      'aws:userid': user.id,
      'aws:PrincipalArn': user.arn,
      'aws:PrincipalAccount': context.accountId,
      ...Object.fromEntries(user.tags.map(({ tagKey, tagValue }) => [`aws:PrincipalTag/${tagKey}`, tagValue])),
    }
    return simulate(input, principal, [...attached, ...given(input.PolicyInputList)], own)
  },
  requestParameters: (input) => recordedMembers(input, 'PolicySourceArn', 'ActionNames', 'ResourceArns'),
})

/** What policies would decide for whoever has them, and has no others. */
export const SimulateCustomPolicy = defineIam({
  name: 'SimulateCustomPolicy',
  readOnly: true,
  input: z.object({ PolicyInputList: z.array(document).min(1).max(20), CallerArn: z.string().min(1).max(2048).optional(), ...questions }),
  resolve: () => onEverything('SimulateCustomPolicy'),
  handler: async (context, input) => {
    const arn = input.CallerArn ?? `arn:aws:iam::${context.accountId}:user/simulated`
    const principal: RequestPrincipal = { type: 'IAMUser', accountId: context.accountId, arn }
    return simulate(input, principal, given(input.PolicyInputList), {})
  },
  requestParameters: (input) => recordedMembers(input, 'ActionNames', 'ResourceArns'),
})

type Questions = Readonly<{
  ActionNames: readonly string[]
  ResourceArns: readonly string[]
  ResourcePolicy?: string | undefined
  ContextEntries: readonly Readonly<{ ContextKeyName: string; ContextKeyValues: readonly string[] }>[]
  Marker?: string | undefined
  MaxItems: number
}>

async function simulate(
  input: Questions,
  principal: RequestPrincipal,
  identity: readonly AttachedPolicy[],
  own: Readonly<Record<string, string>>,
) {
  const badAction = input.ActionNames.find((action) => !/^[\w-]+:[\w*?-]+$/.test(action))
  if (badAction !== undefined) throw invalidInput(`Invalid Action: ${badAction}`)
  const conditions = {
    ...own,
    ...Object.fromEntries(input.ContextEntries.map(({ ContextKeyName, ContextKeyValues }) => [ContextKeyName, ContextKeyValues])),
  }
  const asked = input.ActionNames.flatMap((action) => input.ResourceArns.map((resource) => ({ action, resource })))
  const numbered = asked.map((question, index) => ({ ...question, place: String(index).padStart(6, '0') }))
  const page = await slicePage('Simulate', input, numbered, ({ place }) => place)
  const resourcePolicy = input.ResourcePolicy === undefined ? undefined : parsePolicyDocument(input.ResourcePolicy, 'resource')
  const missing = missingKeys(identity, conditions)
  return {
    EvaluationResults: page.items.map(({ action, resource }) => {
      const evaluation = evaluate(
        { principal, action, resource, conditions },
        { identity, ...(resourcePolicy && { resourcePolicy: { document: resourcePolicy, arn: resource, governs: false } }) },
      )
      return {
        EvalActionName: action,
        EvalResourceName: resource,
        EvalDecision: decisions[evaluation.decision],
        MatchedStatements: matchedStatements(evaluation, identity, resourcePolicy),
        MissingContextValues: missing,
      }
    }),
    ...page.end,
  }
}

const decisions = { Allowed: 'allowed', ExplicitlyDenied: 'explicitDeny', ImplicitlyDenied: 'implicitDeny' } as const

/** The statements that decided, and where they stand in their documents (lines and columns from 1). */
function matchedStatements(
  { decidedBy }: Evaluation,
  identity: readonly AttachedPolicy[],
  resourcePolicy: AttachedPolicy['document'] | undefined,
) {
  return decidedBy.map(({ source, policy, attachedTo, index }) => {
    const attached = identity.find((each) => each.source === source && each.policy === policy && each.attachedTo === attachedTo)
    const statement = (attached?.document ?? resourcePolicy)?.statements[index]
    return {
      SourcePolicyId: policy,
      SourcePolicyType: source === 'resource-policy' ? 'Resource Policy' : 'IAM Policy',
      ...(statement && {
        StartPosition: { Line: statement.start.line, Column: statement.start.column },
        EndPosition: { Line: statement.end.line, Column: statement.end.column },
      }),
    }
  })
}

/** Keys that the policies ask for and the simulation was not told: their conditions were taken as absent. */
function missingKeys(identity: readonly AttachedPolicy[], conditions: Readonly<Record<string, unknown>>): string[] {
  const told = new Set(Object.keys(conditions).map((key) => key.toLowerCase()))
  const wanted = identity.flatMap(({ document: { statements } }) => statements.flatMap((statement) => statement.conditions.map(({ key }) => key)))
  return [...new Set(wanted)].filter((key) => !told.has(key.toLowerCase()))
}

function given(documents: readonly string[]): AttachedPolicy[] {
  return documents.map((text, index) => ({
    source: 'identity-policy',
    policy: `PolicyInputList.${index + 1}`,
    attachedTo: 'simulation',
    document: parsePolicyDocument(text, 'identity'),
  }))
}

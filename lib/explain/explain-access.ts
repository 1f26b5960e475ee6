import { z } from 'zod'
import { db } from '#lib/db'
import { GetRepository } from '#lib/codecommit/repositories'
import { explainAuthentication, type Authentication } from '#lib/explain/authentication'
import { callsOf, type Question } from '#lib/explain/calls'
import { checkCall, type Check } from '#lib/explain/checks'
import { explainedPolicy, policyId, storedDocument, type ExplainedPolicy } from '#lib/explain/documents'
import { supposedIdentity } from '#lib/explain/supposed'
import { rootPrincipal, userPrincipal, type CallerPrincipal } from '#lib/iam/credentials'
import { defineIam } from '#lib/iam/define-iam'
import { invalidInput, noSuchEntity } from '#lib/iam/exceptions'
import { recordedMembers } from '#lib/iam/recorded-members'
import { absentSubject, groupArn } from '#lib/iam/subjects'
import { DescribeKey } from '#lib/kms/api'
import { parseArn } from '#lib/operation/arn'
import type { RequestContext } from '#lib/operation/context'
import type { Access } from '#lib/operation/define'
import { isRegion } from '#lib/operation/regions'

/** May somebody do something, and by which statement not: every check in the order in which it is made. */
export type Explanation = Readonly<{
  Decision: 'Allowed' | 'Refused'
  Authentication: Authentication
  Checks: readonly Check[]
  /** The policies that were asked, those that decided something first. */
  Policies: readonly ExplainedPolicy[]
}>

/**
 * Answers "can this user push to this repository?": who could be authenticated, then each access that the operations on the way
 * ask for, found by their own `resolve` and decided by the function that refuses in earnest. Nothing is run.
 *
 * `Edits` put other documents in the place of stored ones, to see what would change (`Policies[].Id` names them; the ID
 * `new` is one more inline policy of the user's). Not in AWS's API: it needs and is recorded as iam:SimulatePrincipalPolicy, and what may not be
 * known to exist (a repository, a key) is only spoken of to who may see it.
 */
export const ExplainAccess = defineIam({
  name: 'SimulatePrincipalPolicy',
  readOnly: true,
  input: z.object({
    PolicySourceArn: z.string().min(20).max(2048),
    Action: z.string().min(3).max(128).regex(/^[a-z0-9-]+:\w+$/),
    ResourceArn: z.string().min(1).max(2048).optional(),
    Reference: z.string().max(4096).optional(),
    RepositoryId: z.string().max(64).optional(),
    EncryptionContext: z.record(z.string(), z.string()).optional(),
    MfaAuthenticated: z.boolean().optional(),
    Edits: z.array(z.object({ PolicyId: z.string().max(4096), Document: z.string().max(131_072) })).max(20).default([]),
  }),
  resolve: async (context, { PolicySourceArn: arn, ResourceArn }) => {
    const principal = await findPrincipal(context, arn)
    return {
      access: [{ action: 'iam:SimulatePrincipalPolicy', resource: arn }, ...(await accessToSee(context, ResourceArn))],
      subject: principal ?? absentSubject,
      ...(!principal && { absent: noSuchEntity(`The entity with ARN ${arn} cannot be found.`) }),
    }
  },
  handler: async (context, input, principal): Promise<Explanation> => {
    const question = questionOf(input)
    const edits = new Map(input.Edits.map(({ PolicyId, Document }) => [PolicyId, Document]))
    const caller = callerOf(context, principal, input)
    const identity = await supposedIdentity(principal, edits)
    const checks: Check[] = []
    const keyPolicies = new Map<string, { stored: string; supposed: string | undefined }>()
    for (const call of (await callsOf(caller, question)) ?? [null]) {
      checks.push(...(await checkCall(caller, question, call, { identity, edits, keyPolicies })))
    }
    const authentication = await explainAuthentication(context, principal, /^codecommit:Git(Push|Pull)$/.test(question.action))
    const refused = authentication.Decision === 'Refused' || checks.some(({ Decision }) => Decision !== 'Allowed')
    return {
      Decision: refused ? 'Refused' : 'Allowed',
      Authentication: authentication,
      Checks: checks,
      Policies: inOrder(await policiesOf(context, identity, edits, keyPolicies), checks),
    }
  },
  requestParameters: (input) => recordedMembers(input, 'PolicySourceArn', 'Action', 'ResourceArn', 'RepositoryId'),
})

async function findPrincipal(context: RequestContext, arn: string): Promise<CallerPrincipal | null> {
  if (arn === `arn:aws:iam::${context.accountId}:root`) return rootPrincipal()
  const user = await db().iamUser.findFirst({ where: { arn } })
  return user && userPrincipal(user)
}

/** The access that whoever asks needs to see that the thing is there. */
async function accessToSee(context: RequestContext, arn: string | undefined): Promise<readonly Access[]> {
  const fields = parseArn(arn ?? '')
  if (!fields || fields.accountId !== context.accountId || !isRegion(fields.region)) return []
  const there = { ...context, region: fields.region }
  if (fields.service === 'codecommit') return (await GetRepository.resolve(there, { repositoryName: fields.resource })).access
  if (fields.service === 'kms' && fields.resource.startsWith('key/')) return (await DescribeKey.resolve(there, { KeyId: arn ?? '' })).access
  return []
}

type Input = z.output<(typeof ExplainAccess)['input']>

function questionOf(input: Input): Question {
  const { Action, ResourceArn, Reference, RepositoryId, EncryptionContext } = input
  if (ResourceArn !== undefined && ResourceArn !== '*' && !parseArn(ResourceArn)) throw invalidInput(`${ResourceArn} is no ARN.`)
  return { action: Action, resource: ResourceArn, reference: Reference, repositoryId: RepositoryId, encryptionContext: EncryptionContext }
}

/** A request as the principal would make it: now, from where the question comes, in the Region of what it is about. */
function callerOf(context: RequestContext, principal: CallerPrincipal, { ResourceArn, MfaAuthenticated }: Input): RequestContext {
  const region = parseArn(ResourceArn ?? '')?.region ?? ''
  const { session: _asker, ...request } = context
  return {
    ...request,
    principal,
    ...(isRegion(region) && { region }),
    ...(MfaAuthenticated !== undefined && { session: { creationDate: context.time, mfaAuthenticated: MfaAuthenticated } }),
  }
}

async function policiesOf(
  context: RequestContext,
  identity: Awaited<ReturnType<typeof supposedIdentity>>,
  edits: ReadonlyMap<string, string>,
  keyPolicies: ReadonlyMap<string, { stored: string; supposed: string | undefined }>,
): Promise<ExplainedPolicy[]> {
  const shown: ExplainedPolicy[] = []
  for (const place of identity.policies) {
    const edit = edits.get(policyId(place))
    const text = edit ?? (await storedDocument(place))
    if (text === null) continue
    const group = place.source === 'group-policy' ? await db().iamGroup.findUnique({ where: { nameLower: place.attachedTo.toLowerCase() } }) : null
    const arn = place.source === 'group-policy' ? (group?.arn ?? groupArn(context.accountId, '/', place.attachedTo)) : identity.arn
    shown.push(await explainedPolicy(context, place, text, { supposed: edit !== undefined, arn }))
  }
  for (const [arn, { stored, supposed }] of keyPolicies) {
    const place = { source: 'resource-policy' as const, policy: 'key policy', attachedTo: arn }
    shown.push(await explainedPolicy(context, place, supposed ?? stored, { supposed: supposed !== undefined, arn }))
  }
  return shown
}

/** What decided a refusal first, then what decided anything, then the rest. */
function inOrder(policies: readonly ExplainedPolicy[], checks: readonly Check[]): ExplainedPolicy[] {
  const weight = ({ Id, Supposed }: ExplainedPolicy): number => {
    const mine = checks.filter(({ DecidedBy }) => DecidedBy.some(({ PolicyId }) => PolicyId === Id))
    if (Supposed) return 0
    if (mine.some(({ Decision }) => Decision !== 'Allowed')) return 1
    return mine.length > 0 ? 2 : 3
  }
  return policies.toSorted((a, b) => weight(a) - weight(b))
}

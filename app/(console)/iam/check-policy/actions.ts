'use server'
import type { z } from 'zod'
import { lostAccess, lostKeyAccess } from '#lib/explain/lost-access'
import { lostByAct } from '#lib/explain/lost-by-act'
import { GetGroupPolicy, GetUserPolicy, PutGroupPolicy, PutUserPolicy } from '#lib/iam/api'
import { parsePolicyDocument } from '#lib/iam/policy/document'
import { invoke, mayInvoke } from '#lib/invoke'
import { checkKeyPolicy } from '#lib/kms/key-policy'
import type { RequestContext } from '#lib/operation/context'
import type { AnyOperation, Operation } from '#lib/operation/define'
import { isServiceException } from '#lib/operation/exception'
import { optionalText, questionAction, text } from '../../../form-action.ts'
import { readableDocument } from '../new-policy-document.ts'

/**
 * What IAM or KMS would find wrong with a document, refused with the place; else, one a line in `warnings`, what the caller could
 * no longer do once it is saved. Nothing of it is kept, and nothing that is stored is told but what the caller's own policies allow.
 */
export const checkPolicy = questionAction(async (context, form) => {
  const document = text(form, 'document')
  const [source, policy, attachedTo] = [text(form, 'source'), text(form, 'policy'), text(form, 'attachedTo')]
  if (text(form, 'kind') === 'resource') {
    parsePolicyDocument(document, 'resource')
    const refused = refusalOf(() => checkKeyPolicy(context, attachedTo, document, { bypassLockoutCheck: false }))
    const lost = await lostKeyAccess(context, attachedTo, document)
    const warnings = [...(refused === undefined ? [] : [refused]), ...(lost.length === 0 ? [] : [`You could no longer do ${lost.join(', ')} with this key, which you may now.`])]
    return { answer: { warnings: warnings.join('\n'), lockout: String(refused !== undefined || lost.includes('kms:PutKeyPolicy')), refusedByKms: String(refused !== undefined) } }
  }
  parsePolicyDocument(document, 'identity')
  if (source !== 'identity-policy' && source !== 'group-policy') return { answer: { warnings: '' } }
  const lost = await lostAccess(context, { source, policy, attachedTo }, document)
  return { answer: { warnings: lost.length === 0 ? '' : `You could no longer do ${lost.join(', ')} for yourself, which you may now.`, lockout: String(lost.length > 0) } }
})

/** What the caller could no longer do once the form's `operation` is done with its other fields; nothing of it is done. */
export const checkAct = questionAction(async (context, form) => {
  const { operation = '', ...input } = Object.fromEntries([...form].flatMap(([name, value]) => (typeof value === 'string' && value !== '' ? [[name, value]] : [])))
  const { actions, undo, lastCredential } = await lostByAct(context, operation, input)
  const warnings = [
    ...(lastCredential ? ['It is the last thing that you could sign in or sign requests with: you could not take this back.'] : []),
    ...(undo === undefined ? [] : [`You could not take this back: that needs ${undo}, which you may do now.`]),
    ...(actions.length === 0 ? [] : [`You could no longer do ${actions.join(', ')}, which you may now.`]),
  ]
  return { answer: { warnings: warnings.join('\n'), lockout: String(lastCredential === true || undo !== undefined) } }
})

/**
 * The inline policy that one of this name would replace: its `document`; `unreadable`, why the caller may not know; neither where
 * there is none.
 */
export const storedInlinePolicy = questionAction(async (context, form) => {
  const group = optionalText(form, 'GroupName')
  const PolicyName = text(form, 'PolicyName').trim()
  const input = { PolicyName, PolicyDocument: text(form, 'PolicyDocument') }
  const answer = await (group === undefined
    ? replacedBy(PutUserPolicy, GetUserPolicy, context, { ...input, UserName: text(form, 'UserName') })
    : replacedBy(PutGroupPolicy, GetGroupPolicy, context, { ...input, GroupName: group }))
  return { answer }
})

async function replacedBy<In extends z.ZodType, Subject, Out extends Readonly<{ PolicyDocument: string }>>(
  put: AnyOperation,
  get: Operation<In, Subject, Out>,
  context: RequestContext,
  input: object,
): Promise<Readonly<Record<string, string>>> {
  // Who may not put it is refused that, and is asked nothing before.
  if ((await mayInvoke(put, context, input)).decision !== 'Allowed') return {}
  // To have no leave to look is no refused attempt of the caller's.
  const { decision, message } = await mayInvoke(get, context, input)
  if (decision !== 'Allowed') return { unreadable: message ?? 'You may not read it.' }
  try {
    const { PolicyDocument } = await invoke(get, context, input)
    return { document: readableDocument(decodeURIComponent(PolicyDocument)) }
  } catch (error) {
    if (isServiceException(error) && error.name === 'NoSuchEntity') return {}
    throw error
  }
}

/** KMS's own safety check: it refuses what would leave the caller unable to put another policy. */
function refusalOf(check: () => void): string | undefined {
  try {
    check()
    return undefined
  } catch (error) {
    if (!isServiceException(error)) throw error
    return error.message
  }
}

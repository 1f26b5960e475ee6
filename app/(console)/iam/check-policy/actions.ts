'use server'
import { lostAccess, lostKeyAccess } from '#lib/explain/lost-access'
import { parsePolicyDocument } from '#lib/iam/policy/document'
import { checkKeyPolicy } from '#lib/kms/key-policy'
import { isServiceException } from '#lib/operation/exception'
import { questionAction, text } from '../../../form-action.ts'

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

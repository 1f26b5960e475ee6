'use server'
import { ExplainAccess } from '#lib/explain/explain-access'
import { CreatePolicyVersion, PutGroupPolicy, PutUserPolicy } from '#lib/iam/api'
import { invoke } from '#lib/invoke'
import { PutKeyPolicy } from '#lib/kms/api'
import { formAction, questionAction, text } from '../../../form-action.ts'

/** The same question with other policies. The form's `question` is the question as JSON, `edits` the documents to suppose. */
export const explainWhatIf = questionAction(
  async (context, form) => {
    const question: unknown = JSON.parse(text(form, 'question'))
    const Edits: unknown = JSON.parse(text(form, 'edits'))
    const explanation = await invoke(ExplainAccess, context, { ...(typeof question === 'object' ? question : {}), Edits })
    return { answer: { explanation: JSON.stringify(explanation) } }
  },
  { MalformedPolicyDocument: 'edits' },
)

/** Keeps what was supposed: in the place of the policy that it was supposed to be. */
export const savePolicyEdit = formAction(async (context, form) => {
  const [source, policy, attachedTo, PolicyDocument] = [text(form, 'source'), text(form, 'policy'), text(form, 'attachedTo'), text(form, 'document')]
  if (source === 'resource-policy') await invoke(PutKeyPolicy, context, { KeyId: attachedTo, PolicyName: 'default', Policy: PolicyDocument })
  else if (policy.startsWith('arn:')) await invoke(CreatePolicyVersion, context, { PolicyArn: policy, PolicyDocument, SetAsDefault: true })
  else if (source === 'group-policy') await invoke(PutGroupPolicy, context, { GroupName: attachedTo, PolicyName: policy, PolicyDocument })
  else await invoke(PutUserPolicy, context, { UserName: attachedTo, PolicyName: policy, PolicyDocument })
  return { message: 'Policy saved: it counts from the next request on' }
})

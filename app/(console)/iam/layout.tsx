import type { ReactNode } from 'react'
import { WithPolicyTools } from '#components/iam/policy-tools.tsx'
import { requestContext } from '../../session.ts'
import { checkAct, checkPolicy } from './check-policy/actions.ts'
import { policyVocabulary } from './policy-vocabulary.ts'

export default async function IamLayout({ children }: { children: ReactNode }) {
  const { accountId } = await requestContext()
  return (
    <WithPolicyTools check={checkPolicy} checkAct={checkAct} vocabulary={policyVocabulary(accountId)}>
      {children}
    </WithPolicyTools>
  )
}

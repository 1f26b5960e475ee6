import type { ReactNode } from 'react'
import { WithPolicyTools } from '#components/iam/policy-tools.tsx'
import { requestContext } from '../../session.ts'
import { checkPolicy } from '../iam/check-policy/actions.ts'
import { policyVocabulary } from '../iam/policy-vocabulary.ts'

export default async function KmsLayout({ children }: { children: ReactNode }) {
  const { accountId } = await requestContext()
  return (
    <WithPolicyTools check={checkPolicy} vocabulary={policyVocabulary(accountId)}>
      {children}
    </WithPolicyTools>
  )
}

import type { Metadata } from 'next'
import { KeyFrame } from '../../../../../kms/key-frame.tsx'
import type { KeyParams } from '../../../../../kms/key-page.ts'
import { KeyPolicyTab } from '../../../../../kms/tabs/key-policy.tsx'

export const metadata: Metadata = { title: 'Key policy' }

export default function KeyPolicyPage({ params }: { params: KeyParams }) {
  return <KeyFrame params={params}>{(found) => <KeyPolicyTab found={found} />}</KeyFrame>
}

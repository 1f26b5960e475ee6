import type { Metadata } from 'next'
import { KeyFrame } from '../../key-frame.tsx'
import { kmsKeyParams, type KmsKeyProps } from '../../key-page.ts'
import { KeyPolicyTab } from '../../tabs/key-policy.tsx'

export const metadata: Metadata = { title: 'Key' }

export default function KmsKeyPage(props: KmsKeyProps) {
  return (
    <KeyFrame params={kmsKeyParams(props)} manner="kms">
      {(found) => <KeyPolicyTab found={found} />}
    </KeyFrame>
  )
}

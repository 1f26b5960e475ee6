import type { Metadata } from 'next'
import { KeyFrame } from '../../../key-frame.tsx'
import { kmsKeyParams, type KmsKeyProps } from '../../../key-page.ts'
import { KeyRotationTab } from '../../../tabs/key-rotation.tsx'

export const metadata: Metadata = { title: 'Key rotation' }

export default function KmsKeyRotationPage(props: KmsKeyProps) {
  return (
    <KeyFrame params={kmsKeyParams(props)} manner="kms">
      {(found) => <KeyRotationTab found={found} />}
    </KeyFrame>
  )
}

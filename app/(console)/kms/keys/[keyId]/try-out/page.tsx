import type { Metadata } from 'next'
import { KeyFrame } from '../../../key-frame.tsx'
import { kmsKeyParams, type KmsKeyProps } from '../../../key-page.ts'
import { TryOutTab } from '../../../tabs/try-out.tsx'

export const metadata: Metadata = { title: 'Try a key' }

export default function KmsTryOutPage(props: KmsKeyProps) {
  return (
    <KeyFrame params={kmsKeyParams(props)} manner="kms">
      {(found) => <TryOutTab found={found} />}
    </KeyFrame>
  )
}

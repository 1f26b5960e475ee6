import type { Metadata } from 'next'
import { KeyFrame } from '../../../../../kms/key-frame.tsx'
import type { KeyParams } from '../../../../../kms/key-page.ts'
import { KeyRotationTab } from '../../../../../kms/tabs/key-rotation.tsx'

export const metadata: Metadata = { title: 'Key rotation' }

export default function KeyRotationPage({ params }: { params: KeyParams }) {
  return <KeyFrame params={params}>{(found) => <KeyRotationTab found={found} />}</KeyFrame>
}

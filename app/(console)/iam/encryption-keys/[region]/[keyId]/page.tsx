import type { Metadata } from 'next'
import { KeyFrame } from '../../../../kms/key-frame.tsx'
import type { KeyParams } from '../../../../kms/key-page.ts'
import { KeySummaryTab } from '../../../../kms/tabs/key-summary.tsx'

export const metadata: Metadata = { title: 'Encryption key' }

export default function KeyPage({ params }: { params: KeyParams }) {
  return <KeyFrame params={params}>{(found) => <KeySummaryTab found={found} />}</KeyFrame>
}

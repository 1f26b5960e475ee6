import type { Metadata } from 'next'
import { KeyFrame } from '../../../../../kms/key-frame.tsx'
import type { KeyParams } from '../../../../../kms/key-page.ts'
import { TryOutTab } from '../../../../../kms/tabs/try-out.tsx'

export const metadata: Metadata = { title: 'Try a key' }

export default function TryOutPage({ params }: { params: KeyParams }) {
  return <KeyFrame params={params}>{(found) => <TryOutTab found={found} />}</KeyFrame>
}

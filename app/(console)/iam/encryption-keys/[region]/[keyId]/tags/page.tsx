import type { Metadata } from 'next'
import { KeyFrame } from '../../../../../kms/key-frame.tsx'
import type { KeyParams } from '../../../../../kms/key-page.ts'
import { KeyTagsTab } from '../../../../../kms/tabs/key-tags.tsx'

export const metadata: Metadata = { title: 'Tags of a key' }

export default function KeyTagsPage({ params }: { params: KeyParams }) {
  return <KeyFrame params={params}>{(found) => <KeyTagsTab found={found} />}</KeyFrame>
}

import type { Metadata } from 'next'
import { KeyFrame } from '../../../../../kms/key-frame.tsx'
import type { KeyParams } from '../../../../../kms/key-page.ts'
import { KeyAliasesTab } from '../../../../../kms/tabs/key-aliases.tsx'

export const metadata: Metadata = { title: 'Aliases of a key' }

export default function KeyAliasesPage({ params }: { params: KeyParams }) {
  return <KeyFrame params={params}>{(found) => <KeyAliasesTab found={found} />}</KeyFrame>
}

import type { Metadata } from 'next'
import { KeyFrame } from '../../../key-frame.tsx'
import { kmsKeyParams, type KmsKeyProps } from '../../../key-page.ts'
import { KeyAliasesTab } from '../../../tabs/key-aliases.tsx'

export const metadata: Metadata = { title: 'Aliases of a key' }

export default function KmsKeyAliasesPage(props: KmsKeyProps) {
  return (
    <KeyFrame params={kmsKeyParams(props)} manner="kms">
      {(found) => <KeyAliasesTab found={found} />}
    </KeyFrame>
  )
}

import type { Metadata } from 'next'
import { KeyFrame } from '../../../key-frame.tsx'
import { kmsKeyParams, type KmsKeyProps } from '../../../key-page.ts'
import { KeyTagsTab } from '../../../tabs/key-tags.tsx'

export const metadata: Metadata = { title: 'Tags of a key' }

export default function KmsKeyTagsPage(props: KmsKeyProps) {
  return (
    <KeyFrame params={kmsKeyParams(props)} manner="kms">
      {(found) => <KeyTagsTab found={found} />}
    </KeyFrame>
  )
}

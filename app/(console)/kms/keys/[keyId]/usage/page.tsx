import type { Metadata } from 'next'
import { readQuery } from '../../../../../query.ts'
import { KeyFrame } from '../../../key-frame.tsx'
import { kmsKeyParams, type KmsKeyProps } from '../../../key-page.ts'
import { KeyUsageTab } from '../../../tabs/key-usage.tsx'

export const metadata: Metadata = { title: 'Usage of a key' }

export default async function KmsKeyUsagePage(props: KmsKeyProps) {
  const { token } = await readQuery(props.searchParams, 'token')
  return (
    <KeyFrame params={kmsKeyParams(props)} manner="kms">
      {(found) => <KeyUsageTab found={found} token={token} />}
    </KeyFrame>
  )
}

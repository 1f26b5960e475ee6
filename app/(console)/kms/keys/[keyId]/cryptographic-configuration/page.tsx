import type { Metadata } from 'next'
import { KeyFrame } from '../../../key-frame.tsx'
import { kmsKeyParams, type KmsKeyProps } from '../../../key-page.ts'
import { CryptographicConfigurationTab } from '../../../tabs/cryptographic-configuration.tsx'

export const metadata: Metadata = { title: 'Cryptographic configuration' }

export default function KmsCryptographicConfigurationPage(props: KmsKeyProps) {
  return (
    <KeyFrame params={kmsKeyParams(props)} manner="kms">
      {(found) => <CryptographicConfigurationTab found={found} />}
    </KeyFrame>
  )
}

import { Panel } from '#components/ui/panel.tsx'
import { Properties } from '#components/ui/properties.tsx'
import type { FoundKey } from '../key-frame.tsx'

/** What kind of key it is, and what it can do. */
export function CryptographicConfigurationTab({ found: { key } }: { found: FoundKey }) {
  return (
    <Panel title="Cryptographic configuration">
      <Properties
        items={[
          ['Key type', 'Symmetric'],
          ['Origin', key.Origin],
          ['Key spec', key.KeySpec],
          ['Key usage', key.KeyUsage === 'ENCRYPT_DECRYPT' ? 'Encrypt and decrypt' : key.KeyUsage],
          ['Encryption algorithms', key.EncryptionAlgorithms.join(', ')],
          ['Key manager', key.KeyManager === 'AWS' ? 'AWS' : 'Customer'],
          ['Custom key store', 'None'],
        ]}
      />
    </Panel>
  )
}

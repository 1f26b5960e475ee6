import type { ReactNode } from 'react'
import { Belongs } from '#components/console/current-entry.tsx'
import { ProblemMessage } from '#components/console/problem-message.tsx'
import { PageHeader } from '#components/console/page-header.tsx'
import { KeyActions } from '#components/kms/key-actions.tsx'
import { KeyHeader, KmsKeyHeader, type KeyManner } from '#components/kms/key-header.tsx'
import { ShownKeys } from '#components/kms/shown-keys.tsx'
import { ListAliases } from '#lib/kms/api'
import { attempt } from '../../attempt.ts'
import { paths } from '../../paths.ts'
import { cancelDeletion, disableKeys, enableKeys, scheduleDeletion } from './actions.ts'
import { aliasName } from './alias-name.ts'
import { GeneralConfiguration } from './general-configuration.tsx'
import { keyOf, refusals, type KeyParams } from './key-page.ts'

/** In whose manner a key is shown decides where its pages are. */
export function keyHref({ region, key, manner }: FoundKey): string {
  return manner === 'kms' ? paths.kmsKey(region, key.KeyId) : paths.key(region, key.KeyId)
}

type Shown = Awaited<ReturnType<typeof keyOf>>
export type FoundKey = Omit<Shown, 'key'> & {
  key: Extract<Shown['key'], { ok: true }>['output']['KeyMetadata']
  /** What the key is called: its first alias, else its ID. */
  name: string
  aliases: readonly string[]
  awsManaged: boolean
  manner: KeyManner
}

/** A page of a key: its header and tabs, and under them what the page shows of it. */
export async function KeyFrame({ params, manner = 'iam', children }: { params: KeyParams; manner?: KeyManner; children: (found: FoundKey) => ReactNode }) {
  const shown = await keyOf(params)
  const { region, context, key: described } = shown
  if (!described.ok) {
    return (
      <>
        {manner === 'kms' && <Belongs within={customerManagedKeys} />}
        <PageHeader title={manner === 'iam' ? 'Encryption key' : 'Key'} trail={[manner === 'iam' ? ['Encryption keys', paths.encryptionKeys(region)] : ['Customer managed keys', paths.customerManagedKeys(region)]]} />
        <ProblemMessage problem={described.problem} />
      </>
    )
  }
  const key = described.output.KeyMetadata
  const listed = await attempt(ListAliases, context, { KeyId: key.KeyId })
  const aliases = listed.ok ? listed.output.Aliases.map(({ AliasName }) => aliasName(AliasName)) : []
  const name = aliases[0] ?? key.KeyId
  const awsManaged = key.KeyManager === 'AWS'
  const found: FoundKey = { ...shown, key, name, aliases, awsManaged, manner }
  return (
    <ShownKeys key={key.KeyId}>
      {manner === 'kms' ? (
        <>
          <Belongs within={awsManaged ? awsManagedKeys : customerManagedKeys} />
          <KmsKeyHeader
            region={region}
            keyId={key.KeyId}
            name={name}
            awsManaged={awsManaged}
            actions={
              <KeyActions
                region={region}
                keys={[{ keyId: key.KeyId, aliases: [name], state: key.KeyState, refusal: await refusals(context, key.KeyId, ['enable', 'disable', 'scheduleDeletion', 'cancelDeletion']) }]}
                actions={{ enable: enableKeys, disable: disableKeys, scheduleDeletion, cancelDeletion }}
              />
            }
            general={<GeneralConfiguration found={found} />}
          />
        </>
      ) : (
        <KeyHeader region={region} keyId={key.KeyId} name={name} awsManaged={awsManaged} />
      )}
      {children(found)}
    </ShownKeys>
  )
}

/** The lists of KMS, as its navigation knows them. */
const awsManagedKeys = '/kms/aws-managed-keys'
const customerManagedKeys = '/kms/customer-managed-keys'

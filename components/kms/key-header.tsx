import type { ReactNode } from 'react'
import { paths } from '#app/paths.ts'
import { PageHeader } from '#components/console/page-header.tsx'
import { TabLinks } from '#components/console/tab-links.tsx'
import { Message } from '#components/ui/message.tsx'
import { AwsMark } from './key-state.tsx'

/** What every page of a key begins with. */
export function KeyHeader({ region, keyId, name, awsManaged, actions }: { region: string; keyId: string; name: string; awsManaged: boolean; actions?: ReactNode }) {
  return (
    <>
      <PageHeader
        title={<KeyName name={name} awsManaged={awsManaged} />}
        trail={[['Encryption keys', paths.encryptionKeys(region)]]}
        actions={actions}
      />
      {awsManaged && <ManagedBanner />}
      <TabLinks
        label={name}
        tabs={[
          ['Summary', paths.key(region, keyId)],
          ['Key policy', paths.key(region, keyId, 'policy')],
          ['Tags', paths.key(region, keyId, 'tags')],
          ['Key rotation', paths.key(region, keyId, 'rotation')],
          ['Aliases', paths.key(region, keyId, 'aliases')],
          ['Try it', paths.key(region, keyId, 'try-out')],
        ]}
      />
    </>
  )
}

/** In whose manner a key is shown: the IAM console's Encryption keys, or KMS's own. */
export type KeyManner = 'iam' | 'kms'

/** What every page of a key begins with in KMS's manner: its general configuration stands over the tabs. */
export function KmsKeyHeader({ region, keyId, name, awsManaged, actions, general }: { region: string; keyId: string; name: string; awsManaged: boolean; actions: ReactNode; general: ReactNode }) {
  return (
    <>
      <PageHeader
        title={<KeyName name={name} awsManaged={awsManaged} />}
        trail={[awsManaged ? ['AWS managed keys', paths.awsManagedKeys(region)] : ['Customer managed keys', paths.customerManagedKeys(region)]]}
        actions={actions}
      />
      {awsManaged && <ManagedBanner />}
      {general}
      <TabLinks
        label={name}
        tabs={[
          ['Key policy', paths.kmsKey(region, keyId)],
          ['Cryptographic configuration', paths.kmsKey(region, keyId, 'cryptographic-configuration')],
          ['Tags', paths.kmsKey(region, keyId, 'tags')],
          ['Key rotation', paths.kmsKey(region, keyId, 'rotation')],
          ['Aliases', paths.kmsKey(region, keyId, 'aliases')],
          ['Usage', paths.kmsKey(region, keyId, 'usage')],
          ['Try it', paths.kmsKey(region, keyId, 'try-out')],
        ]}
      />
    </>
  )
}

function KeyName({ name, awsManaged }: { name: string; awsManaged: boolean }) {
  return (
    <span className="flex flex-wrap items-center gap-x-2.5">
      {name}
      {awsManaged && <AwsMark />}
    </span>
  )
}

function ManagedBanner() {
  return (
    <Message tone="managed" title="AWS manages this key">
      <p>It was created, and is used, on your behalf by CodeCommit. You may view and audit it; its key policy lets nobody change it, rotate it, use it directly or delete it, the root user included.</p>
    </Message>
  )
}

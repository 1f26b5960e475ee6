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
        title={
          <span className="flex flex-wrap items-center gap-x-2.5">
            {name}
            {awsManaged && <AwsMark />}
          </span>
        }
        trail={[['Encryption keys', paths.encryptionKeys(region)]]}
        actions={actions}
      />
      {awsManaged && (
        <Message tone="managed" title="AWS manages this key">
          <p>It was created, and is used, on your behalf by CodeCommit. You may view and audit it; its key policy lets nobody change it, rotate it, use it directly or delete it, the root user included.</p>
        </Message>
      )}
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

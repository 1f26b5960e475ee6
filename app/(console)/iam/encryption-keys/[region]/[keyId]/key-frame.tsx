import type { ReactNode } from 'react'
import { ProblemMessage } from '#components/console/problem-message.tsx'
import { PageHeader } from '#components/console/page-header.tsx'
import { KeyHeader } from '#components/kms/key-header.tsx'
import { ListAliases } from '#lib/kms/api'
import { attempt } from '../../../../../attempt.ts'
import { paths } from '../../../../../paths.ts'
import { aliasName } from '../../../../kms/alias-name.ts'
import { keyOf, type KeyParams } from './key-page.ts'

type Shown = Awaited<ReturnType<typeof keyOf>>
type Found = Omit<Shown, 'key'> & {
  key: Extract<Shown['key'], { ok: true }>['output']['KeyMetadata']
  /** What the key is called: its first alias, else its ID. */
  name: string
  aliases: readonly string[]
  awsManaged: boolean
}

/** A page of a key: its header and tabs, and under them what the page shows of it. */
export async function KeyFrame({ params, children }: { params: KeyParams; children: (found: Found) => Promise<ReactNode> }) {
  const shown = await keyOf(params)
  const { region, context, key: described } = shown
  if (!described.ok) {
    return (
      <>
        <PageHeader title="Encryption key" trail={[['Encryption keys', paths.encryptionKeys(region)]]} />
        <ProblemMessage problem={described.problem} />
      </>
    )
  }
  const key = described.output.KeyMetadata
  const listed = await attempt(ListAliases, context, { KeyId: key.KeyId })
  const aliases = listed.ok ? listed.output.Aliases.map(({ AliasName }) => aliasName(AliasName)) : []
  const name = aliases[0] ?? key.KeyId
  const awsManaged = key.KeyManager === 'AWS'
  return (
    <>
      <KeyHeader region={region} keyId={key.KeyId} name={name} awsManaged={awsManaged} />
      {await children({ ...shown, key, name, aliases, awsManaged })}
    </>
  )
}

import type { Metadata } from 'next'
import { UserHeader } from '#components/iam/user-header.tsx'
import { readSegment } from '../../../../../query.ts'
import { requestContext } from '../../../../../session.ts'
import { AccessKeys, ConsolePassword, GitCredentials, SshPublicKeys } from '../../../credential-panels.tsx'
import { MfaDevices } from '../../../mfa-panel.tsx'

export const metadata: Metadata = { title: 'Security credentials' }

export default async function SecurityCredentialsPage({ params }: { params: Promise<{ name: string }> }) {
  const UserName = readSegment((await params).name)
  const context = await requestContext()
  return (
    <>
      <UserHeader userName={UserName} />
      <GitCredentials context={context} UserName={UserName} />
      <SshPublicKeys context={context} UserName={UserName} />
      <AccessKeys context={context} UserName={UserName} />
      <ConsolePassword context={context} UserName={UserName} />
      <MfaDevices context={context} UserName={UserName} />
    </>
  )
}

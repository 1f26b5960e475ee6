import type { ReactNode } from 'react'
import { paths } from '#app/paths.ts'
import { PageHeader } from '#components/console/page-header.tsx'
import { TabLinks } from '#components/console/tab-links.tsx'

/** What every page of a user begins with. */
export function UserHeader({ userName, actions }: { userName: string; actions?: ReactNode }) {
  return (
    <>
      <PageHeader title={userName} trail={[['Users', paths.users()]]} actions={actions} />
      <TabLinks
        label={userName}
        tabs={[
          ['Permissions', paths.user(userName)],
          ['Groups', paths.user(userName, 'groups')],
          ['Security credentials', paths.user(userName, 'security-credentials')],
        ]}
      />
    </>
  )
}

import { paths } from '#app/paths.ts'
import { PageHeader } from '#components/console/page-header.tsx'
import { TabLinks } from '#components/console/tab-links.tsx'
import type { ReactNode } from 'react'

/** What every page of a repository begins with. */
export function RepositoryHeader({ region, repositoryName, description, actions }: { region: string; repositoryName: string; description?: string | undefined; actions?: ReactNode }) {
  return (
    <>
      <PageHeader title={repositoryName} trail={[['Repositories', paths.repositories(region)]]} {...(description !== undefined && { description })} actions={actions} />
      <TabLinks
        label={repositoryName}
        tabs={[
          ['Code', paths.repository(region, repositoryName)],
          ['Commits', paths.commits(region, repositoryName)],
          ['Branches', paths.branches(region, repositoryName)],
          ['Git tags', paths.gitTags(region, repositoryName)],
          ['Compare', paths.compare(region, repositoryName)],
          ['Encryption', paths.repositoryEncryption(region, repositoryName)],
          ['Settings', paths.repositorySettings(region, repositoryName)],
        ]}
      />
    </>
  )
}

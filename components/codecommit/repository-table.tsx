'use client'
import { paths } from '#app/paths.ts'
import { ButtonLink, Link } from '#components/console/link.tsx'
import type { ListPage } from '#components/console/list-page.ts'
import { MoreRows } from '#components/console/more-rows.tsx'
import { usePagedList } from '#components/console/paged-list.ts'
import { TimeAgo } from '#components/console/time.tsx'
import { CopyButton } from '#components/ui/copy-button.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Table, type Column } from '#components/ui/table.tsx'

type Repository = Readonly<{ repositoryName: string; repositoryId: string; lastModifiedDate: string; cloneUrlHttp: string; cloneUrlSsh: string }>

/** The repositories of a Region, as far as they have been loaded. */
export function RepositoryTable({ region, regionName, url, first, filtered }: { region: string; regionName: string; url: string; first: ListPage<Repository>; filtered: boolean }) {
  const list = usePagedList(url, first, repositoryId)
  const columns: Column<Repository>[] = [
    {
      id: 'name',
      header: 'Name',
      value: ({ repositoryName }) => repositoryName,
      cell: ({ repositoryName }) => (
        <Link href={paths.repository(region, repositoryName)} className="font-medium wrap-anywhere">
          {repositoryName}
        </Link>
      ),
    },
    {
      id: 'id',
      header: 'Repository ID',
      value: repositoryId,
      width: 'w-76',
      cell: ({ repositoryId }) => (
        <span className="inline-flex items-center gap-0.5 whitespace-nowrap">
          <span className="identifier">{repositoryId}</span>
          <CopyButton text={repositoryId} label="Copy repository ID" className="-my-1" />
        </span>
      ),
      secondary: true,
    },
    {
      id: 'modified',
      header: 'Last modified',
      value: ({ lastModifiedDate }) => lastModifiedDate,
      width: 'w-36',
      cell: ({ lastModifiedDate }) => <TimeAgo at={lastModifiedDate} />,
    },
    {
      id: 'clone',
      header: 'Clone URL',
      value: ({ cloneUrlHttp }) => cloneUrlHttp,
      width: 'w-44',
      sortable: false,
      cell: ({ repositoryName, cloneUrlHttp, cloneUrlSsh }) => (
        <span className="flex flex-wrap gap-x-3 text-ink-2">
          <span className="inline-flex items-center">
            HTTPS
            <CopyButton text={cloneUrlHttp} label={`Copy HTTPS clone URL of ${repositoryName}`} className="-my-1" />
          </span>
          <span className="inline-flex items-center">
            SSH
            <CopyButton text={cloneUrlSsh} label={`Copy SSH clone URL of ${repositoryName}`} className="-my-1" />
          </span>
        </span>
      ),
      secondary: true,
    },
  ]
  return (
    <>
      <Table
        label="Repositories"
        columns={columns}
        rows={list.rows}
        rowId={repositoryId}
        growing={list.growing}
        empty={
          filtered ? (
            <EmptyState title="No repository has that in its name">The list is of {regionName} alone; “Find in all Regions” looks in every one.</EmptyState>
          ) : (
            <EmptyState
              title={`No repositories in ${regionName}`}
              actions={
                <ButtonLink href={paths.createRepository(region)} variant="primary">
                  Create repository
                </ButtonLink>
              }
            >
              The first one makes this Region’s aws/codecommit key, which encrypts it and every later one.
            </EmptyState>
          )
        }
      />
      <MoreRows list={list} noun="repositories" />
    </>
  )
}

function repositoryId(repository: Repository): string {
  return repository.repositoryId
}

import { CodeShortcuts } from '#components/codecommit/code-shortcuts.tsx'
import { PathTrail } from '#components/codecommit/path-trail.tsx'
import { RefChooser } from '#components/codecommit/ref-chooser.tsx'
import { ButtonLink } from '#components/console/link.tsx'
import { paths } from '../../../../paths.ts'
import { referenceNames } from '../../actions.ts'

/** What stands above code: at what it is shown, where in the repository, and the ways to find something. */
export function CodeBar({
  region,
  repositoryName,
  at,
  asked,
  defaultBranch,
  path,
  commitId,
}: {
  region: string
  repositoryName: string
  at: string
  asked: string | undefined
  defaultBranch: string | undefined
  path: string
  /** What `at` means now, for the permanent link. */
  commitId: string | undefined
}) {
  const ref = asked === undefined ? {} : { ref: asked }
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
      <RefChooser region={region} repositoryName={repositoryName} current={at} defaultBranch={defaultBranch} names={referenceNames} />
      <div className="min-w-40 grow">
        <PathTrail region={region} repositoryName={repositoryName} path={path} at={asked} />
      </div>
      <div className="flex flex-wrap gap-2">
        <ButtonLink href={paths.findFile(region, repositoryName, ref)} icon="file" title="Find a file by name (t)">
          Find file
        </ButtonLink>
        <ButtonLink href={paths.searchFiles(region, repositoryName, ref)} icon="search">
          Search
        </ButtonLink>
      </div>
      <CodeShortcuts
        find={paths.findFile(region, repositoryName, ref)}
        blame={path === '' ? undefined : paths.blame(region, repositoryName, path, ref)}
        permalink={commitId === undefined ? undefined : path === '' ? paths.repository(region, repositoryName, { ref: commitId }) : paths.browse(region, repositoryName, path, { ref: commitId })}
      />
    </div>
  )
}

import { Fragment } from 'react'
import { paths } from '#app/paths.ts'
import { Link } from '#components/console/link.tsx'
import { CopyButton } from '#components/ui/copy-button.tsx'

/** Where in the repository a file or folder is, each part above it a link. */
export function PathTrail({ region, repositoryName, path, at }: { region: string; repositoryName: string; path: string; at: string | undefined }) {
  const query = at === undefined ? {} : { ref: at }
  const parts = path === '' ? [] : path.split('/')
  return (
    <nav aria-label="Path" className="flex min-w-0 flex-wrap items-center gap-1">
      <Link href={paths.repository(region, repositoryName, query)}>{repositoryName}</Link>
      {parts.map((part, index) => (
        <Fragment key={index}>
          <span className="text-ink-3">/</span>
          {index === parts.length - 1 ? (
            <span aria-current="page" className="font-medium wrap-anywhere">
              {part}
            </span>
          ) : (
            <Link href={paths.browse(region, repositoryName, parts.slice(0, index + 1).join('/'), query)} className="wrap-anywhere">
              {part}
            </Link>
          )}
        </Fragment>
      ))}
      {path !== '' && <CopyButton text={path} label="Copy path" />}
    </nav>
  )
}

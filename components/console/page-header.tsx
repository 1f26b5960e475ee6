import type { ReactNode } from 'react'
import { Icon } from '#components/ui/icon.tsx'
import { Link } from './link.tsx'

/** What page this is, where it stands, and what can be done on it. */
export function PageHeader({
  title,
  trail = [],
  description,
  actions,
}: {
  title: ReactNode
  /** The pages above, outermost first. */
  trail?: readonly (readonly [name: string, href: string])[]
  description?: ReactNode
  actions?: ReactNode
}) {
  return (
    <header className="flex flex-wrap items-end gap-x-4 gap-y-2">
      <div className="flex min-w-0 grow basis-72 flex-col gap-0.5">
        {trail.length > 0 && <Breadcrumbs trail={trail} />}
        <h1 className="text-title font-semibold tracking-tight wrap-anywhere">{title}</h1>
        {description !== undefined && <div className="max-w-3xl text-ink-2">{description}</div>}
      </div>
      {actions !== undefined && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
    </header>
  )
}

function Breadcrumbs({ trail }: { trail: readonly (readonly [name: string, href: string])[] }) {
  return (
    <nav aria-label="Breadcrumbs">
      <ol className="flex flex-wrap items-center gap-1 text-small">
        {trail.map(([name, href]) => (
          <li key={href} className="flex items-center gap-1">
            <Link href={href}>{name}</Link>
            <Icon name="chevronRight" className="size-3 text-ink-3" />
          </li>
        ))}
      </ol>
    </nav>
  )
}

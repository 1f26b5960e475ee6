import { paths, type EventQuery } from '#app/paths.ts'
import { PlainLink } from '#components/console/link.tsx'
import { classNames } from '#components/ui/class-names.ts'
import { Icon } from '#components/ui/icon.tsx'
import { Skeleton } from '#components/ui/skeleton.tsx'

/** One way to narrow the events down: a condition, and how many events each of its values has. */
export type Facet = Readonly<{
  name: string
  condition: keyof EventQuery
  values: readonly Readonly<{ value: string; label: string; count: number }>[]
}>

/** The values that the events have, with counts: each leads to those events, and a chosen one back to all. */
export function EventFacets({ region, query, facets }: { region: string; query: EventQuery; facets: readonly Facet[] }) {
  const { token: _place, event: _shown, ...conditions } = query
  return (
    <nav aria-label="Narrow down" className={columnClass}>
      {/* Open where there is room beside the list: a summary cannot know, so there are two. */}
      <details className="lg:hidden">
        <summary className="font-medium">Narrow down</summary>
        <div className="grid gap-4 pt-3 sm:grid-cols-2">
          <Lists region={region} conditions={conditions} facets={facets} />
        </div>
      </details>
      <div className="hidden flex-col gap-4 lg:flex">
        <Lists region={region} conditions={conditions} facets={facets} />
      </div>
    </nav>
  )
}

/** The shape of the facets while they are counted. */
export function EventFacetsSkeleton() {
  return (
    <div role="status" aria-label="Counting" className={classNames(columnClass, 'max-lg:h-9')}>
      <div className="hidden flex-col gap-3 lg:flex">
        {Array.from({ length: 12 }, (_, row) => (
          <Skeleton key={row} className={row % 4 === 0 ? 'w-20' : 'w-40'} />
        ))}
      </div>
    </div>
  )
}

function Lists({ region, conditions, facets }: { region: string; conditions: EventQuery; facets: readonly Facet[] }) {
  return facets
    .filter(({ values }) => values.length > 0)
    .map(({ name, condition, values }) => (
      <section key={condition} aria-label={name} className="min-w-0">
        <h2 className="pb-0.5 text-small font-medium text-ink-3">{name}</h2>
        <ul>
          {values.slice(0, mostShown).map(({ value, label, count }) => {
            const chosen = conditions[condition] === value
            return (
              <li key={value}>
                <PlainLink
                  href={paths.events(region, { ...conditions, [condition]: chosen ? '' : value })}
                  aria-current={chosen ? 'true' : undefined}
                  title={chosen ? `Remove the condition ${name}` : value}
                  className={classNames('flex min-h-6 items-center gap-2 rounded-control px-1.5 hover:bg-hover', chosen ? 'bg-selected font-medium' : 'text-ink-2')}
                >
                  <span className="min-w-0 grow truncate">{label}</span>
                  {chosen && <Icon name="close" className="size-3.5" />}
                  <span className="tabular text-small text-ink-3">{count.toLocaleString('en')}</span>
                </PlainLink>
              </li>
            )
          })}
        </ul>
        {values.length > mostShown && <p className="px-1.5 text-small text-ink-3">and {(values.length - mostShown).toLocaleString('en')} more</p>}
      </section>
    ))
}

const mostShown = 7
const columnClass = 'min-w-0 shrink-0 lg:w-48'

import { paths } from '#app/paths.ts'
import type { EventSummary } from './event-summary.ts'

/** The access explainer with the question that policy answered in this event; undefined where it answered none, or nobody's. */
export function explainHref({ denied, userArn, source, name, resources, region, repositoryId }: EventSummary): string | undefined {
  if (!denied || userArn === undefined) return undefined
  return paths.explain({ user: userArn, operation: `${source.split('.')[0] ?? ''}:${name}`, resource: resources[0]?.name, region, repositoryId })
}

import type { Facet } from '#components/cloudtrail/event-facets.tsx'
import type { EventSummary, FacetValue } from '#lib/cloudtrail/history'

/** The facets of what was counted. `names` are those of repositories, by their IDs. */
export function facetsOf({ Outcomes, Usernames, EventNames, EventSources, Keys, RepositoryIds }: EventSummary, names: Readonly<Record<string, string>>): Facet[] {
  const outcomes = [
    { value: 'Succeeded', label: 'Done', count: Outcomes.Succeeded },
    { value: 'Failed', label: 'Failed or refused', count: Outcomes.Failed },
    { value: 'AccessDenied', label: 'Refused by policy', count: Outcomes.AccessDenied },
  ]
  return [
    { name: 'Outcome', condition: 'Outcome', values: outcomes.filter(({ count }) => count > 0) },
    { name: 'User', condition: 'Username', values: Usernames.map(valueOf) },
    { name: 'Operation', condition: 'EventName', values: EventNames.map(valueOf) },
    { name: 'Key', condition: 'ResourceName', values: Keys.map(({ Value, Count }) => ({ value: Value, label: Value.replace(/^.*:key\//, ''), count: Count })) },
    { name: 'Repository', condition: 'RepositoryId', values: RepositoryIds.map(({ Value, Count }) => ({ value: Value, label: names[Value] ?? Value, count: Count })) },
    { name: 'Service', condition: 'EventSource', values: EventSources.map(({ Value, Count }) => ({ value: Value, label: Value.replace('.amazonaws.com', ''), count: Count })) },
  ]
}

function valueOf({ Value, Count }: FacetValue) {
  return { value: Value, label: Value, count: Count }
}

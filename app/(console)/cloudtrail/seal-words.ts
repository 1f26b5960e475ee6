import { formatTime } from '#components/console/time.tsx'
import type { SealState } from '#lib/cloudtrail/event-seals'

/** What the seals of a period say, in words. They are of all Regions: the order of recording knows none. */
export function sealWords({ verified, notSealed, altered, back }: SealState): string {
  const [first] = altered
  return [
    first && `What is stored from ${formatTime(new Date(first[0]))} to ${formatTime(new Date(first[1]))} is not what was sealed${altered.length > 1 ? `, nor ${altered.length - 1} more` : ''}.`,
    verified > 0 && `${verified.toLocaleString('en')} events of all Regions stand as they were sealed${back === undefined ? '' : `, back to ${formatTime(new Date(back))}`}.`,
    notSealed > 0 && `${notSealed.toLocaleString('en')} of the last minutes are not sealed yet.`,
  ]
    .filter(Boolean)
    .join(' ')
}

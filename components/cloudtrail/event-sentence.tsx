import type { EventSummary } from './event-summary.ts'
import { eventWords } from './event-words.ts'

/** An event as a sentence: who did what to what, through which service, and how it ended. */
export function EventSentence({ event, names }: { event: EventSummary; names?: Readonly<Record<string, string>> }) {
  const { who, through, did, to, about, ended } = eventWords(event, names)
  return (
    <>
      <b className="font-medium">{who}</b> {did}
      {to !== undefined && (
        <>
          {' '}
          <span className="identifier text-ink">{to}</span>
        </>
      )}
      {about && (
        <>
          {' '}
          {about[0]} <span className="identifier text-ink">{about[1]}</span>
        </>
      )}
      {through !== undefined && `, through ${through}`}
      {ended === undefined ? '.' : `; ${ended}.`}
    </>
  )
}

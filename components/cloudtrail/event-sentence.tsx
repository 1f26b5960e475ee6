import { Fragment } from 'react'
import type { EventSummary } from './event-summary.ts'
import { eventWords } from './event-words.ts'

/** An event as a sentence: who did what to what, through which service, and how it ended. */
export function EventSentence({ event, names }: { event: EventSummary; names?: Readonly<Record<string, string>> }) {
  const { who, through, did, ended } = eventWords(event, names)
  return (
    <>
      <b className="font-medium">{who}</b>
      {did.map(({ text, isName }, index) => (
        <Fragment key={index}> {isName ? <span className="identifier text-ink">{text}</span> : text}</Fragment>
      ))}
      {through !== undefined && `, through ${through}`}
      {ended === undefined ? '.' : `; ${ended}.`}
    </>
  )
}

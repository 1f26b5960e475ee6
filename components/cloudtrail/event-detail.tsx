'use client'
import { useEffect, useRef } from 'react'
import { paths } from '#app/paths.ts'
import { Copyable } from '#components/console/copyable.tsx'
import { ButtonLink, Link } from '#components/console/link.tsx'
import { Time } from '#components/console/time.tsx'
import { IconButton } from '#components/ui/button.tsx'
import { CodeBlock } from '#components/ui/code-block.tsx'
import { EventSentence } from './event-sentence.tsx'
import { explainHref } from './explain-href.ts'
import type { EventSummary } from './event-summary.ts'
import { EventOutcome } from './event-table.tsx'

/** One event beside the list: the sentence, what it is found by, and the record as it is. */
export function EventDetail({ event, names, onClose }: { event: EventSummary; names: Readonly<Record<string, string>>; onClose: () => void }) {
  const heading = useRef<HTMLHeadingElement>(null)
  const why = explainHref(event)
  useEffect(() => {
    // Under the list on a narrow screen: it comes into view, and a screen reader begins here.
    heading.current?.focus({ preventScroll: innerWidth >= 1280 })
  }, [event.eventId])
  return (
    <section
      aria-label="Event"
      onKeyDown={(key) => {
        if (key.key === 'Escape') onClose()
      }}
      className="flex min-w-0 flex-col rounded-panel border border-line bg-surface xl:sticky xl:top-[calc(var(--bar-height)+1rem)] xl:max-h-[calc(100vh-var(--bar-height)-2rem)]"
    >
      <div className="flex items-start gap-2 border-b border-line py-2 pr-2 pl-4">
        <h2 ref={heading} tabIndex={-1} className="grow py-0.5 text-lead font-semibold wrap-anywhere outline-none">
          {event.name}
        </h2>
        <ButtonLink href={paths.event(event.region, event.eventId)}>Open</ButtonLink>
        <IconButton icon="close" label="Close the event" onClick={onClose} />
      </div>
      <div className="flex min-h-0 flex-col gap-3 overflow-y-auto p-4">
        <p className="wrap-anywhere">
          <EventSentence event={event} names={names} />
        </p>
        <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1">
          <dt className="text-ink-3">Time</dt>
          <dd>
            <Time at={event.time} />
          </dd>
          <dt className="text-ink-3">Outcome</dt>
          <dd>
            <EventOutcome event={event} />
          </dd>
          <dt className="text-ink-3">User</dt>
          <dd className="wrap-anywhere">
            <Link href={paths.events(event.region, { Username: event.user })}>{event.user}</Link>
          </dd>
          {event.repositoryId !== undefined && (
            <>
              <dt className="text-ink-3">Repository</dt>
              <dd className="wrap-anywhere">
                <Link href={paths.lookup(event.repositoryId)}>{names[event.repositoryId] ?? event.repositoryId}</Link>
              </dd>
            </>
          )}
          {event.resources.map(({ name, type }) => (
            <div key={name} className="contents">
              <dt className="text-ink-3">{type.split('::').at(-1)}</dt>
              <dd>
                <Copyable text={name} name="ARN" />
              </dd>
            </div>
          ))}
        </dl>
        {event.errorMessage !== undefined && (
          <div className="flex flex-col items-start gap-2 rounded-control bg-danger-soft px-3 py-2 text-small wrap-anywhere">
            <p>{event.errorMessage}</p>
            {why !== undefined && <ButtonLink href={why}>Why was this refused?</ButtonLink>}
          </div>
        )}
        <CodeBlock code={JSON.stringify(JSON.parse(event.record), null, 2)} label="event record" />
      </div>
    </section>
  )
}

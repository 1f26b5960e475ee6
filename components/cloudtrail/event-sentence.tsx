import type { EventSummary } from './event-table.tsx'

/** An event in words: who asked for what, on what, and how it ended. */
export function EventSentence({ event }: { event: EventSummary }) {
  const { user, invokedBy, name, source, resources, errorCode } = event
  const [resource] = resources
  const service = source.replace('.amazonaws.com', '')
  return (
    <>
      {invokedBy !== undefined && invokedBy !== user ? `${invokedBy}, for ${user},` : user} asked {service} for {name}
      {resource && (
        <>
          {' '}
          on <span className="identifier">{resource.name.split(':').slice(5).join(':') || resource.name}</span>
        </>
      )}
      {errorCode === undefined ? ', and it was done.' : `, and was refused: ${errorCode}.`}
    </>
  )
}

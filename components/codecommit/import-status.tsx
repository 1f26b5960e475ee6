'use client'
import { useQuery } from '@tanstack/react-query'
import { paths } from '#app/paths.ts'
import type { Action } from '#components/console/action-state.ts'
import { DialogForm } from '#components/console/dialog-form.tsx'
import { ButtonLink } from '#components/console/link.tsx'
import { queries } from '#components/console/queries.ts'
import { Time } from '#components/console/time.tsx'
import { Message } from '#components/ui/message.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { ProgressBar } from '#components/ui/progress-bar.tsx'
import { Properties } from '#components/ui/properties.tsx'
import type { Import } from '#lib/codecommit/import/jobs'
import { stateNames } from './import-table.tsx'

type View = Omit<Import, 'startedAt' | 'endedAt'> & Readonly<{ startedAt: string; endedAt?: string }>

/** How far an import is, asked again while it goes on, and what came of it. The import itself does not need the page. */
export function ImportStatus({ region, first, cancel }: { region: string; first: View; cancel: Action }) {
  const { data, error } = useQuery(
    {
      queryKey: ['import', first.importId],
      queryFn: async (): Promise<View> => {
        const response = await fetch(paths.importStatus(region, first.importId))
        if (!response.ok) throw new Error(((await response.json()) as { message: string }).message)
        return (await response.json()) as View
      },
      initialData: first,
      // A later visit begins with what the server says then.
      gcTime: 0,
      retry: 5,
      // Each look is an event of the trail: often at first, then less.
      refetchInterval: ({ state }) => (state.data?.state === 'IN_PROGRESS' ? (state.dataUpdateCount < 30 ? 1000 : 3000) : false),
    },
    queries(),
  )
  const going = data.state === 'IN_PROGRESS'
  return (
    <>
      <Panel
        title={stateNames[data.state]}
        actions={
          going ? (
            <DialogForm button="Cancel import" title="Cancel this import?" description="Nothing of the source is kept. The repository stays, empty." action={cancel} hidden={{ region, importId: data.importId }} submit="Cancel import" danger />
          ) : data.state === 'SUCCEEDED' ? (
            <ButtonLink href={paths.repository(region, data.repositoryName)} variant="primary">
              View repository
            </ButtonLink>
          ) : (
            <ButtonLink href={paths.createImport(region)}>Import again</ButtonLink>
          )
        }
      >
        <div className="flex flex-col gap-4">
          {going && <Progress {...data} />}
          {error && <Message tone="warning" title="It cannot be told how far the import is" live>{error.message}</Message>}
          <Outcome {...data} />
          <Properties
            items={[
              ['Branches, tags, notes', `${data.branches}, ${data.tags}, ${data.notes}`],
              ['Objects received', data.progress.objectsReceived.toLocaleString('en-US')],
              ['Bytes received', bytes(data.progress.bytesReceived)],
              ['Started', <Time key="started" at={data.startedAt} />],
              ...(data.endedAt === undefined ? [] : [['Ended', <Time key="ended" at={data.endedAt} />] as const]),
              ['Started by', <span key="by" className="identifier wrap-anywhere">{data.startedBy}</span>],
            ]}
          />
        </div>
      </Panel>
    </>
  )
}

function Progress({ progress }: View) {
  const { phase, objectsReceived, objectsTotal, bytesReceived, bytesPerSecond, secondsLeft, checked, checkTotal } = progress
  const share = phase === 'RECEIVING' ? [objectsReceived, objectsTotal] : phase === 'CHECKING' ? [checked, checkTotal] : undefined
  const now = {
    CONNECTING: 'The source prepares what it sends',
    RECEIVING: `Receiving: ${objectsReceived.toLocaleString('en-US')} of ${objectsTotal.toLocaleString('en-US')} objects, ${bytes(bytesReceived)}, ${bytes(bytesPerSecond)} a second`,
    CHECKING: `Checking: ${checked.toLocaleString('en-US')} of ${checkTotal.toLocaleString('en-US')} deltas`,
    STORING: 'Encrypting and storing',
  }[phase]
  return (
    <div className="flex flex-col gap-1.5">
      <ProgressBar label="Import" text={now} {...(share && { value: share[0] ?? 0, of: share[1] ?? 0 })} />
      <div className="flex flex-wrap justify-between gap-x-4 text-small text-ink-2">
        <span>{now}</span>
        {secondsLeft !== undefined && <span className="tabular">{duration(secondsLeft)} left</span>}
      </div>
      {/* Said aloud when what is done changes, not at every number. */}
      <p className="sr-only" aria-live="polite">
        {phases[phase]}
      </p>
      <p className="text-small text-ink-3">It goes on when you leave this page.</p>
    </div>
  )
}

function Outcome({ state, failure, leftOut }: View) {
  return (
    <>
      {state === 'SUCCEEDED' && <Message tone="success" title="Everything that was received was checked, encrypted and stored." live />}
      {state === 'FAILED' && (
        <Message tone="danger" title={failure?.message ?? 'The import has failed.'} live>
          <p>
            <code>{failure?.code}</code>. Nothing of the source was kept.
          </p>
        </Message>
      )}
      {state === 'CANCELLED' && <Message tone="info" title="The import was cancelled. Nothing of the source was kept." live />}
      {state === 'INTERRUPTED' && <Message tone="warning" title="The server was stopped while this import was going on. Nothing of the source was kept." live />}
      {leftOut.length > 0 && (
        <Message tone="info" title="Left out">
          <ul className="list-inside list-disc">
            {leftOut.map(({ what, refs }) => (
              <li key={what}>
                {what}: {refs.toLocaleString('en-US')} {refs === 1 ? 'ref' : 'refs'}
              </li>
            ))}
          </ul>
        </Message>
      )}
    </>
  )
}

const phases = { CONNECTING: 'Connecting', RECEIVING: 'Receiving objects', CHECKING: 'Checking objects', STORING: 'Encrypting and storing' } as const

function bytes(count: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB']
  const power = count < 1024 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(count) / 10))
  return power === 0 ? `${count} bytes` : `${(count / 1024 ** power).toFixed(1)} ${units[power] ?? ''}`
}

function duration(seconds: number): string {
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

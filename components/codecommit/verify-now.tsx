'use client'
import { useEffect, useState, useTransition } from 'react'
import { Time } from '#components/console/time.tsx'
import { ProblemMessage } from '#components/console/problem-message.tsx'
import type { Problem } from '#components/console/action-state.ts'
import { Button } from '#components/ui/button.tsx'
import { Message } from '#components/ui/message.tsx'

/** A verification as a page shows it: plain data. */
export type ShownVerification = Readonly<{
  state: 'IN_PROGRESS' | 'WHOLE' | 'DAMAGED' | 'FAILED' | 'STOPPED' | 'INTERRUPTED'
  startedBy: string
  startedAt: string
  endedAt?: string
  phase: 'WAITING' | 'OPENING' | 'CHECKING'
  bytesOpened: number
  bytesTotal: number
  objectsChecked: number
  objectsTotal: number
  damage: readonly Readonly<{ kind: string; object: string; problem: string }>[]
  damageCount: number
  failure?: Readonly<{ code: string; message: string }>
}>

export type VerificationState = Readonly<{ problem: Problem } | { verification: ShownVerification | undefined }>

/** Opens every sealed object anew, and shows how far that is; it goes on when the page is left. */
export function VerifyNow({ region, repositoryName, initial, act }: { region: string; repositoryName: string; initial: VerificationState; act: (what: 'start' | 'get' | 'stop', region: string, repositoryName: string) => Promise<VerificationState> }) {
  const [state, setState] = useState(initial)
  const [pending, start] = useTransition()
  const verification = 'verification' in state ? state.verification : undefined
  const running = verification?.state === 'IN_PROGRESS'
  useEffect(() => {
    if (!running) return
    const timer = setInterval(() => void act('get', region, repositoryName).then(setState), 1500)
    return () => clearInterval(timer)
  }, [running, act, region, repositoryName])
  const run = (what: 'start' | 'stop') => start(async () => setState(await act(what, region, repositoryName)))
  return (
    <div className="flex flex-col items-start gap-3">
      {running ? (
        <Button onClick={() => run('stop')} busy={pending}>
          Stop
        </Button>
      ) : (
        <Button variant="primary" icon="lock" onClick={() => run('start')} busy={pending}>
          Verify now
        </Button>
      )}
      {'problem' in state && <ProblemMessage problem={state.problem} live />}
      {verification && <Outcome verification={verification} />}
    </div>
  )
}

function Outcome({ verification }: { verification: ShownVerification }) {
  const { state, phase, bytesOpened, bytesTotal, objectsChecked, objectsTotal, damage, damageCount, failure, startedAt, endedAt, startedBy } = verification
  if (state === 'IN_PROGRESS') {
    const [done, all] = phase === 'CHECKING' ? [objectsChecked, objectsTotal] : [bytesOpened, bytesTotal]
    return (
      <div className="flex w-full max-w-xl flex-col gap-1">
        <progress aria-label="Verification" max={Math.max(1, all)} value={done} className="h-2 w-full accent-accent" />
        <p role="status" className="tabular text-small text-ink-2">
          {phase === 'WAITING' ? 'Waiting for its turn' : phase === 'OPENING' ? `Opening: ${bytesOpened.toLocaleString('en')} of ${bytesTotal.toLocaleString('en')} bytes` : `Checking: ${objectsChecked.toLocaleString('en')} of ${objectsTotal.toLocaleString('en')} Git objects`}
        </p>
      </div>
    )
  }
  const when = (
    <p className="text-small">
      <Time at={endedAt ?? startedAt} /> by <span className="identifier">{startedBy}</span>
    </p>
  )
  if (state === 'WHOLE') {
    return (
      <Message tone="success" title="Every sealed object opens, and every Git object is whole" live>
        <p>
          {bytesTotal.toLocaleString('en')} bytes opened, {objectsTotal.toLocaleString('en')} Git objects checked.
        </p>
        {when}
      </Message>
    )
  }
  if (state === 'DAMAGED') {
    return (
      <Message tone="danger" title={`${damageCount.toLocaleString('en')} ${damageCount === 1 ? 'thing is' : 'things are'} damaged`} live>
        <ul>
          {damage.slice(0, 50).map(({ kind, object, problem }, index) => (
            <li key={index}>
              {kind} <span className="identifier">{object}</span>: {problem}
            </li>
          ))}
        </ul>
        {damageCount > 50 && <p>The first 50 of them.</p>}
        {when}
      </Message>
    )
  }
  return (
    <Message tone="warning" title={state === 'FAILED' ? (failure?.message ?? 'It could not be found out.') : state === 'STOPPED' ? 'It was stopped before its end' : 'The server stopped before its end'} live>
      {when}
    </Message>
  )
}

'use client'
import { useState, useTransition } from 'react'
import type { Action, ActionState } from '#components/console/action-state.ts'
import { Status } from '#components/ui/badge.tsx'
import { Button } from '#components/ui/button.tsx'

/** Whether the events of the shown period stand as they were sealed: read again when it is asked for. */
export function EventIntegrity({ region, from, to, verify }: { region: string; from: string | undefined; to: string | undefined; verify: Action }) {
  const [answer, setAnswer] = useState<ActionState>()
  const [pending, start] = useTransition()
  function ask() {
    const form = new FormData()
    for (const [name, value] of Object.entries({ region, StartTime: from ?? '', EndTime: to ?? '' })) form.set(name, value)
    start(async () => setAnswer(await verify(form)))
  }
  const state = answer?.outcome === 'done' ? answer.answer?.['state'] : undefined
  return (
    <span className="flex flex-wrap items-center gap-y-1">
      <span role="status" className="flex flex-wrap items-center gap-x-2 text-small text-ink-2 not-empty:mr-3">
        {state !== undefined && <Status tone={state === 'Verified' ? 'success' : state === 'Altered' ? 'danger' : 'neutral'}>{words[state] ?? state}</Status>}
        {answer?.outcome === 'done' ? answer.answer?.['text'] : answer?.problem.message}
      </span>
      <Button icon="lock" busy={pending} onClick={ask}>
        Verify integrity
      </Button>
    </span>
  )
}

const words: Readonly<Record<string, string>> = { Verified: 'Unaltered', Altered: 'Altered', NotSealed: 'Not sealed yet' }

'use client'
import { createContext, use, useOptimistic, useState, type ReactNode } from 'react'
import { fieldOf, useAct, type Undo } from '#components/console/act.ts'
import type { Action, FormAction } from '#components/console/action-state.ts'
import { ProblemMessage } from '#components/console/problem-message.tsx'
import { KeyState } from './key-state.tsx'

/** What of a key is shown as it is to become, until the server has answered. */
type Becoming = Readonly<Record<string, Readonly<{ state?: string; description?: string }>>>

type Shown = Readonly<{
  becoming: Becoming
  /** An action on keys (their IDs in the form's `KeyId`, spaces between them) for a form that closes at once. */
  begin: (action: Action, becoming: (form: FormData) => Becoming[string], undo?: Undo) => FormAction
}>

/**
 * Around whatever shows keys and changes them: a change that is safe to take back is shown at once. Where it is refused all is as it
 * was, and on top stands why.
 *
 * @param reading  a list around is being read again: until it is, some of its rows are from before the change
 */
export function ShownKeys({ reading = false, children }: { reading?: boolean; children: ReactNode }) {
  const { begin, problem } = useAct()
  const [done, setDone] = useState(none)
  if (done !== none && !reading) setDone(none)
  const [becoming, become] = useOptimistic(done, (before, next: Becoming) => ({ ...before, ...next }))
  const shown: Shown = {
    becoming,
    begin: (action, next, undo) =>
      begin(action, (form) => {
        const keys = Object.fromEntries(fieldOf(form, 'KeyId').split(' ').map((keyId) => [keyId, next(form)]))
        return { before: () => become(keys), done: () => setDone(keys), undo }
      }),
  }
  return (
    <ShownKeysContext value={shown}>
      {problem && <ProblemMessage problem={problem} live />}
      {children}
    </ShownKeysContext>
  )
}

export function useShownKeys(): Shown {
  return use(ShownKeysContext)
}

/** The state of a key as it is shown now. */
export function ShownKeyState({ keyId, state }: { keyId: string; state: string }) {
  return <KeyState state={useShownKeys().becoming[keyId]?.state ?? state} />
}

/** The description of a key as it is shown now. */
export function ShownDescription({ keyId, description, empty }: { keyId: string; description: string; empty: string }) {
  const shown = useShownKeys().becoming[keyId]?.description ?? description
  return shown === '' ? <span className="text-ink-3">{empty}</span> : <span className="wrap-anywhere">{shown}</span>
}

const none: Becoming = {}
const ShownKeysContext = createContext<Shown>({ becoming: none, begin: (action) => action })

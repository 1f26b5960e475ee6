'use client'
import { startTransition, useState, useTransition } from 'react'
import { useToast } from '#components/ui/toast.tsx'
import type { Action, FormAction, Problem } from './action-state.ts'

/** The action that takes another back, and what it needs for it. */
export type Undo = Readonly<{ action: Action; values: Readonly<Record<string, string>> }>

/**
 * `before` runs at once, in the transition of the action: what it shows optimistically (useOptimistic) goes when that ends. By then the
 * page has been drawn again, or the action was refused and all is as it was. `done` runs as it ends, where it was not refused.
 */
type ActOptions = Readonly<{ before?: () => void; done?: () => void; undo?: Undo | undefined }>

/** Runs actions that need no form, or whose form need not wait. What was done is said in a toast, with the way back where there is one. */
export function useAct(): Readonly<{
  act: (action: Action, values: Readonly<Record<string, string>> | FormData, options?: ActOptions) => void
  /** An action for a form that closes at once, while `action` goes on here. `options` are of what the form holds. */
  begin: (action: Action, options?: (form: FormData) => ActOptions) => FormAction
  /** Why the last one was refused. */
  problem: Problem | undefined
  pending: boolean
}> {
  const toast = useToast()
  const [problem, setProblem] = useState<Problem>()
  const [pending, start] = useTransition()
  function act(action: Action, values: Readonly<Record<string, string>> | FormData, { before, done, undo }: ActOptions = {}) {
    start(async () => {
      before?.()
      const answer = await action(values instanceof FormData ? values : formOf(values))
      startTransition(() => {
        setProblem(answer.outcome === 'refused' ? answer.problem : undefined)
        if (answer.outcome === 'done') done?.()
      })
      if (answer.outcome === 'done' && answer.message !== undefined) toast(answer.message, undo && { undo: () => takeBack(undo, toast) })
    })
  }
  return {
    act,
    begin: (action, options) => (form) => {
      act(action, form, options?.(form))
      return Promise.resolve({ outcome: 'begun' })
    },
    problem,
    pending,
  }
}

/** Takes back what a toast speaks of. By then there may be no place left on the page to say that it was refused: a toast does. */
export function takeBack({ action, values }: Undo, toast: ReturnType<typeof useToast>): void {
  startTransition(async () => {
    const answer = await action(formOf(values))
    if (answer.outcome === 'refused') toast(answer.problem.message, { failed: true })
    else if (answer.message !== undefined) toast(answer.message)
  })
}

/** The text of a form's field; empty where it has none. */
export function fieldOf(form: FormData, name: string): string {
  const value = form.get(name)
  return typeof value === 'string' ? value : ''
}

function formOf(values: Readonly<Record<string, string>>): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(values)) form.set(name, value)
  return form
}

'use client'
import { startTransition, useState, useTransition } from 'react'
import { useToast } from '#components/ui/toast.tsx'
import type { Action, Problem } from './action-state.ts'

/** The action that takes another back, and what it needs for it. */
export type Undo = Readonly<{ action: Action; values: Readonly<Record<string, string>> }>

/**
 * Runs actions that need no form. What was done is said in a toast, with the way back where there is one; `problem` is why the last
 * one was refused. `before` runs at once, in the same transition: what it shows optimistically goes when that ends.
 */
export function useAct(): Readonly<{ act: (action: Action, values: Readonly<Record<string, string>>, options?: Readonly<{ before?: () => void; undo?: Undo }>) => void; problem: Problem | undefined; pending: boolean }> {
  const toast = useToast()
  const [problem, setProblem] = useState<Problem>()
  const [pending, start] = useTransition()
  return {
    act: (action, values, { before, undo } = {}) =>
      start(async () => {
        before?.()
        const answer = await action(formOf(values))
        startTransition(() => setProblem(answer.outcome === 'refused' ? answer.problem : undefined))
        if (answer.outcome === 'done' && answer.message !== undefined) toast(answer.message, undo && { undo: () => takeBack(undo, toast) })
      }),
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

function formOf(values: Readonly<Record<string, string>>): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(values)) form.set(name, value)
  return form
}

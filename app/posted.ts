import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import type { ActionState } from '#components/console/action-state.ts'

/** How a server action is called: with the form, or where the form posts itself with the last answer before it. */
export type Sent = readonly [form: FormData] | readonly [before: ActionState | undefined, form: FormData]

export function formOf([first, second]: Sent): FormData {
  return second ?? (first instanceof FormData ? first : new FormData())
}

/** Gives an answer to whoever asked: a script gets all of it; a form that posted itself is led on, or gets its page with the answer. */
export async function answered(answer: ActionState): Promise<ActionState> {
  const byScript = (await headers()).has('next-action')
  if (!byScript && answer.outcome === 'done' && answer.to !== undefined) redirect(answer.to)
  return answer
}

import type { z } from 'zod'
import type { Problem } from '#components/console/action-state.ts'
import { invoke } from '#lib/invoke'
import type { RequestContext } from '#lib/operation/context'
import type { Operation } from '#lib/operation/define'
import { problemOf } from './problem.ts'

export type Attempt<Out> = Readonly<{ ok: true; output: Out } | { ok: false; problem: Problem }>

/** Runs an operation for a page to show: its output, or why there is none. A page shows both; neither is an error page. */
export async function attempt<In extends z.ZodType, Subject, Out>(
  operation: Operation<In, Subject, Out>,
  context: RequestContext,
  input: unknown,
): Promise<Attempt<Out>> {
  try {
    return { ok: true, output: await invoke(operation, context, input) }
  } catch (error) {
    return { ok: false, problem: problemOf(error) }
  }
}

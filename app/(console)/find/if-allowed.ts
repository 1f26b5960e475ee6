import type { z } from 'zod'
import { mayInvoke } from '#lib/invoke'
import type { RequestContext } from '#lib/operation/context'
import type { Operation } from '#lib/operation/define'
import { attempt } from '../../attempt.ts'

/**
 * Runs an operation that the user did not ask for by name, and only where policy allows it: nobody should stand in the event
 * history as refused for having typed a word. Undefined where it is refused or finds nothing.
 */
export async function ifAllowed<In extends z.ZodType, Subject, Out>(operation: Operation<In, Subject, Out>, context: RequestContext, input: unknown): Promise<Out | undefined> {
  const may = await mayInvoke(operation, context, input).catch(() => undefined)
  if (may?.decision !== 'Allowed') return undefined
  const answer = await attempt(operation, context, input)
  return answer.ok ? answer.output : undefined
}

import type { z } from 'zod'
import type { ListPage } from '#components/console/list-page.ts'
import type { Operation } from '#lib/operation/define'
import { attempt, type Attempt } from './attempt.ts'
import type { ConsoleContext } from './session.ts'

/** One page of a list: what an operation answers, read as rows. The list's page shows the first, its rows' route gives the others. */
export async function listPage<In extends z.ZodType, Subject, Out, Read extends Omit<ListPage<unknown>, 'drawn'>>(
  operation: Operation<In, Subject, Out>,
  context: ConsoleContext,
  input: unknown,
  read: (output: Out) => Read,
): Promise<Attempt<Read & Readonly<{ drawn: string }>>> {
  const found = await attempt(operation, context, input)
  return found.ok ? { ok: true, output: { ...read(found.output), drawn: context.requestId } } : found
}

/** What the URL of a list says of the rows it wants. */
export type ListQuery<Name extends string = 'filter'> = Readonly<Partial<Record<Name | 'token', string | undefined>>>

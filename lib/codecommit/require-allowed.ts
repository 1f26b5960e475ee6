import type { z } from 'zod'
import { invoke, mayInvoke } from '#lib/invoke'
import type { RequestContext } from '#lib/operation/context'
import type { Operation } from '#lib/operation/define'
import { viaKms } from './storage/data-keys.ts'

/**
 * Refuses a caller who will be denied a KMS operation later, before anything is made or uploaded for it. Nothing is called
 * where policy allows it; a refusal is asked for in earnest, so that it is the operation's own, and recorded.
 * @throws ServiceException EncryptionKey…Exception
 */
export async function requireAllowed<In extends z.ZodType, Subject, Out>(
  operation: Operation<In, Subject, Out>,
  caller: RequestContext,
  input: unknown,
): Promise<void> {
  const { decision } = await mayInvoke(operation, caller, input)
  if (decision !== 'Allowed') await viaKms(() => invoke(operation, caller, input))
}

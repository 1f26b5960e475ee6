import { db } from '#lib/db'
import { mayInvoke } from '#lib/invoke'
import type { RequestContext } from '#lib/operation/context'
import type { AnyOperation } from '#lib/operation/define'

/**
 * The Regions, sorted, in which the caller may run `operation` with this input, which names a repository: for a way in that
 * names no Region. Those in which the caller may not are left out, as if there were no such repository.
 */
export async function regionsOfRepository(
  context: RequestContext,
  operation: AnyOperation,
  input: Readonly<{ repositoryName: string; [member: string]: unknown }>,
): Promise<string[]> {
  const rows = await db().repository.findMany({
    where: { accountId: context.accountId, name: input.repositoryName },
    select: { region: true },
    orderBy: { region: 'asc' },
  })
  const allowed: string[] = []
  for (const { region } of rows) {
    const { decision } = await mayInvoke(operation, { ...context, region }, input)
    if (decision === 'Allowed') allowed.push(region)
  }
  return allowed
}

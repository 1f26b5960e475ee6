import { db } from '#lib/db'
import type { RequestContext } from '#lib/operation/context'
import { DeleteKey, RotateKey } from '#lib/kms/api'
import type { Place } from '#lib/kms/keys'

/** `invoke`, handed in by the process: KMS does not know the crossroads that leads to it. */
export type Run = (operation: typeof DeleteKey | typeof RotateKey, context: RequestContext, input: { KeyId: string }) => Promise<unknown>

/**
 * What is due at `now`: keys whose waiting period has ended are deleted, keys whose rotation is due are rotated. To be run
 * every hour or so, and at start. What one key's turn throws stops no other's.
 *
 * @throws AggregateError of what failed, at the end
 */
export async function runKmsSchedule(now: Date, run: Run): Promise<void> {
  const failures = [...(await deleteExpiredKeys(now, run)), ...(await rotateDueKeys(now, run))]
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} KMS keys could not be deleted or rotated`)
}

/** Deletes every key whose waiting period has ended; answers what failed. */
export async function deleteExpiredKeys(now: Date, run: Run): Promise<unknown[]> {
  const due = { keyState: 'PendingDeletion', deletionDate: { lte: now } }
  return forEachKey(await db().kmsKey.findMany({ where: due, select }), (key) => run(DeleteKey, internalContext(key, now), { KeyId: key.id }))
}

/** Rotates every enabled key whose automatic rotation is due, AWS-managed ones too; answers what failed. */
export async function rotateDueKeys(now: Date, run: Run): Promise<unknown[]> {
  const due = { keyState: 'Enabled', rotationEnabled: true, nextRotationDate: { lte: now } }
  return forEachKey(await db().kmsKey.findMany({ where: due, select }), (key) => run(RotateKey, internalContext(key, now), { KeyId: key.id }))
}

const select = { id: true, accountId: true, region: true } as const

async function forEachKey<Key>(keys: readonly Key[], work: (key: Key) => Promise<unknown>): Promise<unknown[]> {
  const failures: unknown[] = []
  for (const key of keys) await work(key).catch((error: unknown) => failures.push(error))
  return failures
}

/** CloudTrail shows such work as done by `AWS Internal` (aws-facts D.2). */
function internalContext({ accountId, region }: Place, now: Date): RequestContext {
  const internal = 'AWS Internal'
  return {
    principal: { type: 'AWSService', accountId, invokedBy: internal },
    region,
    accountId,
    requestId: crypto.randomUUID(),
    sourceIPAddress: internal,
    userAgent: internal,
    time: now,
    secureTransport: true,
    calledVia: [],
  }
}

import { db } from '#lib/db'
import { listObjects, removeIncoming, removeObject } from './object-store.ts'

/**
 * Removes what a killed process left in the object store: names that no row refers to, and what never got out of
 * `incoming`. To be run at start, before any push: a push stores before its rows are written.
 * @returns how many were removed
 */
export async function sweepObjectStore(): Promise<number> {
  let removed = 0
  for await (const { id, incoming } of listObjects()) {
    if (incoming) await removeIncoming(id)
    else if (await db().storedObject.findUnique({ where: { id }, select: { id: true } })) continue
    else await removeObject(id)
    removed += 1
  }
  await db().doomedObject.deleteMany({})
  return removed
}

/** Removes the stored objects whose time has come (a fold's grace, a deleted repository). */
export async function removeDoomed(now: Date): Promise<number> {
  const doomed = await db().doomedObject.findMany({ where: { removeAt: { lte: now } }, take: 10_000 })
  for (const { id } of doomed) {
    await removeObject(id)
    // Whoever removes at the same time may have been faster.
    await db().doomedObject.deleteMany({ where: { id } })
  }
  return doomed.length
}

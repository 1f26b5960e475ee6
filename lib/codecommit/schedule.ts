import { db } from '#lib/db'
import { remember } from '#lib/remember'
import { foldRepositories, retireSuperseded } from './storage/fold.ts'
import { reEncryptDataKeys } from './storage/re-encrypt.ts'
import { evictResponses } from './storage/response-cache.ts'

/**
 * What CodeCommit does by itself, now and then: brings data keys onto new key material, folds packs, retires what they
 * superseded. Each step is safe to stop at any instant; what one repository's trouble keeps from being done is done next time,
 * and keeps nothing else from being done now.
 * @throws AggregateError of what went wrong, once all steps were taken
 */
export async function runCodeCommitSchedule(now: Date, signal: AbortSignal): Promise<void> {
  const failures: unknown[] = []
  for (const step of [reEncryptWhereDue, foldRepositories, () => retireSuperseded(now), () => evictResponses()]) {
    if (signal.aborted) return
    try {
      await step(signal, now)
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, "part of CodeCommit's own work was not done")
}

async function reEncryptWhereDue(signal: AbortSignal, now: Date): Promise<void> {
  const places = await db().repository.findMany({ distinct: ['accountId', 'region'], select: { accountId: true, region: true } })
  const lastMoved = remember('codecommit.lastMoved', () => new Map<string, number>())
  const failures: unknown[] = []
  for (const place of places) {
    if (signal.aborted) return
    // Asking which key material is current is an event of the trail: once a day is often enough for what rotates once a year.
    if (now.getTime() - (lastMoved.get(place.region) ?? 0) < dayMilliseconds) continue
    try {
      await reEncryptDataKeys(place, signal)
    } catch (error) {
      failures.push(error)
    }
    lastMoved.set(place.region, now.getTime())
  }
  if (failures.length > 0) throw new AggregateError(failures, `data keys of ${failures.length} Regions could not be re-encrypted`)
}

const dayMilliseconds = 24 * 60 * 60 * 1000

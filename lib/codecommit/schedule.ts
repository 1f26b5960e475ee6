import { db } from '#lib/db'
import { remember } from '#lib/remember'
import { foldRepositories, retireSuperseded } from './storage/fold.ts'
import { reEncryptDataKeys } from './storage/re-encrypt.ts'
import { evictResponses } from './storage/response-cache.ts'

/**
 * What CodeCommit does by itself, now and then: brings data keys onto new key material, folds packs, retires what they
 * superseded. Each step is safe to stop at any instant; what one repository's trouble keeps from being done is done next time.
 */
export async function runCodeCommitSchedule(now: Date, signal: AbortSignal): Promise<void> {
  const places = await db().repository.findMany({ distinct: ['accountId', 'region'], select: { accountId: true, region: true } })
  const lastMoved = remember('codecommit.lastMoved', () => new Map<string, number>())
  for (const place of places) {
    if (signal.aborted) return
    // Asking which key material is current is an event of the trail: once a day is often enough for what rotates once a year.
    if (now.getTime() - (lastMoved.get(place.region) ?? 0) < dayMilliseconds) continue
    await reEncryptDataKeys(place, signal)
    lastMoved.set(place.region, now.getTime())
  }
  await foldRepositories(signal)
  await retireSuperseded(now)
  await evictResponses()
}

const dayMilliseconds = 24 * 60 * 60 * 1000

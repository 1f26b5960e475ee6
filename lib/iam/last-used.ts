import { db } from '#lib/db'
import { remember } from '#lib/remember'

/**
 * Notes that an access key was used (GetAccessKeyLastUsed). At most one write a minute for each key and service: AWS's own
 * date lags behind too, and a write for every request would cost more than the request.
 */
export function noteAccessKeyUse(accessKeyId: string, service: string, region: string, now: Date): void {
  const noted = remember('iam.accessKeyUses', () => new Map<string, number>())
  const name = `${accessKeyId} ${service}`
  if (now.getTime() - (noted.get(name) ?? 0) < interval) return
  if (noted.size >= capacity) noted.clear()
  noted.set(name, now.getTime())
  // Nobody waits for it, and a key that was deleted meanwhile has no row to update.
  db()
    .accessKey.updateMany({ where: { id: accessKeyId }, data: { lastUsedDate: now, lastUsedService: service, lastUsedRegion: region } })
    .catch((error: unknown) => console.error('the last use of an access key could not be noted', error))
}

const interval = 60_000
const capacity = 10_000

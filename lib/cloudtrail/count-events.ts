import { Prisma } from '#prisma/sqlite/generated/client.ts'
import { candidates, lastOf, plan, type EventFilter, type Place } from '#lib/cloudtrail/find-events'
import { enterEvents } from '#lib/cloudtrail/journaled-events'
import { db } from '#lib/db'

/** How many events have a value: of one column, and for names in one stretch of time. */
export type EventCount = Readonly<{
  of: 'eventName' | 'eventSource' | 'username' | 'errorCode' | 'repositoryId' | 'key'
  value: string
  /** of names: the stretch, whose start is this many times its length after the epoch; else 0 */
  bucket: bigint | number
  /** of names: 1 where the events failed; else 0 */
  failed: bigint | number
  count: bigint | number
}>

/**
 * Counts the newest events of a filter one by one, at most `mostCounted` of those its driving condition gives: never the minutes
 * that counting ten million would take. For what lib/cloudtrail/tallied-counts.ts does not count.
 *
 * @param length  of a bucket, in milliseconds
 * @returns the counts, and the place up to which they go; undefined where they go all the way
 */
export async function countEvents(filter: EventFilter, length: number): Promise<{ counts: EventCount[]; until: Place | undefined }> {
  await enterEvents()
  const { driver, others } = await plan(filter, undefined)
  const counts: EventCount[] = []
  let place: Place | undefined
  for (let examined = 0; examined < mostCounted; examined += window) {
    const these = candidates(driver, filter, window, place)
    counts.push(...(await count(these, others, length)))
    const end = await lastOf(these)
    if (!end || end.count < window) return { counts, until: undefined }
    place = [Number(end.at), end.sequence]
  }
  return { counts, until: place }
}

/** Events counted in one call, and in one statement: each costs some 15 µs where ten million are too many to be in memory. */
const mostCounted = 2000
const window = 1000

async function count(these: Prisma.Sql, others: readonly Prisma.Sql[], length: number): Promise<EventCount[]> {
  return db().$queryRaw<EventCount[]>`
    WITH found AS MATERIALIZED (
      SELECT event."sequence", event."at" / ${BigInt(length)} AS "bucket", event."eventName", event."eventSource", event."username", event."errorCode", event."repositoryId"
      FROM (${these}) AS candidate CROSS JOIN "TrailEvent" AS event
      WHERE event."sequence" = candidate."sequence" ${Prisma.join([Prisma.empty, ...others], ' AND ')}
    )
    SELECT 'eventName' AS "of", "eventName" AS "value", "bucket", CASE "errorCode" WHEN '' THEN 0 ELSE 1 END AS "failed", COUNT(*) AS "count" FROM found GROUP BY 2, 3, 4
    UNION ALL SELECT 'eventSource', "eventSource", 0, 0, COUNT(*) FROM found GROUP BY "eventSource"
    UNION ALL SELECT 'username', "username", 0, 0, COUNT(*) FROM found GROUP BY "username"
    UNION ALL SELECT 'errorCode', "errorCode", 0, 0, COUNT(*) FROM found GROUP BY "errorCode"
    UNION ALL SELECT 'repositoryId', "repositoryId", 0, 0, COUNT(*) FROM found GROUP BY "repositoryId"
    UNION ALL SELECT 'key', resource."name", 0, 0, COUNT(*) FROM found CROSS JOIN "TrailEventResource" AS resource
      WHERE resource."sequence" = found."sequence" AND resource."type" = 'AWS::KMS::Key' GROUP BY resource."name"`
}

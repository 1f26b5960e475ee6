import type { Database } from 'better-sqlite3'
import { Prisma } from '#prisma/sqlite/generated/client.ts'
import type { NewTrailEvent } from '#lib/cloudtrail/trail-event'
import { db, preparedOnce, sqlite } from '#lib/db'

/**
 * Stores events with their resources, all of them or none, in the order given and in one commit. In the embedded database they are
 * on disk once that was synced (`Sqlite.sync`); until then their journal is what keeps them.
 */
export async function appendEvents(events: readonly NewTrailEvent[]): Promise<void> {
  if (events.length === 0) return
  const embedded = sqlite()
  if (embedded) await embedded.transact(['TrailEvent', 'TrailEventResource'], (connection) => appendToSqlite(connection, events), { synced: false })
  else await appendToPostgresql(events)
}

function appendToSqlite(connection: Database, events: readonly NewTrailEvent[]): void {
  const { event, resource } = statementsOf(connection)
  for (const { resources, ...row } of events) {
    const { lastInsertRowid: sequence } = event.run({ ...row, at: BigInt(row.at), readOnly: row.readOnly ? 1 : 0 })
    for (const each of resources) resource.run({ ...each, sequence, region: row.region, at: BigInt(row.at) })
  }
}

const statementsOf = preparedOnce((connection) => ({
  event: connection.prepare(
    `INSERT INTO "TrailEvent"
      ("eventId", "at", "region", "eventName", "eventSource", "username", "readOnly", "accessKeyId", "errorCode", "repositoryId", "record")
    VALUES (@eventId, @at, @region, @eventName, @eventSource, @username, @readOnly, @accessKeyId, @errorCode, @repositoryId, @record)`,
  ),
  resource: connection.prepare(
    `INSERT INTO "TrailEventResource" ("sequence", "type", "name", "region", "at") VALUES (@sequence, @type, @name, @region, @at)`,
  ),
}))

/**
 * The rows of a statement go to the database as one JSON text: what the client does for each parameter costs more than
 * storing it, and its own `createMany` costs 150 µs a row.
 */
async function appendToPostgresql(events: readonly NewTrailEvent[]): Promise<void> {
  const resources = events.flatMap(({ resources, eventId }) => resources.map((resource) => ({ ...resource, eventId })))
  const insertEvents = db().$executeRaw`
    INSERT INTO "TrailEvent"
      ("eventId", "at", "region", "eventName", "eventSource", "username", "readOnly", "accessKeyId", "errorCode", "repositoryId", "record")
    SELECT row.value ->> 'eventId', CAST(row.value ->> 'at' AS BIGINT), row.value ->> 'region', row.value ->> 'eventName',
      row.value ->> 'eventSource', row.value ->> 'username', CAST(row.value ->> 'readOnly' AS BOOLEAN), row.value ->> 'accessKeyId',
      row.value ->> 'errorCode', row.value ->> 'repositoryId', row.value ->> 'record'
    FROM ${rowsOf(events)} ORDER BY row.key`
  if (resources.length === 0) {
    await insertEvents
    return
  }
  const insertResources = db().$executeRaw`
    INSERT INTO "TrailEventResource" ("sequence", "type", "name", "region", "at")
    SELECT event."sequence", row.value ->> 'type', row.value ->> 'name', event."region", event."at"
    FROM ${rowsOf(resources)} CROSS JOIN "TrailEvent" AS event WHERE event."eventId" = row.value ->> 'eventId'`
  await db().$transaction([insertEvents, insertResources])
}

/** A table `row` of `key` and `value`. */
function rowsOf(rows: readonly object[]): Prisma.Sql {
  const json = JSON.stringify(rows, (name, value: unknown) => (name === 'resources' ? undefined : value))
  return Prisma.sql`json_array_elements(${json}::json) WITH ORDINALITY AS row(value, key)`
}

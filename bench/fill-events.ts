import BetterSqlite3, { type Database } from 'better-sqlite3'

/**
 * Fills a migrated database file with `count` events of the last 80 days, beside what it holds: the size that pages of the
 * event history are measured at. Ten million take some minutes and 15 GB. The file is not safe from a crash meanwhile, and
 * nobody else may have it open.
 *
 * 200 users, 500 repositories, 40 keys (those of the database where it has any), 12 names of operations, 3 services, 2 Regions,
 * one in 50 refused.
 */
export function fillEvents(file: string, count: number, now = Date.now()): void {
  const database = new BetterSqlite3(file)
  database.pragma('journal_mode = DELETE')
  database.pragma('journal_mode = OFF')
  database.pragma('synchronous = OFF')
  database.pragma('cache_size = -1000000')
  database.pragma('foreign_keys = OFF')
  // Built after the rows, an index is sorted once instead of ten million times looked into.
  const indexes = database
    .prepare(`SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ('TrailEvent', 'TrailEventResource')`)
    .all() as { name: string; sql: string }[]
  for (const { name } of indexes) database.exec(`DROP INDEX "${name}"`)
  const account = (database.prepare('SELECT id FROM Account').pluck().get() as string | undefined) ?? '111122223333'
  makeTargets(database, account)
  const present = database.prepare('SELECT COALESCE(MAX(sequence), 0) FROM TrailEvent').pluck().get() as number
  const span = 80 * 24 * 3600 * 1000
  const times = { start: now - span - (present * span) / count, step: span / count }
  for (let first = present; first < present + count; first += batch) {
    fill(database, account, { first, end: Math.min(present + count, first + batch), ...times })
  }
  for (const { sql } of indexes) database.exec(sql)
  database.pragma('journal_mode = WAL')
  database.close()
}

const batch = 500_000

/** What events are about, by number: keys and repositories that exist, else made-up ones in the event's own Region. */
function makeTargets(database: Database, account: string): void {
  const keys = database.prepare('SELECT arn FROM KmsKey ORDER BY id LIMIT 40').pluck().all() as string[]
  const repositories = database.prepare('SELECT id, region, name FROM Repository ORDER BY id LIMIT 500').all() as { id: string; region: string; name: string }[]
  database.exec('CREATE TEMP TABLE Target (n INTEGER PRIMARY KEY, keyArn TEXT, repositoryId TEXT, repositoryArn TEXT)')
  const insert = database.prepare('INSERT INTO Target VALUES (?, ?, ?, ?)')
  for (let n = 0; n < 500; n++) {
    const id = `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
    const repository = repositories[n % Math.max(1, repositories.length)]
    const repositoryArn = repository ? `arn:aws:codecommit:${repository.region}:${account}:${repository.name}` : `arn:aws:codecommit:{region}:${account}:${id}`
    insert.run(n, keys[(n % 40) % Math.max(1, keys.length)] ?? `arn:aws:kms:{region}:${account}:key/${n % 40}`, repository?.id ?? id, repositoryArn)
  }
}

function fill(database: Database, account: string, part: Readonly<{ first: number; end: number; start: number; step: number }>): void {
  // 2654435761 is 2^32 over the golden ratio: multiplied with the position it scatters what would else come in turn.
  database
    .prepare(
      `WITH RECURSIVE position(n) AS (SELECT CAST(@first AS INTEGER) UNION ALL SELECT n + 1 FROM position WHERE n + 1 < @end),
       scattered AS (SELECT n, (n * 2654435761) % 4294967296 AS r, CAST(@start + n * @step AS INTEGER) AS at FROM position),
       event AS (
         SELECT at, printf('%08x-0000-4000-8000-%012x', r, n) AS eventId, 'user' || ((r / 256) % 200) AS username, printf('AKIA%016d', (r / 256) % 200) AS accessKeyId,
           CASE r % 10 WHEN 0 THEN 'eu-west-1' ELSE 'us-east-2' END AS region,
           CASE (r / 16) % 12 WHEN 0 THEN 'Encrypt' WHEN 1 THEN 'GenerateDataKey' WHEN 2 THEN 'GitPull' WHEN 3 THEN 'GitPush' WHEN 4 THEN 'DescribeKey' WHEN 5 THEN 'ListKeys' WHEN 6 THEN 'GetRepository' WHEN 7 THEN 'GenerateDataKeyWithoutPlaintext' ELSE 'Decrypt' END AS eventName,
           CASE WHEN (r / 16) % 12 IN (2, 3, 6) THEN 'codecommit.amazonaws.com' ELSE 'kms.amazonaws.com' END AS eventSource,
           (r / 16) % 12 <> 3 AS readOnly,
           CASE WHEN (r / 4096) % 50 = 0 THEN 'AccessDenied' ELSE '' END AS errorCode,
           (r / 1024) % 500 AS target
         FROM scattered),
       about AS (
         SELECT event.*, repositoryId,
           CASE eventSource WHEN 'kms.amazonaws.com' THEN 'AWS::KMS::Key' ELSE 'AWS::CodeCommit::Repository' END AS type,
           replace(CASE eventSource WHEN 'kms.amazonaws.com' THEN keyArn ELSE repositoryArn END, '{region}', region) AS arn
         FROM event JOIN temp.Target ON Target.n = event.target)
       INSERT INTO TrailEvent (eventId, at, region, eventName, eventSource, username, readOnly, accessKeyId, errorCode, repositoryId, record)
       SELECT eventId, at, region, eventName, eventSource, username, readOnly, accessKeyId, errorCode, repositoryId,
         '{"eventVersion":"1.11","userIdentity":{"type":"IAMUser","principalId":"AIDACKCEVSQ6C2EXAMPLE","arn":"arn:aws:iam::' || @account || ':user/' || username || '","accountId":"' || @account
         || '","accessKeyId":"' || accessKeyId || '","userName":"' || username || '"},"eventTime":"' || strftime('%Y-%m-%dT%H:%M:%SZ', at / 1000, 'unixepoch')
         || '","eventSource":"' || eventSource || '","eventName":"' || eventName || '","awsRegion":"' || region || '","sourceIPAddress":"192.0.2.1","userAgent":"seed"'
         || CASE errorCode WHEN '' THEN '' ELSE ',"errorCode":"AccessDenied","errorMessage":"seeded"' END
         || ',"requestParameters":null,"responseElements":null,"requestID":"' || eventId || '","eventID":"' || eventId || '","readOnly":' || CASE readOnly WHEN 1 THEN 'true' ELSE 'false' END
         || ',"resources":[{"accountId":"' || @account || '","type":"' || type || '","ARN":"' || arn || '"}],"eventType":"AwsApiCall","managementEvent":true,"recipientAccountId":"' || @account || '","eventCategory":"Management"}'
       FROM about`,
    )
    .run({ account, ...part })
  database
    .prepare(
      `INSERT INTO TrailEventResource (sequence, type, name, region, at)
       SELECT sequence, record ->> '$.resources[0].type', record ->> '$.resources[0].ARN', region, at
       FROM TrailEvent WHERE sequence > @first AND sequence <= @end`,
    )
    .run({ first: part.first, end: part.end })
}

import BetterSqlite3, { type Database } from 'better-sqlite3'

/**
 * Fills a migrated database file with `count` events of the last 80 days: the size that pages of the event history are
 * measured at. Ten million take some minutes and 13 GB. The file is not safe from a crash meanwhile.
 *
 * 200 users, 500 repositories, 40 keys, 12 names of operations, 3 services, 2 Regions, one in 50 refused.
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
  const start = now - 80 * 24 * 3600 * 1000
  for (let first = 0; first < count; first += batch) fill(database, first, Math.min(count, first + batch), start, (80 * 24 * 3600 * 1000) / count)
  for (const { sql } of indexes) database.exec(sql)
  database.pragma('journal_mode = WAL')
  database.close()
}

const batch = 500_000

function fill(database: Database, first: number, end: number, start: number, step: number): void {
  // 2654435761 is 2^32 over the golden ratio: multiplied with the position it scatters what would else come in turn.
  database
    .prepare(
      `WITH RECURSIVE position(n) AS (SELECT CAST(@first AS INTEGER) UNION ALL SELECT n + 1 FROM position WHERE n + 1 < @end),
       scattered AS (SELECT n, (n * 2654435761) % 4294967296 AS r, CAST(@start + n * @step AS INTEGER) AS at FROM position)
       INSERT INTO TrailEvent (eventId, at, region, eventName, eventSource, username, readOnly, accessKeyId, errorCode, repositoryId, record)
       SELECT printf('%08x-0000-4000-8000-%012x', r, n), at,
         CASE r % 10 WHEN 0 THEN 'eu-west-1' ELSE 'us-east-2' END,
         CASE (r / 16) % 12 WHEN 0 THEN 'Encrypt' WHEN 1 THEN 'GenerateDataKey' WHEN 2 THEN 'GitPull' WHEN 3 THEN 'GitPush' WHEN 4 THEN 'DescribeKey' WHEN 5 THEN 'ListKeys' WHEN 6 THEN 'GetRepository' WHEN 7 THEN 'GenerateDataKeyWithoutPlaintext' ELSE 'Decrypt' END,
         CASE (r / 16) % 12 WHEN 2 THEN 'codecommit.amazonaws.com' WHEN 3 THEN 'codecommit.amazonaws.com' WHEN 6 THEN 'codecommit.amazonaws.com' ELSE 'kms.amazonaws.com' END,
         'user' || ((r / 256) % 200), (r / 16) % 12 <> 3, printf('AKIA%016d', (r / 256) % 200),
         CASE WHEN (r / 4096) % 50 = 0 THEN 'AccessDenied' ELSE '' END,
         printf('00000000-0000-4000-8000-%012d', (r / 1024) % 500),
         '{"eventVersion":"1.11","userIdentity":{"type":"IAMUser","principalId":"AIDACKCEVSQ6C2EXAMPLE","arn":"arn:aws:iam::111122223333:user/user","accountId":"111122223333","userName":"user"},"eventSource":"kms.amazonaws.com","eventName":"Decrypt","awsRegion":"us-east-2","requestParameters":null,"responseElements":null,"readOnly":true,"eventType":"AwsApiCall"}'
       FROM scattered`,
    )
    .run({ first, end, start, step })
  database
    .prepare(
      `INSERT INTO TrailEventResource (sequence, type, name, region, at)
       SELECT sequence, CASE eventSource WHEN 'kms.amazonaws.com' THEN 'AWS::KMS::Key' ELSE 'AWS::CodeCommit::Repository' END,
         CASE eventSource WHEN 'kms.amazonaws.com' THEN printf('arn:aws:kms:%s:111122223333:key/%d', region, sequence % 40) ELSE 'arn:aws:codecommit:' || region || ':111122223333:' || repositoryId END,
         region, at
       FROM TrailEvent WHERE sequence > @first AND sequence <= @end`,
    )
    .run({ first, end })
}

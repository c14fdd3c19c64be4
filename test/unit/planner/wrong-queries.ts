/** Wrong statements over the tables of wrong-queries.test.ts: what is said, and which text the position marks. */
export interface WrongQuery {
  readonly sql: string
  readonly code: string
  /** The text the error points at. */
  readonly at: string
  /** Parts of the rendered error. */
  readonly says: readonly string[]
}

const wrong = (sql: string, code: string, at: string, ...says: string[]): WrongQuery => ({
  sql,
  code,
  at,
  says,
})
const tumble = "TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(ts), INTERVAL '1' MINUTE))"

export const unknownNames: readonly WrongQuery[] = [
  wrong(
    'SELECT * FROM click',
    'MR_CATALOG_UNKNOWN_TABLE',
    'click',
    "'click' does not exist",
    'did you mean: clicks',
  ),
  wrong(
    'SELECT * FROM nodb.clicks',
    'MR_CATALOG_UNKNOWN_TABLE',
    'nodb',
    "no database 'default_catalog.nodb'",
  ),
  wrong('SELECT * FROM a.b.c.d', 'MR_CATALOG_NAME_PARTS', 'a', 'has 4 parts'),
  wrong('SELECT user_i FROM clicks', 'MR_BIND_UNKNOWN_COLUMN', 'user_i', 'did you mean: user_id'),
  wrong('SELECT c.nope FROM clicks AS c', 'MR_BIND_UNKNOWN_COLUMN', 'nope', "table 'c' has no column 'nope'"),
  wrong('SELECT clicks.ip FROM clicks AS c', 'MR_BIND_UNKNOWN_COLUMN', 'clicks', "'clicks' for 'clicks.ip'"),
  wrong('SELECT x.* FROM clicks AS c', 'MR_BIND_UNKNOWN_TABLE', 'x.*', "no table 'x' in FROM"),
  wrong('SELECT ip', 'MR_BIND_UNKNOWN_COLUMN', 'ip', 'this SELECT has no FROM'),
  wrong('SELECT *', 'MR_BIND_STAR', '*', 'needs a FROM'),
  wrong(
    'SELECT UPER(ip) FROM clicks',
    'MR_FUNCTION_UNKNOWN',
    'UPER(ip)',
    'no function named UPER',
    'did you mean: UPPER',
  ),
  wrong('SELECT COUN(*) FROM clicks', 'MR_BIND_STAR', '*', '* is no argument of COUN'),
  wrong('SELECT nested.city FROM users', 'MR_BIND_UNKNOWN_FIELD', 'city', "no field 'city'", 'street'),
  wrong('SELECT ip.a FROM clicks', 'MR_BIND_NOT_A_ROW', 'a', 'needs a ROW'),
  wrong('INSERT INTO per_ips SELECT 1', 'MR_CATALOG_UNKNOWN_TABLE', 'per_ips', 'did you mean: per_ip'),
  wrong(
    'SELECT a FROM (SELECT ip AS a, url AS a0, user_id AS b FROM clicks) AS t (a, a, b)',
    'MR_BIND_AMBIGUOUS_COLUMN',
    'a',
    "'a' is ambiguous",
  ),
]

export const wrongTypes: readonly WrongQuery[] = [
  wrong('SELECT ip FROM clicks WHERE user_id', 'MR_BIND_TYPE', 'user_id', 'WHERE needs BOOLEAN, not BIGINT'),
  wrong('SELECT ip + 1 FROM clicks', 'MR_FUNCTION_ARGUMENTS', 'ip + 1', '+ does not take (STRING, INT)'),
  wrong(
    'SELECT UPPER(user_id) FROM clicks',
    'MR_FUNCTION_ARGUMENTS',
    'UPPER(user_id)',
    'UPPER does not take (BIGINT)',
    'UPPER(STRING) -> STRING',
  ),
  wrong('SELECT CASE WHEN user_id THEN 1 END FROM clicks', 'MR_BIND_TYPE', 'user_id', 'WHEN needs BOOLEAN'),
  wrong(
    "SELECT CASE WHEN TRUE THEN 1 ELSE 'a' END FROM clicks",
    'MR_BIND_TYPE',
    "CASE WHEN TRUE THEN 1 ELSE 'a' END",
    'no common type: INT, CHAR(1)',
  ),
  wrong(
    'SELECT CAST(ts AS INT) FROM clicks',
    'MR_BIND_CAST',
    'CAST(ts AS INT)',
    'CAST from TIMESTAMP(3) to INT does not exist',
  ),
  wrong(
    'SELECT CAST(ip AS DECIMAL(50, 2)) FROM clicks',
    'MR_BIND_TYPE_RANGE',
    'DECIMAL(50, 2)',
    'precision 50',
    '1 to 38',
  ),
  wrong(
    'SELECT CAST(ip AS VARIANT) FROM clicks',
    'MR_PLAN_UNSUPPORTED',
    'VARIANT',
    'VARIANT is not supported',
  ),
  wrong(
    "SELECT DATE '2024-02-30' FROM clicks",
    'MR_BIND_LITERAL',
    "DATE '2024-02-30'",
    "'2024-02-30' is no DATE",
  ),
  wrong(
    'SELECT ip FROM clicks UNION ALL SELECT user_id FROM clicks',
    'MR_BIND_TYPE',
    'SELECT user_id FROM clicks',
    'no common type: STRING, BIGINT',
  ),
  wrong(
    'SELECT ip FROM clicks UNION ALL SELECT ip, url FROM clicks',
    'MR_BIND_COLUMN_COUNT',
    'SELECT ip, url FROM clicks',
    '1 and 2 columns',
  ),
  wrong("VALUES (1), ('a')", 'MR_BIND_TYPE', "VALUES (1), ('a')", 'no common type: INT, CHAR(1)'),
  wrong('VALUES (1), (2, 3)', 'MR_BIND_COLUMN_COUNT', '(2, 3)', '1 and 2 columns'),
]

export const wrongGroups: readonly WrongQuery[] = [
  wrong(
    'SELECT ip, COUNT(*) FROM clicks',
    'MR_BIND_NOT_GROUPED',
    'ip',
    'neither grouped nor aggregated',
    'add GROUP BY ip',
  ),
  wrong(
    'SELECT ip, url, COUNT(*) FROM clicks GROUP BY ip',
    'MR_BIND_NOT_GROUPED',
    'url',
    'add url to GROUP BY',
  ),
  wrong('SELECT * FROM clicks GROUP BY ip', 'MR_BIND_NOT_GROUPED', '*', 'not possible with GROUP BY'),
  wrong(
    'SELECT ip FROM clicks GROUP BY ip HAVING user_id > 1',
    'MR_BIND_NOT_GROUPED',
    'user_id',
    'neither grouped',
  ),
  wrong(
    'SELECT ip FROM clicks WHERE COUNT(*) > 1',
    'MR_BIND_AGGREGATE',
    'COUNT(*)',
    'not allowed in WHERE',
    'HAVING',
  ),
  wrong(
    'SELECT SUM(COUNT(*)) FROM clicks',
    'MR_BIND_AGGREGATE',
    'COUNT(*)',
    'aggregates cannot stand in the aggregate SUM',
  ),
  wrong('SELECT SUM(*) FROM clicks', 'MR_BIND_STAR', 'SUM(*)', 'only COUNT(*) takes *'),
  wrong('SELECT COUNT(DISTINCT *) FROM clicks', 'MR_BIND_STAR', 'COUNT(DISTINCT *)', 'does not exist'),
  wrong('SELECT SUM(ip) FROM clicks', 'MR_FUNCTION_ARGUMENTS', 'SUM(ip)', 'SUM does not take (STRING)'),
  wrong(
    'SELECT UPPER(DISTINCT ip) FROM clicks',
    'MR_BIND_AGGREGATE',
    'UPPER(DISTINCT ip)',
    'UPPER is no aggregate',
  ),
  wrong(
    'SELECT COUNT(*) FROM clicks GROUP BY COUNT(*)',
    'MR_BIND_AGGREGATE',
    'COUNT(*)',
    'not allowed in GROUP BY',
  ),
  wrong(
    'SELECT COUNT(*) FROM clicks GROUP BY ROLLUP (ip)',
    'MR_PLAN_UNSUPPORTED',
    'ROLLUP (ip)',
    'ROLLUP is not supported',
    'UNION ALL',
  ),
  wrong(
    'SELECT COUNT(*) FILTER (WHERE user_id) FROM clicks',
    'MR_BIND_TYPE',
    'user_id',
    'FILTER needs BOOLEAN',
  ),
]

export const wrongWindows: readonly WrongQuery[] = [
  wrong(
    "SELECT * FROM TABLE(TUMBLE(TABLE users, DESCRIPTOR(born), INTERVAL '1' MINUTE))",
    'MR_BIND_NO_TIME_ATTRIBUTE',
    'born',
    "'born' is a plain TIMESTAMP(3)",
    'WATERMARK FOR born AS born',
  ),
  wrong(
    "SELECT * FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(ip), INTERVAL '1' MINUTE))",
    'MR_BIND_NO_TIME_ATTRIBUTE',
    'ip',
    'plain STRING',
  ),
  wrong(
    "SELECT * FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(tss), INTERVAL '1' MINUTE))",
    'MR_BIND_UNKNOWN_COLUMN',
    'tss',
    'did you mean: ts',
  ),
  wrong(
    'SELECT * FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(ts), user_id))',
    'MR_BIND_WINDOW',
    'user_id',
    'the size must be a constant interval',
  ),
  wrong(
    'SELECT * FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(ts), 60))',
    'MR_BIND_WINDOW',
    '60',
    'must be an interval, not INT',
  ),
  wrong(
    "SELECT * FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(ts), INTERVAL '1' MONTH))",
    'MR_BIND_WINDOW',
    "INTERVAL '1' MONTH",
    'cannot be in months',
  ),
  wrong(
    "SELECT * FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(ts), INTERVAL '0' SECOND))",
    'MR_BIND_WINDOW',
    "INTERVAL '0' SECOND",
    'must be positive',
  ),
  wrong(
    "SELECT * FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(ts), INTERVAL '1' MINUTE, INTERVAL '2' MINUTE))",
    'MR_BIND_WINDOW',
    "INTERVAL '2' MINUTE",
    'must be smaller than the size',
  ),
  wrong(
    "SELECT * FROM TABLE(HOP(TABLE clicks, DESCRIPTOR(ts), INTERVAL '7' SECOND, INTERVAL '1' MINUTE))",
    'MR_BIND_WINDOW',
    "INTERVAL '1' MINUTE",
    'size of HOP (60000 ms) must be a multiple of its slide (7000 ms)',
    'the slide comes first',
  ),
  wrong(
    "SELECT * FROM TABLE(CUMULATE(TABLE clicks, DESCRIPTOR(ts), INTERVAL '7' SECOND, INTERVAL '1' MINUTE))",
    'MR_BIND_WINDOW',
    "INTERVAL '1' MINUTE",
    'maximum size of CUMULATE',
  ),
  wrong(
    'SELECT * FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(ts)))',
    'MR_BIND_WINDOW',
    'TUMBLE(TABLE clicks, DESCRIPTOR(ts))',
    'lacks its argument SIZE',
    'TUMBLE(TABLE t, DESCRIPTOR(ts), size[, offset])',
  ),
  wrong(
    "SELECT * FROM TABLE(TUMBLE(DATA => TABLE clicks, TIMECOL => DESCRIPTOR(ts), SIZ => INTERVAL '1' MINUTE))",
    'MR_BIND_WINDOW',
    "SIZ => INTERVAL '1' MINUTE",
    "no argument 'SIZ'",
    'did you mean: SIZE',
  ),
  wrong(
    "SELECT * FROM TABLE(SESSION(TABLE clicks PARTITION BY ip, DESCRIPTOR(ts), INTERVAL '1' MINUTE))",
    'MR_PLAN_UNSUPPORTED',
    "SESSION(TABLE clicks PARTITION BY ip, DESCRIPTOR(ts), INTERVAL '1' MINUTE)",
    'SESSION windows are not supported yet',
    'TUMBLE, HOP, CUMULATE',
  ),
  wrong(
    "SELECT * FROM TABLE(TUMBEL(TABLE clicks, DESCRIPTOR(ts), INTERVAL '1' MINUTE))",
    'MR_BIND_UNKNOWN_TABLE_FUNCTION',
    "TUMBEL(TABLE clicks, DESCRIPTOR(ts), INTERVAL '1' MINUTE)",
    'did you mean: TUMBLE',
  ),
  wrong(
    "SELECT TUMBLE_START(ts, INTERVAL '1' MINUTE) FROM clicks",
    'MR_BIND_GROUP_WINDOW',
    "TUMBLE_START(ts, INTERVAL '1' MINUTE)",
    'needs GROUP BY TUMBLE',
  ),
  wrong(
    "SELECT TUMBLE_START(ts, INTERVAL '2' MINUTE) FROM clicks GROUP BY TUMBLE(ts, INTERVAL '1' MINUTE)",
    'MR_BIND_GROUP_WINDOW',
    "TUMBLE_START(ts, INTERVAL '2' MINUTE)",
    'no matching window',
  ),
  wrong(
    "SELECT TUMBLE_PROCTIME(ts, INTERVAL '1' MINUTE) FROM clicks GROUP BY TUMBLE(ts, INTERVAL '1' MINUTE)",
    'MR_BIND_GROUP_WINDOW',
    "TUMBLE_PROCTIME(ts, INTERVAL '1' MINUTE)",
    'use TUMBLE_ROWTIME',
  ),
  wrong(
    "SELECT COUNT(*) FROM clicks GROUP BY HOP(ts, INTERVAL '1' MINUTE)",
    'MR_BIND_WINDOW',
    "HOP(ts, INTERVAL '1' MINUTE)",
    'HOP(ts, slide, size)',
  ),
  wrong(
    "SELECT COUNT(*) FROM clicks GROUP BY SESSION(ts, INTERVAL '1' MINUTE)",
    'MR_PLAN_UNSUPPORTED',
    "SESSION(ts, INTERVAL '1' MINUTE)",
    'SESSION windows are not supported yet',
  ),
  wrong(
    `SELECT * FROM TABLE(TUMBLE((SELECT * FROM ${tumble}), DESCRIPTOR(window_time), INTERVAL '1' HOUR))`,
    'MR_BIND_WINDOW',
    `TUMBLE((SELECT * FROM ${tumble}), DESCRIPTOR(window_time), INTERVAL '1' HOUR)`,
    "already has a column 'window_start'",
  ),
]

export const wrongRanks: readonly WrongQuery[] = [
  wrong(
    'SELECT * FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY ip ORDER BY ts) AS rn FROM clicks) WHERE rn <= 3',
    'MR_PLAN_UNSUPPORTED',
    'ROW_NUMBER() OVER (PARTITION BY ip ORDER BY ts)',
    'Top-N without a window is not supported yet',
    'PARTITION BY window_start, window_end',
  ),
  wrong(
    `SELECT ip, ROW_NUMBER() OVER (PARTITION BY window_start, window_end ORDER BY ts) FROM ${tumble}`,
    'MR_PLAN_UNSUPPORTED',
    'ROW_NUMBER() OVER (PARTITION BY window_start, window_end ORDER BY ts)',
    'only as a window Top-N',
  ),
  wrong(
    'SELECT SUM(user_id) OVER (ORDER BY ts) FROM clicks',
    'MR_PLAN_UNSUPPORTED',
    'SUM(user_id) OVER (ORDER BY ts)',
    'SUM OVER (…) is not supported yet',
  ),
  wrong(
    'SELECT ROW_NUMBER() OVER (PARTITION BY ip) FROM clicks',
    'MR_BIND_OVER',
    '(PARTITION BY ip)',
    'needs an ORDER BY',
  ),
  wrong(
    'SELECT ip FROM clicks WHERE ROW_NUMBER() OVER (ORDER BY ts) = 1',
    'MR_BIND_OVER',
    'ROW_NUMBER() OVER (ORDER BY ts)',
    'not allowed in WHERE',
    'QUALIFY',
  ),
  wrong(
    'SELECT ip FROM clicks QUALIFY user_id > 1',
    'MR_BIND_OVER',
    'user_id > 1',
    'QUALIFY needs ROW_NUMBER()',
  ),
  wrong(
    `SELECT ip FROM ${tumble} QUALIFY ROW_NUMBER() OVER (PARTITION BY window_start, window_end ORDER BY ts) < 1`,
    'MR_PLAN_EMPTY_TOP_N',
    'ROW_NUMBER() OVER (PARTITION BY window_start, window_end ORDER BY ts)',
    'no row number passes',
  ),
]

export const notYet: readonly WrongQuery[] = [
  wrong(
    'SELECT * FROM clicks JOIN users ON user_id = id',
    'MR_PLAN_UNSUPPORTED',
    'users',
    'INNER JOIN is not supported yet',
  ),
  wrong('SELECT * FROM clicks, users', 'MR_PLAN_UNSUPPORTED', 'users', 'joins of several tables'),
  wrong(
    'SELECT ip FROM clicks WHERE user_id IN (SELECT id FROM users)',
    'MR_PLAN_UNSUPPORTED',
    'user_id IN (SELECT id FROM users)',
    'IN (SELECT …) conditions',
  ),
  wrong(
    'SELECT ip FROM clicks WHERE EXISTS (SELECT 1 FROM users)',
    'MR_PLAN_UNSUPPORTED',
    'EXISTS (SELECT 1 FROM users)',
    'EXISTS',
  ),
  wrong(
    'SELECT (SELECT 1 FROM users) FROM clicks',
    'MR_PLAN_UNSUPPORTED',
    '(SELECT 1 FROM users)',
    'scalar subqueries',
  ),
  wrong(
    'SELECT ip FROM clicks UNION SELECT ip FROM clicks',
    'MR_PLAN_UNSUPPORTED',
    'SELECT ip FROM clicks',
    'UNION is not supported yet',
    'SELECT DISTINCT',
  ),
  wrong(
    'SELECT ip FROM clicks EXCEPT SELECT ip FROM clicks',
    'MR_PLAN_UNSUPPORTED',
    'SELECT ip FROM clicks',
    'EXCEPT is not supported yet',
  ),
  wrong('SELECT ip FROM clicks ORDER BY ts', 'MR_PLAN_UNSUPPORTED', 'ts', 'ORDER BY of a whole query'),
  wrong('SELECT ip FROM clicks LIMIT 3', 'MR_PLAN_UNSUPPORTED', '3', 'LIMIT'),
  wrong(
    'SELECT * FROM users CROSS JOIN UNNEST(tags) AS t (tag)',
    'MR_PLAN_UNSUPPORTED',
    'UNNEST(tags) AS t (tag)',
    'joins of several tables',
  ),
  wrong(
    "SELECT /*+ STATE_TTL('c' = '1d') */ ip FROM clicks AS c",
    'MR_PLAN_UNSUPPORTED',
    "STATE_TTL('c' = '1d')",
    'STATE_TTL is not supported yet',
  ),
  wrong(
    'INSERT OVERWRITE per_ip SELECT ip, 1 FROM clicks',
    'MR_PLAN_UNSUPPORTED',
    'per_ip',
    'INSERT OVERWRITE',
  ),
]

export const wrongSinks: readonly WrongQuery[] = [
  wrong(
    'INSERT INTO per_ip SELECT ip FROM clicks',
    'MR_BIND_SINK_SCHEMA',
    'SELECT ip FROM clicks',
    'Query schema: [ip: STRING]',
    'Sink schema: [ip: STRING, cnt: BIGINT]',
  ),
  wrong(
    'INSERT INTO per_ip SELECT user_id, ip FROM clicks',
    'MR_BIND_SINK_SCHEMA',
    'SELECT user_id, ip FROM clicks',
    "column 1 of the query ('user_id', BIGINT) does not fit 'ip' (STRING)",
    'CAST it to STRING',
  ),
  wrong(
    'INSERT INTO per_ip (ip, nope) SELECT ip, 1 FROM clicks',
    'MR_BIND_UNKNOWN_COLUMN',
    'nope',
    "'per_ip' has no column 'nope'",
  ),
  wrong(
    'INSERT INTO per_ip (ip, ip) SELECT ip, ip FROM clicks',
    'MR_BIND_DUPLICATE_COLUMN',
    'ip',
    'listed twice',
  ),
  wrong(
    'INSERT INTO upserted (cnt) SELECT user_id FROM clicks',
    'MR_BIND_NOT_NULL',
    'SELECT user_id FROM clicks',
    "'ip' is NOT NULL",
  ),
  wrong(
    'INSERT INTO with_meta (ip, part) SELECT ip, 1 FROM clicks',
    'MR_BIND_NOT_WRITABLE',
    'part',
    'VIRTUAL metadata',
  ),
  wrong(
    'INSERT INTO with_meta (ip, shout) SELECT ip, ip FROM clicks',
    'MR_BIND_NOT_WRITABLE',
    'shout',
    'computed column',
  ),
  wrong('INSERT INTO generated SELECT 1', 'MR_BIND_NOT_WRITABLE', 'generated', 'source only'),
  wrong('SELECT * FROM printed', 'MR_BIND_NOT_READABLE', 'printed', 'sink only'),
  wrong('INSERT INTO a_view SELECT ip FROM clicks', 'MR_BIND_NOT_WRITABLE', 'a_view', 'is a view'),
  wrong(
    'INSERT INTO per_ip SELECT ip, COUNT(*) FROM clicks GROUP BY ip',
    'MR_PLAN_APPEND_SINK',
    'ip',
    "'per_ip' takes inserts only, but the aggregate by (ip) makes updates",
    'upsert-kafka',
  ),
  wrong(
    'INSERT INTO per_ip SELECT name, id FROM users',
    'MR_PLAN_APPEND_SINK',
    'per_ip',
    "the changelog source 'users'",
  ),
  wrong(
    'INSERT INTO upserted SELECT url, COUNT(*) FROM clicks GROUP BY url, user_id',
    'MR_PLAN_UPSERT_KEY',
    'upserted',
    'has no upsert key',
    'primary key',
  ),
  wrong(
    'INSERT INTO upserted SELECT CAST(m AS STRING), n FROM (SELECT ip, MAX(user_id) AS m, COUNT(*) AS n FROM clicks GROUP BY ip)',
    'MR_PLAN_UPSERT_KEY',
    'upserted',
    'overwrite each other',
  ),
  wrong(
    "SELECT * FROM clicks /*+ OPTIONS('connector' = 'print') */",
    'MR_BIND_HINT',
    "'connector'",
    'cannot change the connector',
  ),
  wrong(
    "SELECT * FROM clicks /*+ OPTION('a' = 'b') */",
    'MR_BIND_HINT',
    "OPTION('a' = 'b')",
    "OPTIONS('key' = 'value')",
  ),
]

export const wrongTables: readonly WrongQuery[] = [
  wrong(
    "CREATE TABLE t (a INT, b INT METADATA FROM 'partitio') WITH ('connector' = 'kafka')",
    'MR_BIND_UNKNOWN_METADATA',
    "'partitio'",
    "has no metadata 'partitio'",
    'did you mean: partition',
  ),
  wrong('CREATE TABLE t (a INT, a STRING)', 'MR_BIND_DUPLICATE_COLUMN', 'a', "'a' is declared twice"),
  wrong('CREATE TABLE t (a STRIN)', 'MR_BIND_UNKNOWN_TYPE', 'STRIN', "no type 'STRIN'"),
  wrong('CREATE TABLE t (a INT, b AS c + 1)', 'MR_BIND_UNKNOWN_COLUMN', 'c', "there is no column 'c'"),
  wrong(
    'CREATE TABLE t (a INT, b AS a + 1, c AS b)',
    'MR_BIND_COMPUTED_COLUMN',
    'b',
    "cannot use the computed column 'b'",
  ),
  wrong('CREATE TABLE t (a INT, WATERMARK FOR b AS b)', 'MR_BIND_UNKNOWN_COLUMN', 'b', 'for WATERMARK'),
  wrong(
    'CREATE TABLE t (a BIGINT, WATERMARK FOR a AS a)',
    'MR_BIND_WATERMARK',
    'a',
    "'a' is BIGINT",
    'TO_TIMESTAMP_LTZ(a, 3)',
  ),
  wrong(
    'CREATE TABLE t (a TIMESTAMP(6), WATERMARK FOR a AS a)',
    'MR_BIND_WATERMARK',
    'a',
    "'a' is TIMESTAMP(6)",
    'CAST(a AS TIMESTAMP(3))',
  ),
  wrong('CREATE TABLE t (a TIMESTAMP(3), WATERMARK FOR a AS 5)', 'MR_BIND_WATERMARK', '5', 'not INT'),
  wrong(
    'CREATE TABLE t (a TIMESTAMP(3), WATERMARK FOR a AS a, WATERMARK FOR a AS a)',
    'MR_BIND_WATERMARK',
    'WATERMARK FOR a AS a',
    'at most one WATERMARK',
  ),
  wrong(
    'CREATE TABLE t (r ROW<a TIMESTAMP(3)>, WATERMARK FOR r.a AS r.a)',
    'MR_BIND_WATERMARK',
    'r',
    'nested field',
    'ts AS r.a',
  ),
  wrong(
    'CREATE TABLE t (a INT, PRIMARY KEY (b) NOT ENFORCED)',
    'MR_BIND_UNKNOWN_COLUMN',
    'b',
    'for PRIMARY KEY',
  ),
  wrong(
    'CREATE TABLE t (a INT, b AS a + 1, PRIMARY KEY (b) NOT ENFORCED)',
    'MR_BIND_PRIMARY_KEY',
    'b',
    'only physical columns',
  ),
  wrong(
    "CREATE TABLE t (a INT) WITH ('connector' = 'print', 'connector' = 'print')",
    'MR_BIND_DUPLICATE_OPTION',
    "'connector'",
    'given twice',
  ),
  wrong('CREATE TABLE clicks (a INT)', 'MR_CATALOG_TABLE_EXISTS', '', 'already exists'),
  wrong(
    'CREATE TABLE t (ip STRING) LIKE clicks',
    'MR_BIND_LIKE',
    'ip',
    'physical columns cannot be overwritten',
  ),
  wrong('CREATE TABLE t LIKE clickss', 'MR_CATALOG_UNKNOWN_TABLE', 'clickss', 'did you mean: clicks'),
  wrong(
    'CREATE TABLE t (a INT) DISTRIBUTED BY (a) INTO 3 BUCKETS',
    'MR_PLAN_UNSUPPORTED',
    'DISTRIBUTED BY (a) INTO 3 BUCKETS',
    'DISTRIBUTED BY',
  ),
  wrong('CREATE VIEW v (a, b) AS SELECT ip FROM clicks', 'MR_BIND_COLUMN_COUNT', 'a', '2 column names'),
]

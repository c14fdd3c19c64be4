/** What a user reads when a file is wrong: one message with code, place and remedy; nothing was started. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { errorDefects, Workplace } from '../support/cli.ts'

const source = `CREATE TABLE g (id BIGINT, name STRING, ts TIMESTAMP(3), WATERMARK FOR ts AS ts)
WITH ('connector' = 'datagen', 'number-of-rows' = '10');
`
const sink = `CREATE TABLE s (id BIGINT NOT NULL, name STRING) WITH ('connector' = 'blackhole');
`
const kafka = (options: string) => `CREATE TABLE k (id BIGINT, name STRING) WITH (
  'connector' = 'kafka', 'topic' = 'in', 'properties.bootstrap.servers' = '127.0.0.1:1',
  'format' = 'json', 'scan.startup.mode' = 'earliest-offset',
  ${options}
);
`

interface BadInput {
  readonly what: string
  readonly sql: string
  readonly args?: readonly string[]
  readonly code: string
  readonly says: readonly string[]
}

const badInputs: readonly BadInput[] = [
  {
    what: 'a syntax error',
    sql: `${source}SELECT id FORM g;`,
    code: 'MR_PARSE_UNEXPECTED',
    says: ['job.sql:3:11', '3 | SELECT id FORM g;', '^^^^', 'did you mean: FROM'],
  },
  {
    what: 'an unknown statement',
    sql: 'CREATE TABEL t (a INT);',
    code: 'MR_PARSE_UNEXPECTED',
    says: ['job.sql:1:8', 'did you mean: TABLE'],
  },
  {
    what: 'a string without end',
    sql: `${source}SELECT 'abc FROM g;`,
    code: 'MR_PARSE_UNTERMINATED_STRING',
    says: ['job.sql:3:8', 'end it with'],
  },
  {
    what: 'an unknown table',
    sql: `${source.replace(' g ', ' orders ')}SELECT * FROM oders;`,
    code: 'MR_CATALOG_UNKNOWN_TABLE',
    says: ["'oders'", 'job.sql:3:15', 'did you mean: orders'],
  },
  {
    what: 'an unknown sink table',
    sql: `${source}${sink}INSERT INTO ss SELECT id, name FROM g;`,
    code: 'MR_CATALOG_UNKNOWN_TABLE',
    says: ["'ss'", 'job.sql:4:13'],
  },
  {
    what: 'an unknown column',
    sql: `${source}SELECT nmae FROM g;`,
    code: 'MR_BIND_UNKNOWN_COLUMN',
    says: ["'nmae'", 'job.sql:3:8', 'did you mean: name'],
  },
  {
    what: 'an unknown function',
    sql: `${source}SELECT UPER(name) FROM g;`,
    code: 'MR_FUNCTION_UNKNOWN',
    says: ['UPER', 'job.sql:3:8', 'did you mean: UPPER'],
  },
  {
    what: 'arguments a function does not take',
    sql: `${source}SELECT UPPER(id) FROM g;`,
    code: 'MR_FUNCTION_ARGUMENTS',
    says: ['UPPER does not take (BIGINT)', 'job.sql:3:8'],
  },
  {
    what: 'an unknown table option, at the option itself',
    sql: `CREATE TABLE t (a INT) WITH ('connector' = 'datagen', 'rows-per-secnd' = '1');\nSELECT * FROM t;`,
    code: 'MR_CONFIG_UNKNOWN_OPTION',
    says: ["'rows-per-secnd'", 'job.sql:1:55', 'did you mean: rows-per-second'],
  },
  {
    what: 'an unknown Kafka option, without a list of a hundred others',
    sql: `${kafka(`'scan.startup.mod' = 'x'`)}SELECT * FROM k;`,
    code: 'MR_CONFIG_UNKNOWN_OPTION',
    says: ["'scan.startup.mod'", 'job.sql:4:3', 'did you mean: scan.startup.mode', 'more)'],
  },
  {
    what: 'an unknown client property',
    sql: `${kafka(`'properties.fetch.min.byte' = '1'`)}SELECT * FROM k;`,
    code: 'MR_CONFIG_UNKNOWN_OPTION',
    says: ["'properties.fetch.min.byte'", 'job.sql:4:3', 'did you mean: properties.fetch.min.bytes'],
  },
  {
    what: 'an unknown format option',
    sql: `${kafka(`'json.ignore-parse-error' = 'true'`)}SELECT * FROM k;`,
    code: 'MR_CONFIG_UNKNOWN_OPTION',
    says: ["'json.ignore-parse-error'", 'job.sql:4:3', 'did you mean: json.ignore-parse-errors'],
  },
  {
    what: 'an unknown SET key',
    sql: `SET 'execution.checkpointing.intervall' = '5 s';`,
    code: 'MR_CONFIG_UNKNOWN_KEY',
    says: [
      "'execution.checkpointing.intervall'",
      'job.sql:1:1',
      'did you mean: execution.checkpointing.interval',
    ],
  },
  {
    what: 'an unknown key of -D',
    sql: 'SELECT 1;',
    args: ['-D', 'parallelism.defalt=1'],
    code: 'MR_CONFIG_UNKNOWN_KEY',
    says: ["'parallelism.defalt'", 'did you mean: parallelism.default'],
  },
  {
    what: '-D without a value',
    sql: 'SELECT 1;',
    args: ['-D', 'parallelism.default'],
    code: 'MR_CLI_ASSIGNMENT',
    says: ['-D parallelism.default', '-D NAME=value'],
  },
  {
    what: 'an unknown connector',
    sql: `CREATE TABLE t (a INT) WITH ('connector' = 'kafak');\nSELECT * FROM t;`,
    code: 'MR_CONNECTOR_UNKNOWN',
    says: ["'kafak'", 'job.sql:1:30', 'did you mean: kafka'],
  },
  {
    what: 'no connector',
    sql: `CREATE TABLE t (a INT) WITH ('topic' = 'x');\nSELECT * FROM t;`,
    code: 'MR_CONFIG_MISSING_OPTION',
    says: ["'connector'", 'job.sql:1:14', 'kafka'],
  },
  {
    what: 'an unknown format',
    sql: `${kafka(`'json.ignore-parse-errors' = 'true'`).replace("'format' = 'json'", "'format' = 'jsn'")}SELECT * FROM k;`,
    code: 'MR_CONFIG_UNKNOWN_FORMAT',
    says: ["table 'k'", "'jsn'", 'job.sql:3:3', 'did you mean: json'],
  },
  {
    what: 'a wrong option value',
    sql: `${kafka(`'json.ignore-parse-errors' = 'yes'`)}SELECT * FROM k;`,
    code: 'MR_CONFIG_OPTION_VALUE',
    says: ["'json.ignore-parse-errors'", "'yes'", 'job.sql:4:3', 'expected: true, false'],
  },
  {
    what: 'a wrong enum value',
    sql: `${kafka(`'sink.delivery-guarantee' = 'exactly_once'`)}SELECT * FROM k;`,
    code: 'MR_CONFIG_OPTION_VALUE',
    says: ['job.sql:4:3', 'did you mean: exactly-once'],
  },
  {
    what: 'a wrong value of SET',
    sql: `SET 'execution.checkpointing.interval' = 'five';`,
    code: 'MR_CONFIG_OPTION_VALUE',
    says: ["'five'", 'job.sql:1:1', 'a duration such as'],
  },
  {
    what: 'a restart strategy that does not exist',
    sql: `SET 'restart-strategy.type' = 'never';`,
    code: 'MR_CONFIG_OPTION_VALUE',
    says: ["'never'", 'job.sql:1:1', 'fixed-delay'],
  },
  {
    what: 'a zone that does not exist',
    sql: `SET 'table.local-time-zone' = 'Mars/Olympus';`,
    code: 'MR_CONFIG_OPTION_VALUE',
    says: ['Mars/Olympus', 'Europe/Berlin'],
  },
  {
    what: 'a watermark on a column that is no time',
    sql: `CREATE TABLE t (a STRING, WATERMARK FOR a AS a) WITH ('connector' = 'datagen');`,
    code: 'MR_BIND_WATERMARK',
    says: ["'a' is STRING", 'job.sql:1:41', 'TO_TIMESTAMP(a)'],
  },
  {
    what: 'a window over a column without watermark',
    sql: `CREATE TABLE t (ts TIMESTAMP(3)) WITH ('connector' = 'datagen');
SELECT COUNT(*) FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '5' SECOND)) GROUP BY window_start, window_end;`,
    code: 'MR_BIND_NO_TIME_ATTRIBUTE',
    says: ["'ts'", 'job.sql:2:55', 'declare WATERMARK FOR ts'],
  },
  {
    what: 'exactly-once without prefix',
    sql: `SET 'execution.checkpointing.interval' = '1 s';
${source}${kafka(`'sink.delivery-guarantee' = 'exactly-once'`)}INSERT INTO k SELECT id, name FROM g;`,
    code: 'MR_KAFKA_OPTIONS',
    says: ["table 'k'", "'sink.transactional-id-prefix'", 'job.sql:4:14'],
  },
  {
    what: 'exactly-once without checkpointing',
    sql: `${source}${kafka(`'sink.delivery-guarantee' = 'exactly-once', 'sink.transactional-id-prefix' = 'p'`)}INSERT INTO k SELECT id, name FROM g;`,
    code: 'MR_KAFKA_NO_CHECKPOINTS',
    says: ["table 'k'", "SET 'execution.checkpointing.interval' = '5 s'"],
  },
  {
    what: 'a transaction timeout too short for the interval',
    sql: `SET 'execution.checkpointing.interval' = '1 min';
${source}${kafka(`'sink.delivery-guarantee' = 'exactly-once', 'sink.transactional-id-prefix' = 'p', 'properties.transaction.timeout.ms' = '60000'`)}INSERT INTO k SELECT id, name FROM g;`,
    code: 'MR_KAFKA_TRANSACTION_TIMEOUT',
    says: [
      '60000 ms',
      '360000 ms',
      "'properties.transaction.timeout.ms'",
      'execution.checkpointing.interval',
    ],
  },
  {
    what: 'an address without port',
    sql: `${kafka(`'json.ignore-parse-errors' = 'true'`).replace('127.0.0.1:1', 'localhost')}SELECT * FROM k;`,
    code: 'MR_CONFIG_OPTION_VALUE',
    says: ["'properties.bootstrap.servers'", "'localhost'", 'host:port'],
  },
  {
    what: 'an updating query into an append table',
    sql: `${source}${kafka(`'json.ignore-parse-errors' = 'true'`)}INSERT INTO k SELECT COUNT(*), name FROM g GROUP BY name;`,
    code: 'MR_PLAN_APPEND_SINK',
    says: ["'k'", 'the aggregate by (name)', 'upsert-kafka'],
  },
  {
    what: 'NULL into NOT NULL',
    sql: `${source}${sink}INSERT INTO s SELECT NULLIF(id, id), name FROM g;`,
    code: 'MR_SINK_NULL_IN_NOT_NULL',
    says: ["'id'", "'s'", "SET 'table.exec.sink.not-null-enforcer' = 'DROP'", 'job: job.s'],
  },
  {
    what: 'a query whose columns do not fit the sink',
    sql: `${source}${sink}INSERT INTO s SELECT id FROM g;`,
    code: 'MR_BIND_SINK_SCHEMA',
    says: ["'s' takes 2", 'job.sql:4:15'],
  },
  {
    what: 'a value that cannot be cast',
    sql: `SELECT CAST('x' AS INT);`,
    code: 'MR_EXPR_CAST',
    says: ["'x'", 'TRY_CAST'],
  },
  {
    what: 'a parameter without value',
    sql: `SET 'pipeline.name' = '\${NOWHERE_GIVEN}';\nSELECT 1;`,
    code: 'MR_PARSE_MISSING_PARAM',
    says: ['job.sql:1:24', '--param NOWHERE_GIVEN=value', 'environment'],
  },
  {
    what: 'a savepoint that is not there',
    sql: `${source}${sink}INSERT INTO s SELECT id, name FROM g;`,
    args: ['--resume', '/nowhere/savepoint-1'],
    code: 'MR_RESUME_NOT_FOUND',
    says: ['/nowhere/savepoint-1', '--resume latest'],
  },
]

describe('bad input', () => {
  let place: Workplace
  beforeAll(async () => {
    place = await Workplace.create()
  })
  afterAll(() => place[Symbol.asyncDispose]())

  test.each(badInputs)('$what', async ({ sql, args, code, says }) => {
    const result = await place.run(sql, args)
    expect(errorDefects(result, code, says)).toEqual([])
    expect(result.stdout).toBe('')
  })

  test('a file that is not there', async () => {
    const result = await place.start(['run', 'nowhere.sql']).ended
    expect(errorDefects(result, 'MR_CLI_FILE', ['nowhere.sql', 'there is no such file'])).toEqual([])
  })

  test('an error in the second file starts nothing of the first', async () => {
    await place.write('first.sql', `${source}${sink}INSERT INTO s SELECT id, name FROM g;`)
    await place.write('second.sql', 'SELECT * FROM missing;')
    const result = await place.start(['run', 'first.sql', 'second.sql']).ended
    expect(errorDefects(result, 'MR_CATALOG_UNKNOWN_TABLE', ['second.sql:1:15'])).toEqual([])
    expect(result.stderr).not.toContain('job is running')
  })

  test('a wrong option of a table of init.sql is shown there', async () => {
    await place.write(
      'init.sql',
      `\nCREATE TABLE t (a INT) WITH ('connector' = 'datagen', 'sed' = '\${SEED}');`,
    )
    const args = ['run', '-i', 'init.sql', '--param', 'SEED=17']
    await place.write('job.sql', 'SELECT * FROM t;')
    const result = await place.start([...args, 'job.sql']).ended
    expect(
      errorDefects(result, 'MR_CONFIG_UNKNOWN_OPTION', ['init.sql:2:55', `'\${SEED}'`, 'did you mean: seed']),
    ).toEqual([])
  })

  test.each([
    ['an unknown flag', ['run', '--fromat', 'json', 'job.sql'], '--format'],
    ['an unknown command', ['rum', 'job.sql'], 'run'],
    ['no file', ['run'], 'file'],
    ['a format that does not exist', ['run', '--format', 'xml', 'job.sql'], 'table, changelog, json'],
  ])('%s', async (_what, args, says) => {
    const result = await place.start(args).ended
    expect(result.code).toBe(2)
    expect(result.stderr).toContain(says)
    expect(result.stderr).not.toMatch(/^\s+at /m)
  })
})

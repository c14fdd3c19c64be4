/** What `millrace` writes where, and how files, settings and parameters reach it. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type DevBroker, startDevBroker } from '../../src/dev-broker/index.ts'
import { Workplace } from '../support/cli.ts'
import { kafkaTable, produce } from '../support/cli-kafka.ts'

let place: Workplace
beforeAll(async () => {
  place = await Workplace.create()
})
afterAll(() => place[Symbol.asyncDispose]())

const rows = `SELECT a, b, c FROM (VALUES
  (CAST(9223372036854775807 AS BIGINT), 'x', CAST(1.50 AS DECIMAL(10, 2))),
  (CAST(9007199254740993 AS BIGINT), 'a "quote"', CAST(NULL AS DECIMAL(10, 2)))) AS t(a, b, c);`
const numbers = (
  end: number,
) => `CREATE TABLE n (id BIGINT) WITH ('connector' = 'datagen', 'rows-per-second' = '1000000',
  'fields.id.kind' = 'sequence', 'fields.id.start' = '1', 'fields.id.end' = '${end}');\n`

describe('rows of a SELECT', () => {
  test('are JSON lines with their kind when piped; integers keep all digits; nothing else is on stdout', async () => {
    const { code, stdout } = await place.run(rows)
    expect(code).toBe(0)
    expect(stdout.split('\n')).toEqual([
      '{"kind":"+I","row":{"a":9223372036854775807,"b":"x","c":"1.50"}}',
      '{"kind":"+I","row":{"a":9007199254740993,"b":"a \\"quote\\"","c":null}}',
      '',
    ])
  })

  test('as a changelog, with updates', async () => {
    const select = 'SELECT b, COUNT(*) AS n FROM (VALUES (1), (1)) AS t(b) GROUP BY b;'
    const { stdout } = await place.run(select, ['--format', 'changelog'])
    expect(stdout).toBe('+I[1, 1]\n-U[1, 1]\n+U[1, 2]\n')
  })

  test('--timings says on stderr where the time to the first row went', async () => {
    const { code, stdout, stderr } = await place.run(rows, ['--timings'])
    expect(code).toBe(0)
    expect(stdout.trimEnd().split('\n')).toHaveLength(2)
    const lines = stderr.trimEnd().split('\n')
    const names = ['start Node.js', 'load modules', 'parse', 'plan', 'connect', 'first row', 'together']
    expect(lines.map(line => line.slice(0, 14).trimEnd())).toEqual(names)
    const times = lines.map(line => Number(/ (\d+) ms/.exec(line)![1]))
    const sum = times.slice(0, -1).reduce((a, b) => a + b, 0)
    // Each is rounded on its own.
    expect(Math.abs(times.at(-1)! - sum)).toBeLessThanOrEqual(names.length)
  })

  test('--timings of a job ends where it runs', async () => {
    const sink = "CREATE TABLE s (id BIGINT) WITH ('connector' = 'blackhole');"
    const { code, stdout, stderr } = await place.run(
      `${numbers(10)}${sink} INSERT INTO s SELECT id FROM n;`,
      ['--timings'],
    )
    expect(code).toBe(0)
    expect(stdout).toBe('')
    expect(stderr).toMatch(/^connect +\d+ ms$/m)
    expect(stderr).toMatch(/^together +\d+ ms, CPU \d+ ms$/m)
    expect(stderr).not.toMatch(/^first row/m)
  })

  test('as a table', async () => {
    const { stdout } = await place.run(rows, ['--format', 'table'])
    const lines = stdout.trimEnd().split('\n')
    expect(lines[0]).toMatch(/^op {2}a +b +c$/)
    expect(lines[1]).toMatch(/^\+I {2}9223372036854775807 +x +1\.50$/)
    expect(lines.at(-1)).toBe('2 rows')
  })

  test.each(['json', 'table', 'changelog'])(
    'a reader that has seen enough ends it quietly: %s',
    async format => {
      await place.write('many.sql', `${numbers(3_000_000)}SELECT id FROM n;`)
      const job = place.start(['run', 'many.sql', '--format', format, '--log-level', 'warn'])
      try {
        await job.until('a row', () => job.stdout !== '')
        job.child.stdout!.destroy()
        expect(await job.ended).toMatchObject({ code: 0, stderr: '' })
      } finally {
        await job.stop()
      }
    },
  )

  test('a log reader that is gone does not end the jobs', async () => {
    await place.write(
      'log.sql',
      `${numbers(50).replace('1000000', '50')}CREATE TABLE p (id BIGINT) WITH ('connector' = 'print');\nINSERT INTO p SELECT id FROM n;`,
    )
    const job = place.start(['run', 'log.sql'])
    try {
      await job.untilStderr('job is running')
      job.child.stderr!.destroy()
      const { code, stdout } = await job.ended
      expect(code).toBe(0)
      expect(stdout).toContain('+I[50]')
    } finally {
      await job.stop()
    }
  })
})

describe('input', () => {
  test('-i comes first, then the files in order; --param and -D reach them', async () => {
    await place.write('init.sql', `CREATE VIEW v1 AS SELECT '\${WHO}' AS who;`)
    await place.write('a.sql', 'CREATE VIEW v2 AS SELECT who, 2 AS n FROM v1;')
    await place.write('b.sql', 'SELECT who, n FROM v2;\nSET;')
    const { code, stdout, stderr } = await place.start([
      'run',
      '-i',
      'init.sql',
      '-D',
      'parallelism.default=2',
      '--param',
      "WHO=O'Neil",
      'a.sql',
      'b.sql',
    ]).ended
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain(`{"kind":"+I","row":{"who":"O'Neil","n":2}}`)
    expect(stdout).toMatch(/parallelism\.default +2/)
  })

  test('the environment gives parameters too; --param wins', async () => {
    await place.write('env.sql', `SELECT '\${MR_A}' AS a, '\${MR_B}' AS b;`)
    const job = place.start(['run', 'env.sql', '--param', 'MR_B=flag'], { MR_A: 'env', MR_B: 'env' })
    expect((await job.ended).stdout).toBe('{"kind":"+I","row":{"a":"env","b":"flag"}}\n')
  })

  test('a file without statements says so', async () => {
    const { code, stderr } = await place.run('-- nothing\n')
    expect(code).toBe(0)
    expect(stderr).toContain('there are no statements')
  })
})

describe('other commands', () => {
  test('--version', async () => {
    const { version } = JSON.parse(
      await readFile(join(import.meta.dirname, '../../package.json'), 'utf8'),
    ) as { version: string }
    expect(await place.start(['--version']).ended).toMatchObject({ code: 0, stdout: `${version}\n` })
  })

  test('--help names every command', async () => {
    const { code, stdout } = await place.start(['--help']).ended
    expect(code).toBe(0)
    for (const command of ['run', 'explain', 'dev-broker']) expect(stdout).toContain(command)
  })

  test('explain prints the plans and runs nothing', async () => {
    await place.write(
      'explain.sql',
      `${numbers(5)}CREATE TABLE p (id BIGINT) WITH ('connector' = 'print');\nINSERT INTO p SELECT id FROM n WHERE id > 3;`,
    )
    const { code, stdout } = await place.start(['explain', 'explain.sql']).ended
    expect(code).toBe(0)
    expect(stdout).toContain('== Optimized Physical Plan ==')
    expect(stdout).not.toContain('+I[')
    const json = await place.start(['explain', '--json', 'explain.sql']).ended
    const graph = JSON.parse(json.stdout.replace(/^--.*\n/, '')) as { nodes: { kind: string }[] }
    expect(graph.nodes.map(node => node.kind)).toContain('Sink')
  })

  test('dev-broker --port 0 prints its address and ends with 0 on SIGTERM', async () => {
    const broker = place.start(['dev-broker', '--port', '0'])
    try {
      await broker.until('its address', () => /^dev broker listens on 127\.0\.0\.1:\d+$/m.test(broker.stdout))
      broker.kill('SIGTERM')
      expect((await broker.ended).code).toBe(0)
    } finally {
      await broker.stop()
    }
  })
})

describe('a running job', () => {
  const job = `SET 'execution.checkpointing.interval' = '100 ms';
SET 'restart-strategy.type' = 'fixed-delay';
SET 'restart-strategy.fixed-delay.attempts' = '2';
SET 'restart-strategy.fixed-delay.delay' = '10 ms';
${numbers(1_000_000).replace('1000000', '500')}CREATE TABLE b (id BIGINT) WITH ('connector' = 'blackhole');
INSERT INTO b SELECT id FROM n;`

  test('the status file goes from starting to running to finished', async () => {
    await place.write('status.sql', job)
    const running = place.start([
      'run',
      'status.sql',
      '--status-file',
      'status.json',
      '--state-dir',
      'status',
    ])
    const status = () =>
      readFile(join(place.path, 'status.json'), 'utf8').then(
        text => JSON.parse(text) as { status: string; pid: number; jobs: { recordsIn: number }[] },
        () => null,
      )
    try {
      await running.until('readiness', async () => (await status())?.status === 'running')
      expect((await status())!.pid).toBe(running.child.pid)
      await running.until('progress', async () => ((await status())!.jobs[0]?.recordsIn ?? 0) > 0)
      running.kill('SIGTERM')
      await running.ended
      expect((await status())!.status).toBe('finished')
    } finally {
      await running.stop()
    }
  })

  test('progress lines are JSON on stderr when piped', async () => {
    await place.write('progress.sql', job)
    const running = place.start(['run', 'progress.sql', '--state-dir', 'progress'])
    try {
      await running.untilStderr(/"lastCheckpoint":[1-9]/)
      running.kill('SIGTERM')
      const { stderr, stdout } = await running.ended
      expect(stdout).toBe('')
      const lines = stderr
        .trimEnd()
        .split('\n')
        .map(line => JSON.parse(line) as Record<string, unknown>)
      expect(lines.filter(line => line['msg'] === 'progress').at(-1)).toMatchObject({
        job: 'progress.b',
        status: 'FINISHED',
        restarts: 0,
      })
    } finally {
      await running.stop()
    }
  })
})

test('a SELECT without Kafka loads no Kafka client, no DuckDB, no view and no JSON logger', async () => {
  await place.write(
    'loaded.mjs',
    `import { registerHooks } from 'node:module'
registerHooks({ load(url, context, next) { process.stderr.write(url + '\\n'); return next(url, context) } })`,
  )
  await place.write('one.sql', 'SELECT 1;')
  const hook = join(place.path, 'loaded.mjs')
  const { code, stderr } = await place.start(['run', 'one.sql'], { NODE_OPTIONS: `--import ${hook}` }).ended
  expect(code).toBe(0)
  expect(stderr).toContain('/session/session.ts')
  expect(stderr).not.toMatch(
    /node_modules\/(kafkajs|@duckdb|log-update|pino|fastify)|kafka\/transport|src\/dev-broker/,
  )
})

describe('late rows', () => {
  let broker: DevBroker
  beforeAll(async () => {
    broker = await startDevBroker()
  })
  afterAll(() => broker.close())

  test('are said in the log, with their number', async () => {
    const record = (time: string) => `{"ts":"2025-01-01 ${time}","name":"a"}`
    await produce(broker.bootstrap, 'clicks', [record('12:00:00'), record('12:01:00')])
    await place.write(
      'late.sql',
      `${kafkaTable('clicks', broker.bootstrap, {}, 'name STRING, ts TIMESTAMP(3), WATERMARK FOR ts AS ts')}
CREATE TABLE b (name STRING, n BIGINT) WITH ('connector' = 'blackhole');
INSERT INTO b SELECT name, COUNT(*) FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(ts), INTERVAL '5' SECOND))
GROUP BY window_start, window_end, name;`,
    )
    const job = place.start(['run', 'late.sql'])
    try {
      await job.untilStderr('"watermark":"2025-01-01T12:01:00.000Z"')
      await produce(broker.bootstrap, 'clicks', [record('12:00:01'), record('12:00:02'), record('12:00:59')])
      await job.untilStderr('late rows dropped')
      job.kill('SIGTERM')
      const { stderr } = await job.ended
      const line = stderr.split('\n').find(text => text.includes('late rows dropped'))
      expect(JSON.parse(line!)).toMatchObject({ level: 40, job: 'late.b', count: 3, total: 3 })
      expect(stderr).toContain('"lateDropped":3')
    } finally {
      await job.stop()
    }
  })
})

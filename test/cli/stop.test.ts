/** How `millrace run` ends: by signals, by its input, by failures of one of several jobs. */
import { execFile } from 'node:child_process'
import { chmod, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type DevBroker, startDevBroker } from '../../src/dev-broker/index.ts'
import { type CliProcess, errorDefects, millraceScript, Workplace } from '../support/cli.ts'
import { checkpointing, exactlyOnce, kafkaTable, produce } from '../support/cli-kafka.ts'
import { TopicTool } from '../support/kafka-topics.ts'

let place: Workplace
let broker: DevBroker
let tool: TopicTool
beforeAll(async () => {
  place = await Workplace.create()
  broker = await startDevBroker()
  tool = new TopicTool(broker.bootstrap)
})
afterAll(async () => {
  await tool.cluster.close()
  await broker.close()
  await place[Symbol.asyncDispose]()
})

const logged = (process: CliProcess, message: string): Record<string, unknown> =>
  JSON.parse(process.stderr.split('\n').find(line => line.includes(message))!) as Record<string, unknown>

const numbers = (name: string, options = "'rows-per-second' = '50'") =>
  `CREATE TABLE ${name} (id BIGINT) WITH ('connector' = 'datagen', 'fields.id.kind' = 'sequence', 'fields.id.start' = '1', 'fields.id.end' = '1000000', ${options});\n`
const blackhole = (name: string) => `CREATE TABLE ${name} (id BIGINT) WITH ('connector' = 'blackhole');\n`

describe.each(['SIGTERM', 'SIGINT'] as const)('%s', signal => {
  test('stops with a savepoint; the command that is printed resumes from it', async () => {
    const [src, dst] = [`src_${signal}`, `dst_${signal}`]
    const sql =
      checkpointing('100 s') + // Only the savepoint can have committed.
      kafkaTable(src, broker.bootstrap) +
      kafkaTable(dst, broker.bootstrap, exactlyOnce(dst)) +
      `INSERT INTO ${dst} SELECT id, name FROM ${src};`
    await place.write(`${signal} it's.sql`, sql)
    const records = [1, 2, 3].map(id => `{"id":${id},"name":"n${id}"}`)
    await tool.create(dst)
    await produce(broker.bootstrap, src, records.slice(0, 2))
    const first = place.start(['run', `${signal} it's.sql`, '--state-dir', signal, '--status-file', 'ready'])
    try {
      await first.until('two records are read', () => first.stderr.includes('"recordsIn":2'))
      first.kill(signal)
      expect((await first.ended).code).toBe(0)
    } finally {
      await first.stop()
    }
    const line = logged(first, 'stopped with a savepoint')
    const manifest = await readFile(join(String(line['savepoint']), 'manifest.json'), 'utf8')
    expect(manifest).toContain('"kind":"savepoint"')
    const values = async () => {
      await tool.untilDecided(dst)
      return (await tool.read(dst)).map(({ value }) => value)
    }
    expect(await values()).toEqual(records.slice(0, 2))

    await produce(broker.bootstrap, src, records.slice(2))
    await writeFile(
      join(place.path, 'millrace'),
      `#!/bin/sh\nexec '${process.execPath}' '${millraceScript}' "$@"\n`,
    )
    await chmod(join(place.path, 'millrace'), 0o755)
    const pasted = promisify(execFile)('sh', ['-c', `exec ${String(line['resume'])}`], {
      cwd: place.path,
      env: { ...process.env, PATH: `${place.path}:${process.env['PATH']}`, MILLRACE_PROGRESS_MS: '100' },
    })
    let stderr = ''
    const ends: unknown[] = []
    pasted.child.stderr!.on('data', text => {
      stderr += text
      if (!pasted.child.killed && stderr.includes('"recordsIn":1')) pasted.child.kill('SIGTERM')
    })
    pasted.child.on('exit', (code, killedBy) => ends.push(code, killedBy))
    await pasted.catch(() => {})
    expect(ends).toEqual([0, null])
    expect(stderr).toContain(`"restoredCheckpoint":"${String(line['savepoint'])}"`)
    expect(await values()).toEqual(records)
  })
})

test('a second signal stops hard', async () => {
  await tool.create('hard_dst')
  await produce(broker.bootstrap, 'hard_src', ['{"id":1,"name":"a"}'])
  await place.write(
    'hard.sql',
    checkpointing('1 min') +
      kafkaTable('hard_src', broker.bootstrap) +
      kafkaTable('hard_dst', broker.bootstrap, exactlyOnce('hard')) +
      'INSERT INTO hard_dst SELECT id, name FROM hard_src;',
  )
  const job = place.start(['run', 'hard.sql'])
  let releaseMarkers = (): void => {}
  try {
    await job.until('the record is read', () => job.stderr.includes('"recordsIn":1'))
    releaseMarkers = broker.holdMarkers()
    await broker.stop()
    job.kill('SIGTERM')
    await new Promise(resolve => setTimeout(resolve, 200))
    job.kill('SIGTERM')
    const { code, stderr } = await job.ended
    expect(code).toBe(130)
    expect(stderr).toContain('second signal')
  } finally {
    releaseMarkers()
    await broker.restart()
    await job.stop()
  }
})

test('a job without state is canceled by SIGTERM, and that is no failure', async () => {
  await place.write('stateless.sql', `${numbers('n')}${blackhole('b')}INSERT INTO b SELECT id FROM n;`)
  const job = place.start(['run', 'stateless.sql'])
  try {
    await job.untilStderr('job is running')
    job.kill('SIGTERM')
    const { code, stderr } = await job.ended
    expect(code).toBe(0)
    expect(stderr).toContain('keeps no state')
  } finally {
    await job.stop()
  }
})

test('a SELECT ends with 0 on SIGINT, its rows on stdout', async () => {
  await place.write('select.sql', `${numbers('n')}SELECT id FROM n;`)
  const job = place.start(['run', 'select.sql'])
  try {
    await job.until('a row', () => job.stdout.includes('"id":2'))
    job.kill('SIGINT')
    expect((await job.ended).code).toBe(0)
    expect(job.stdout).toMatch(/^\{"kind":"\+I","row":\{"id":1\}\}\n/)
  } finally {
    await job.stop()
  }
})

describe('several jobs of a file', () => {
  test('bare INSERTs are separate jobs, started together; a bounded file ends with 0', async () => {
    const limit = "'rows-per-second' = '1000', 'number-of-rows' = '20'"
    const result = await place.run(
      `${numbers('n', limit)}${blackhole('b1')}${blackhole('b2')}INSERT INTO b1 SELECT id FROM n;\nINSERT INTO b2 SELECT id FROM n;`,
    )
    expect(result.code).toBe(0)
    for (const job of ['job.b1', 'job.b2'])
      expect(result.stderr).toContain(`"job":"${job}","restoredCheckpoint"`)
  })

  test('one that fails stops the others, with its error and its exit code', async () => {
    const result = await place.run(
      `${numbers('n')}${numbers('m')}${blackhole('b1')}CREATE TABLE b2 (x INT) WITH ('connector' = 'blackhole');
INSERT INTO b1 SELECT id FROM n;
INSERT INTO b2 SELECT 1 / CAST(id - 20 AS INT) FROM m;`,
    )
    expect(errorDefects(result, 'MR_EXPR_DIVISION_BY_ZERO', ['job: job.b2'])).toEqual([])
    expect(result.code).toBe(3)
  })
})

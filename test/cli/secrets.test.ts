/** A password is in the file, and nowhere else: not in logs, plans, SHOW, errors, manifests or the resume command. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DevBroker, startDevBroker } from '../../src/dev-broker/index.ts'
import { Workplace } from '../support/cli.ts'
import { checkpointing, exactlyOnce, kafkaTable, login } from '../support/cli-kafka.ts'

const SECRET = 'hunter2-is-secret'

let place: Workplace
let broker: DevBroker
beforeAll(async () => {
  place = await Workplace.create()
  broker = await startDevBroker({
    topics: [{ name: 'src' }, { name: 'dst' }],
    sasl: [{ username: 'anna', password: SECRET }],
  })
})
afterAll(async () => {
  await broker.close()
  await place[Symbol.asyncDispose]()
})

const copy = (password: string) =>
  checkpointing() +
  kafkaTable('src', broker.bootstrap, login('anna', password)) +
  kafkaTable('dst', broker.bootstrap, { ...login('anna', password), ...exactlyOnce('dst') })
const insert = 'INSERT INTO dst SELECT id, name FROM src;'

test.each([
  ['EXPLAIN', `EXPLAIN ${insert}`],
  ['EXPLAIN with all details', `EXPLAIN ESTIMATED_COST, CHANGELOG_MODE, JSON_EXECUTION_PLAN ${insert}`],
  ['SHOW CREATE TABLE', 'SHOW CREATE TABLE src;'],
  ['DESCRIBE', 'DESCRIBE src;'],
])('%s', async (_what, statement) => {
  const { code, stdout, stderr } = await place.run(copy(SECRET) + statement)
  expect(code).toBe(0)
  expect(stdout).toContain('name')
  expect(stdout + stderr).not.toContain(SECRET)
})

test('millrace explain', async () => {
  await place.write('explain.sql', copy(SECRET) + insert)
  for (const flags of [[], ['--json']]) {
    const { code, stdout, stderr } = await place.start(['explain', 'explain.sql', ...flags]).ended
    expect(code).toBe(0)
    expect(stdout + stderr).not.toContain(SECRET)
  }
})

test('an error beside the password shows the line without it', async () => {
  const options = "'properties.sasl.jaas.config'='x password=\"hunter2-is-secret\";'"
  const sql = `CREATE TABLE t (a INT) WITH ('connector'='kafka', 'topic'='t', 'format'='json', ${options}, 'formt'='x');\nSELECT * FROM t;`
  const { code, stderr } = await place.run(sql)
  expect(code).toBe(2)
  expect(stderr).toContain("'formt'='x'")
  expect(stderr).not.toContain(SECRET)
})

test('a running job: logs, resume command, manifests and status file', async () => {
  await place.write('job.sql', copy(`\${KAFKA_PASSWORD}`) + insert)
  const args = ['run', 'job.sql', '--param', `KAFKA_PASSWORD=${SECRET}`, '--log-level', 'debug']
  const job = place.start([...args, '--status-file', 'status.json'])
  try {
    await job.untilStderr('job is running')
    job.kill('SIGTERM')
    const { code, stdout, stderr } = await job.ended
    expect(code).toBe(0)
    expect(stderr).toContain('KAFKA_PASSWORD=')
    expect(stdout + stderr).not.toContain(SECRET)
  } finally {
    await job.stop()
  }
  const found = await promisify(execFile)('grep', ['-rlF', SECRET, place.path]).then(
    ({ stdout }) => stdout.split('\n').filter(name => name.includes('.millrace') || name.includes('status')),
    () => [],
  )
  expect(found).toEqual([])
})

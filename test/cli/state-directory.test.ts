/** A state directory that cannot be used is refused before anything is read or written. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { errorDefects, Workplace } from '../support/cli.ts'

let place: Workplace
beforeAll(async () => {
  place = await Workplace.create()
})
afterAll(() => place[Symbol.asyncDispose]())

const endless = (select: string) => `SET 'execution.checkpointing.interval' = '100 ms';
SET 'pipeline.name' = 'counting';
CREATE TABLE numbers (id BIGINT, name STRING) WITH ('connector' = 'datagen', 'rows-per-second' = '100', 'fields.name.length' = '1');
CREATE TABLE counts (name STRING, n BIGINT) WITH ('connector' = 'blackhole');
INSERT INTO counts ${select};`
const grouped = endless('SELECT name, COUNT(*) FROM numbers GROUP BY name')
const plain = endless('SELECT name, id FROM numbers')

test('a path that is no directory', async () => {
  await place.write('file', 'not a directory')
  const result = await place.run(grouped, ['--state-dir', 'file'])
  expect(errorDefects(result, 'MR_STATE_DIR_NOT_WRITABLE', ['file/counting', '--state-dir'])).toEqual([])
})

test('a directory nobody may write', async () => {
  const result = await place.run(grouped, ['--state-dir', '/proc/millrace'])
  expect(
    errorDefects(result, 'MR_STATE_DIR_NOT_WRITABLE', ['/proc/millrace/counting', '--state-dir']),
  ).toEqual([])
})

test('a directory another process uses', async () => {
  await place.write('first.sql', grouped)
  const first = place.start(['run', 'first.sql', '--state-dir', 'used'])
  try {
    await first.untilStderr('job is running')
    const second = await place.run(grouped, ['--state-dir', 'used'])
    expect(
      errorDefects(second, 'MR_STATE_DIR_IN_USE', [
        'used/counting',
        `process ${first.child.pid}`,
        '--state-dir',
        'pipeline.name',
      ]),
    ).toEqual([])
    expect(first.child.exitCode).toBeNull()
  } finally {
    await first.stop()
  }
})

test('state of another query is refused with its list, and stays', async () => {
  await place.write('grouped.sql', grouped)
  const first = place.start(['run', 'grouped.sql', '--state-dir', 'other'])
  try {
    await first.untilStderr(/"lastCheckpoint":[1-9]/)
    first.kill('SIGTERM')
    expect((await first.ended).code).toBe(0)
  } finally {
    await first.stop()
  }
  const before = await readdir(join(place.path, 'other/counting'))
  const second = await place.run(plain, ['--state-dir', 'other'])
  expect(
    errorDefects(second, 'MR_STATE_UNCLAIMED', [
      'execution.state-recovery.ignore-unclaimed-state',
      '--resume none',
    ]),
  ).toEqual([])
  expect(await readdir(join(place.path, 'other/counting'))).toEqual(expect.arrayContaining(before))
})

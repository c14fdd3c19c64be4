/** The command line's view: a bounded job that has finished exits 0 again, and writes nothing. */
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const run = promisify(execFile)
const root = join(import.meta.dirname, '../..')
const sql = `
SET 'execution.checkpointing.interval' = '1 s';
CREATE TABLE numbers (n INT) WITH (
  'connector' = 'datagen', 'number-of-rows' = '20', 'fields.n.kind' = 'sequence', 'fields.n.start' = '1', 'fields.n.end' = '20'
);
CREATE TABLE lines (n INT) WITH ('connector' = 'print');
INSERT INTO lines SELECT n FROM numbers;
`

test('run twice, then from the start', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-finished-'))
  try {
    const file = join(folder, 'numbers.sql')
    await writeFile(file, sql)
    const lines = async (...flags: readonly string[]) => {
      const state = ['--state-dir', join(folder, 'state')]
      const { stdout } = await run(process.execPath, ['bin/millrace.js', 'run', file, ...state, ...flags], {
        cwd: root,
      })
      return stdout.split('\n').filter(line => line.startsWith('+I')).length
    }
    expect(await lines()).toBe(20)
    expect(await lines()).toBe(0)
    expect(await lines('--resume', 'none')).toBe(20)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

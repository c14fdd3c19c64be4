/** What a start resumes from, and what it refuses. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Stage } from './support/stage.ts'

const tables = `
CREATE TABLE t (k STRING, v INT);
CREATE TABLE totals (k STRING, n BIGINT) WITH ('sink.changelog-mode' = 'retract');
CREATE TABLE copies (k STRING, v INT);
`
const totals = `${tables} INSERT INTO totals SELECT k, COUNT(*) FROM t GROUP BY k;`
const copies = `${tables} INSERT INTO copies SELECT k, v FROM t;`
const rows = Array.from({ length: 10 }, (_, i) => ['a', i])
const last = (stage: Stage) => stage.world.committed.get('totals')!.at(-1)!

test('state that no operator takes is refused with its ids, and dropped on demand', async () => {
  await using stage = await Stage.create(rows)
  await stage.readAndStop(totals, 4)
  await expect(stage.readToEnd(copies)).rejects.toMatchObject({
    code: 'MR_STATE_UNCLAIMED',
    message: expect.stringContaining('default_catalog.default_database.totals/GroupAggregate'),
  })
  expect(stage.values('copies')).toEqual([])
  await stage.readToEnd(copies, { config: { 'execution.state-recovery.ignore-unclaimed-state': 'true' } })
  // The scan's position was claimed: only rows after it are copied.
  expect(stage.values('copies')).toEqual(['a 4', 'a 5', 'a 6', 'a 7', 'a 8', 'a 9'])
})

test('other group keys are other state', async () => {
  await using stage = await Stage.create(rows)
  await stage.readAndStop(totals, 4)
  const other = `${tables} INSERT INTO totals SELECT 'v', COUNT(*) FROM t GROUP BY v;`
  await expect(stage.readToEnd(other)).rejects.toMatchObject({ code: 'MR_STATE_UNCLAIMED' })
})

test('other aggregates on the same keys are refused, never read as the old ones', async () => {
  await using stage = await Stage.create(rows)
  await stage.readAndStop(totals, 4)
  const other = `${tables} INSERT INTO totals SELECT k, CAST(MAX(v) AS BIGINT) FROM t GROUP BY k;`
  await expect(stage.readToEnd(other)).rejects.toMatchObject({ code: expect.stringMatching(/^MR_STATE_/) })
})

test('a savepoint is named by its path, in a state directory of its own', async () => {
  await using stage = await Stage.create(rows)
  const savepoint = await stage.readAndStop(totals, 4)
  await stage.readAndStop(totals, 8)
  expect(last(stage).row).toEqual({ k: 'a', n: 8n })
  const elsewhere = await mkdtemp(join(tmpdir(), 'millrace-elsewhere-'))
  try {
    stage.world.committed.clear()
    const config = { 'millrace.state-dir': elsewhere }
    await stage.readToEnd(totals, { config, resume: { kind: 'path', path: savepoint } })
    expect(stage.world.committed.get('totals')![0]).toEqual({ kind: '-U', row: { k: 'a', n: 4n } })
    expect(last(stage)).toEqual({ kind: '+U', row: { k: 'a', n: 10n } })
  } finally {
    await rm(elsewhere, { recursive: true })
  }
})

test('a savepoint resumed elsewhere is there from the start: whoever dies before a checkpoint goes on from it', async () => {
  await using stage = await Stage.create(rows)
  const savepoint = await stage.readAndStop(totals, 4)
  const elsewhere = await mkdtemp(join(tmpdir(), 'millrace-elsewhere-'))
  try {
    stage.world.committed.clear()
    const config = { 'millrace.state-dir': elsewhere }
    const [job] = stage.start(totals, { config, resume: { kind: 'path', path: savepoint } })
    await job!.started()
    await job!.cancel()
    await stage.readToEnd(totals, { config })
    expect(stage.world.committed.get('totals')![0]).toEqual({ kind: '-U', row: { k: 'a', n: 4n } })
    expect(last(stage)).toEqual({ kind: '+U', row: { k: 'a', n: 10n } })
  } finally {
    await rm(elsewhere, { recursive: true })
  }
})

test('a path that is no savepoint is refused', async () => {
  await using stage = await Stage.create(rows)
  const resume = { kind: 'path', path: join(stage.stateDir, 'nothing-here') } as const
  await expect(stage.readToEnd(totals, { resume })).rejects.toMatchObject({
    message: expect.stringContaining('nothing-here'),
  })
})

test('resume none starts over', async () => {
  await using stage = await Stage.create(rows)
  await stage.readAndStop(totals, 4)
  stage.world.committed.clear()
  await stage.readToEnd(totals, { resume: { kind: 'none' } })
  expect(stage.world.committed.get('totals')![0]).toEqual({ kind: '+I', row: { k: 'a', n: 1n } })
  expect(last(stage).row).toEqual({ k: 'a', n: 10n })
})

test('what was canceled goes on from its last checkpoint: nothing twice, nothing lost', async () => {
  await using stage = await Stage.create(rows)
  stage.world.allow(4)
  const config = { 'execution.checkpointing.interval': '5 ms' }
  const [job] = stage.start(copies, { config })
  while (stage.values('copies').length < 4) await new Promise(resolve => setTimeout(resolve, 5))
  stage.world.allow(7)
  await job!.cancel()
  await stage.readToEnd(copies, { config })
  expect(stage.values('copies')).toEqual(rows.map(([k, v]) => `${k} ${v}`))
})

test('a finished bounded job is finished: started again it writes nothing', async () => {
  await using stage = await Stage.create(rows)
  await stage.readToEnd(copies)
  expect(stage.values('copies')).toHaveLength(10)
  await stage.readToEnd(copies)
  expect(stage.values('copies')).toHaveLength(10)
  await stage.readToEnd(copies, { resume: { kind: 'none' } })
  expect(stage.values('copies')).toHaveLength(20)
})

test('ids of stored state are part of the format', async () => {
  await using stage = await Stage.create(rows)
  const savepoint = await stage.readAndStop(totals, 4)
  expect(await Stage.nodeIds(savepoint)).toEqual([
    'default_catalog.default_database.totals/GroupAggregate(k)',
    'scan:default_catalog.default_database.t',
    'sink:default_catalog.default_database.totals',
  ])
})

test('a table with columns added between and behind keeps its state', async () => {
  await using stage = await Stage.create(rows)
  await stage.readAndStop(totals, 4)
  const splits = stage.world.tables.get('t')!.splits.map(split =>
    split.map(({ at, element }) => {
      if (!('values' in element)) return { at, element }
      return { at, element: { ...element, values: [element.values[0], 'new', element.values[1], 0] } }
    }),
  )
  stage.world.tables.set('t', { splits })
  await stage.readToEnd(totals.replace('k STRING, v INT', 'k STRING, between_them STRING, v INT, behind INT'))
  expect(last(stage)).toEqual({ kind: '+U', row: { k: 'a', n: 10n } })
})

/**
 * Whole jobs against the naive model. Law: whatever the shape of the plan, its parallelism, the borders of batches,
 * the checkpoint interval, the failures on the way, and however often the job is stopped and resumed at another
 * parallelism, what it has committed at the end is what the model computes over the rows; every batch is back in
 * its pool and everything opened is closed at the end of each attempt.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Resume } from '../../src/checkpoint/recovery.ts'
import type { Logger } from '../../src/logger/logger.ts'
import type { PlanGraph, PlanNode } from '../../src/planner/plan-graph/plan-graph.ts'
import type { Job } from '../../src/runtime/job/job.ts'
import { type Fault, MemoryWorld, type Row, type Script } from '../support/memory-connector.ts'
import {
  graphOf,
  groupCount,
  memoryConfig,
  memoryJob,
  scan,
  sink,
  union,
  windowCount,
} from '../support/memory-plans.ts'

const WINDOW_MS = 10

type Shape = 'window' | 'group' | 'union' | 'shared'
interface Parallelism {
  readonly scan: number
  readonly aggregate: number
}

function planOf(shape: Shape, { scan: p, aggregate: q }: Parallelism): PlanGraph {
  const window = (input: string) => windowCount('window', input, q, WINDOW_MS)
  const group = (input: string) => groupCount('group', input, q)
  const nodes = (...aggregates: PlanNode[]) =>
    aggregates.flatMap(node => [node, sink(`${node.id}-out`, node)])
  switch (shape) {
    case 'window':
      return graphOf([scan('scan', p), ...nodes(window('scan'))])
    case 'group':
      return graphOf([scan('scan', p), ...nodes(group('scan'))])
    case 'union':
      return graphOf([
        scan('left', p, 'a'),
        scan('right', q, 'b'),
        union('union', ['left', 'right'], Math.max(p, q)),
        ...nodes(window('union'), group('union')),
      ])
    case 'shared':
      return graphOf([scan('scan', p), ...nodes(window('scan'), group('scan'))])
  }
}

interface Step {
  readonly batches: number
  readonly waitMs: number
  readonly fault: Fault | null
  readonly end: 'go on' | 'savepoint' | 'stop' | 'cancel'
  readonly parallelism: Parallelism
}

interface Case {
  readonly shape: Shape
  readonly script: Script
  readonly parallelism: Parallelism
  readonly steps: readonly Step[]
  readonly intervalMs: number
  readonly tolerableFailures: number
  readonly bufferTimeoutMs: number
}

const parallelism = fc.record({
  scan: fc.integer({ min: 1, max: 4 }),
  aggregate: fc.integer({ min: 1, max: 4 }),
})

/** Every batch is later than the watermark (= the highest time) of the batches before it, so no row is late. */
const split = fc
  .array(fc.array(fc.tuple(fc.nat(8), fc.nat(6)), { maxLength: 12 }), { maxLength: 20 })
  .map(batches => {
    let ts = 0
    return batches.map(rows =>
      rows.map(([by, key], i): Row => {
        ts += i === 0 ? by + 1 : by
        return [ts, `k${key}`]
      }),
    )
  })

const step: fc.Arbitrary<Step> = fc.record({
  batches: fc.integer({ min: 1, max: 8 }),
  waitMs: fc.nat(6),
  fault: fc.option(fc.constantFrom<Fault>('poll', 'write', 'flush', 'prepare', 'commit', 'createWriter'), {
    freq: 2,
  }),
  end: fc.oneof(
    { weight: 6, arbitrary: fc.constant('go on' as const) },
    { weight: 1, arbitrary: fc.constant('savepoint' as const) },
    { weight: 2, arbitrary: fc.constant('stop' as const) },
    { weight: 1, arbitrary: fc.constant('cancel' as const) },
  ),
  parallelism,
})

const cases: fc.Arbitrary<Case> = fc.record({
  shape: fc.constantFrom<Shape>('window', 'group', 'union', 'shared'),
  script: fc.record({ a0: split, a1: split, a2: split, b0: split, b1: split }),
  parallelism,
  steps: fc.array(step, { maxLength: 6 }),
  intervalMs: fc.integer({ min: 1, max: 25 }),
  tolerableFailures: fc.constantFrom(0, 3),
  bufferTimeoutMs: fc.constantFrom(0, 5, 1000),
})

/** Runs the case to its end; returns what was logged as an error. */
async function run(world: MemoryWorld, directory: string, testCase: Case): Promise<readonly string[]> {
  const errors: string[] = []
  const logger: Logger = {
    debug() {},
    info() {},
    warn() {},
    error: (message, fields) => errors.push(`${message} ${JSON.stringify(fields)}`),
    child: () => logger,
  }
  const { checkpointing } = memoryConfig(directory)
  const { intervalMs, tolerableFailures, bufferTimeoutMs } = testCase
  const start = (at: Parallelism, resume: Resume) =>
    memoryJob(world, {
      graph: planOf(testCase.shape, at),
      config: memoryConfig(directory, {
        checkpointing: { ...checkpointing, intervalMs, tolerableFailures },
        restart: { kind: 'fixed-delay', attempts: 1000, delayMs: 1 },
        bufferTimeoutMs,
        resume,
      }),
      logger,
    })
  world.allow(0)
  let job = start(testCase.parallelism, { kind: 'latest' })
  for (const { batches, waitMs, fault, end, parallelism: next } of testCase.steps) {
    world.allow(world.allowed + batches)
    if (fault !== null) world.failNext(fault)
    await new Promise(resolve => setTimeout(resolve, waitMs))
    const resume = await endStep(job, end)
    if (resume === null) continue
    expect(world.numOpen).toBe(0)
    job = start(next, resume)
  }
  world.heal()
  world.allow(Number.POSITIVE_INFINITY)
  // A job that fails before it ever ran is not restarted: whoever started it starts it again.
  const ran = await job.started().then(
    () => true,
    () => false,
  )
  if (!ran) job = start(testCase.parallelism, { kind: 'latest' })
  await job.wait()
  expect(world.numOpen).toBe(0)
  return errors
}

/** What to resume from, or null when the job goes on. A savepoint may be refused while the job restarts. */
async function endStep(job: Job, end: Step['end']): Promise<Resume | null> {
  if (end === 'go on') return null
  const path =
    end === 'cancel'
      ? null
      : await (end === 'stop' ? job.stopWithSavepoint() : job.savepoint()).catch(() => null)
  if (end === 'savepoint') return null
  if (path !== null) return { kind: 'path', path }
  await job.cancel()
  return { kind: 'latest' }
}

const rowsOf = (script: Script) =>
  Object.values(script)
    .flat(2)
    .map(([ts, key]) => [Number(ts), String(key)] as const)

function expectedWindows(script: Script): string[] {
  const counts = new Map<string, number>()
  for (const [ts, key] of rowsOf(script)) {
    const bounds = `${ts - (ts % WINDOW_MS)} ${ts - (ts % WINDOW_MS) + WINDOW_MS}`
    counts.set(`${key} # ${bounds}`, (counts.get(`${key} # ${bounds}`) ?? 0) + 1)
  }
  return [...counts].map(([window, count]) => `+I ${window.replace('#', String(count))}`).sort()
}

/** Every key's changes, in order: one insert, then updates by one. */
function expectedChanges(script: Script): Record<string, string[]> {
  const changes: Record<string, string[]> = {}
  const counts = new Map<string, number>()
  for (const [, key] of rowsOf(script)) {
    const before = counts.get(key) ?? 0
    counts.set(key, before + 1)
    const own = (changes[key] ??= [])
    if (before === 0) own.push('+I 1')
    else own.push(`-U ${before}`, `+U ${before + 1}`)
  }
  return changes
}

function changesByKey(rows: readonly string[]): Record<string, string[]> {
  const changes: Record<string, string[]> = {}
  for (const row of rows) {
    const [kind, key, count] = row.split(' ')
    ;(changes[key!] ??= []).push(`${kind} ${count}`)
  }
  return changes
}

test('a job commits what the model computes, through everything', { timeout: 60_000 }, async () => {
  const property = fc.asyncProperty(cases, async testCase => {
    const directory = await mkdtemp(join(tmpdir(), 'millrace-runtime-'))
    const world = new MemoryWorld(testCase.script)
    try {
      expect(await run(world, directory, testCase)).toEqual([])
      const windows = world.committedBy.get('window-out') ?? []
      const changes = world.committedBy.get('group-out') ?? []
      if (testCase.shape !== 'group') expect([...windows].sort()).toEqual(expectedWindows(testCase.script))
      if (testCase.shape !== 'window') expect(changesByKey(changes)).toEqual(expectedChanges(testCase.script))
    } finally {
      await rm(directory, { recursive: true, force: true })
    }
  })
  await fc.assert(property, { numRuns: 200, interruptAfterTimeLimit: 8_000, markInterruptAsFailure: false })
})

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { silentLogger } from '../../../src/logger/logger.ts'
import type { OutputField, PlanGraph, PlanNode } from '../../../src/planner/plan-graph/plan-graph.ts'
import { Job } from '../../../src/runtime/job/job.ts'
import type { JobConfig } from '../../../src/runtime/job/job-config.ts'
import { bigintType, stringType, timestampType } from '../../../src/types/index.ts'
import { MemoryWorld, type Row } from '../../support/memory-connector.ts'

const noChanges = { updateBefore: false, updateAfter: false, delete: false }
const table = { path: ['c', 'd', 't'] as const, options: { connector: 'memory' }, schema: { columns: [] } }
const time: OutputField = { name: 'ts', type: timestampType(3), timeAttribute: 'rowtime' }
const ip: OutputField = { name: 'ip', type: stringType() }

/** COUNT(*) per ip and 10 ms window; watermark = ts. */
function countGraph(parallelism: number): PlanGraph {
  const ref = (index: number, field: OutputField) => ({ kind: 'InputRef' as const, index, type: field.type })
  const bounds = { start: 'window_start', end: 'window_end' }
  const scan: PlanNode = {
    kind: 'Scan',
    id: 'scan',
    label: 'Scan(t)',
    inputs: [],
    output: [time, ip],
    changes: noChanges,
    parallelism,
    table,
    columns: [
      { kind: 'physical', name: 'ts', type: time.type },
      { kind: 'physical', name: 'ip', type: ip.type },
    ],
    watermark: { expression: ref(0, time), idleTimeoutMs: 0, emit: 'on-event' },
    condition: null,
    projections: [ref(0, time), ref(1, ip)],
    bounded: true,
  }
  const output: OutputField[] = [
    ip,
    { name: 'n', type: bigintType(false) },
    { name: bounds.start, type: timestampType(3, false) },
    { name: bounds.end, type: timestampType(3, false) },
  ]
  const aggregate: PlanNode = {
    kind: 'WindowAggregate',
    id: 'count',
    label: 'WindowAggregate',
    inputs: [{ node: 'scan', exchange: { kind: 'hash', keys: [1] } }],
    output,
    changes: noChanges,
    parallelism,
    time: {
      kind: 'assign',
      window: { kind: 'tumble', sizeMs: 10, offsetMs: 0 },
      timeColumn: 0,
      attribute: 'rowtime',
      localTimeZone: false,
    },
    keys: [1],
    aggregates: [
      { function: 'COUNT', arguments: [], distinct: false, filter: null, type: bigintType(false) },
    ],
    properties: ['start', 'end'],
    emit: { allowedLatenessMs: 0, earlyDelayMs: null, lateDelayMs: null },
    inputRetracts: false,
  }
  const sink: PlanNode = {
    kind: 'Sink',
    id: 'sink',
    label: 'Sink(t)',
    inputs: [{ node: 'count', exchange: { kind: 'forward' } }],
    output,
    changes: noChanges,
    parallelism,
    table,
    columns: output.map(field => ({ kind: 'physical', name: field.name, type: field.type })),
    primaryKey: null,
    notNullEnforcer: 'error',
  }
  return { version: 1, name: 'count', parallelism, timeZone: 'UTC', nodes: [scan, aggregate, sink] }
}

/** 60 batches in each of three splits: rows every 3 ms from 7 ips. */
function traffic(): { script: Record<string, Row[][]>; expected: string[] } {
  const script: Record<string, Row[][]> = {}
  const counts = new Map<string, number>()
  for (const split of ['a', 'b', 'c']) {
    script[split] = Array.from({ length: 60 }, (_, batch) =>
      Array.from({ length: 5 }, (_, i): Row => {
        const ts = batch * 15 + i * 3
        const address = `ip${(batch * 5 + i + split.charCodeAt(0)) % 7}`
        const start = ts - (ts % 10)
        const key = `${address} ${start}`
        counts.set(key, (counts.get(key) ?? 0) + 1)
        return [ts, address]
      }),
    )
  }
  const expected = [...counts].map(([key, count]) => {
    const [address, start] = key.split(' ')
    return `+I ${address} ${count} ${start} ${Number(start) + 10}`
  })
  return { script, expected: expected.sort() }
}

describe('Job', () => {
  let directory: string

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'millrace-job-'))
  })
  afterEach(() => rm(directory, { recursive: true, force: true }))

  function config(overrides: Partial<JobConfig> = {}): JobConfig {
    return {
      checkpointing: {
        intervalMs: 20,
        timeoutMs: 10_000,
        minPauseMs: 0,
        tolerableFailures: 0,
        numRetained: 1,
        inlineBytes: 1000,
      },
      restart: { kind: 'fixed-delay', attempts: 20, delayMs: 1 },
      bufferTimeoutMs: 10,
      maxParallelism: 128,
      stateDirectory: join(directory, 'job'),
      resume: { kind: 'latest' },
      ignoreUnclaimedState: false,
      raw: {},
      ...overrides,
    }
  }

  function start(
    world: MemoryWorld,
    options: { parallelism?: number; transactional?: boolean; config?: JobConfig } = {},
  ) {
    const connector = world.connector(options.transactional ?? true)
    return new Job('1', {
      graph: countGraph(options.parallelism ?? 1),
      config: options.config ?? config(),
      sql: null,
      storedPlan: null,
      engineVersion: 'test',
      collector: null,
      logger: silentLogger,
      findConnector: name => (name === 'memory' ? connector : undefined),
      findFormat: () => undefined,
    })
  }

  for (const parallelism of [1, 2, 3]) {
    it(`counts per window and key at parallelism ${parallelism}`, async () => {
      const { script, expected } = traffic()
      const world = new MemoryWorld(script)
      expect(await start(world, { parallelism }).wait()).toEqual({ status: 'FINISHED', savepoint: null })
      expect(world.committed.sort()).toEqual(expected)
    })
  }

  it('runs without state when checkpointing is off', async () => {
    const { script, expected } = traffic()
    const world = new MemoryWorld(script)
    const off = config({ stateDirectory: null, checkpointing: { ...config().checkpointing, intervalMs: 0 } })
    await start(world, { transactional: false, config: off }).wait()
    expect(world.committed.sort()).toEqual(expected)
  })

  it('gives the same answer through failures of source and sink, with restarts', async () => {
    const { script, expected } = traffic()
    const world = new MemoryWorld(script, true)
    world.allow(0)
    const job = start(world, { parallelism: 2 })
    await job.started()
    for (let allowed = 3; allowed <= 60; allowed += 3) {
      world.allow(allowed)
      await new Promise(resolve => setTimeout(resolve, 15))
      if (allowed % 9 === 0) world.failPolls = 1
      if (allowed % 12 === 0) world.failWrites = 1
    }
    world.failPolls = 0
    world.failWrites = 0
    world.allow(Number.POSITIVE_INFINITY)
    await job.wait()
    expect(job.metrics().numRestarts).toBeGreaterThan(0)
    expect(world.committed.sort()).toEqual(expected)
  })

  it('stops with a savepoint and resumes from it at another parallelism', async () => {
    const { script, expected } = traffic()
    const world = new MemoryWorld(script)
    world.allow(30)
    const first = start(world, { parallelism: 1 })
    await first.started()
    await new Promise(resolve => setTimeout(resolve, 50))
    const path = await first.stopWithSavepoint()
    expect(first.status).toBe('FINISHED')
    expect(world.committed.length).toBeGreaterThan(0)
    expect(world.committed.length).toBeLessThan(expected.length)
    world.allow(Number.POSITIVE_INFINITY)
    await start(world, { parallelism: 3, config: config({ resume: { kind: 'path', path } }) }).wait()
    expect(world.committed.sort()).toEqual(expected)
  })

  it('says FINISHED again and writes nothing when a finished bounded job is run once more', async () => {
    const { script, expected } = traffic()
    const world = new MemoryWorld(script)
    await start(world).wait()
    await start(world).wait()
    expect(world.committed.sort()).toEqual(expected)
    await start(world, { config: config({ resume: { kind: 'none' } }) }).wait()
    expect(world.committed).toHaveLength(expected.length * 2)
  })

  it('fails with the error when the restart strategy gives up', async () => {
    const { script } = traffic()
    const world = new MemoryWorld(script)
    world.failPolls = Number.POSITIVE_INFINITY
    const job = start(world, {
      config: config({ restart: { kind: 'fixed-delay', attempts: 2, delayMs: 1 } }),
    })
    await expect(job.wait()).rejects.toThrow('the source failed')
    expect(job.status).toBe('FAILED')
    expect(job.metrics().numRestarts).toBe(2)
  })

  it('refuses a second job on the same state directory', async () => {
    const { script } = traffic()
    const world = new MemoryWorld(script)
    world.allow(1)
    const first = start(world)
    await first.started()
    await expect(start(world).wait()).rejects.toMatchObject({ code: 'MR_STATE_DIR_IN_USE' })
    await first.cancel()
    expect(first.status).toBe('CANCELED')
  })
})

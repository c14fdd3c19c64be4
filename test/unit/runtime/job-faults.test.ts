/** What goes wrong around a running job: nothing is lost, doubled, left open or waited for without end. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { PlanGraph } from '../../../src/planner/plan-graph/plan-graph.ts'
import type { JobConfig } from '../../../src/runtime/job/job-config.ts'
import { MemoryWorld, type Script } from '../../support/memory-connector.ts'
import {
  countGraph,
  graphOf,
  memoryConfig,
  memoryJob,
  scan,
  sink,
  windowCount,
} from '../../support/memory-plans.ts'
import { until } from '../../support/until.ts'

const never = new Promise<void>(() => {})
/** Ten windows of one row each; the watermark closes all but the last. */
const steps: Script = { a: Array.from({ length: 10 }, (_, i) => [[i * 10, 'x']]) }
const rowsOf = (numWindows: number) =>
  Array.from({ length: numWindows }, (_, i) => `+I x 1 ${i * 10} ${i * 10 + 10}`)

describe('a job', () => {
  let directory: string

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'millrace-faults-'))
  })
  afterEach(() => rm(directory, { recursive: true, force: true }))

  const checkpointing = (overrides: Partial<JobConfig['checkpointing']>) => ({
    checkpointing: { ...memoryConfig(directory).checkpointing, ...overrides },
  })
  const start = (world: MemoryWorld, overrides: Partial<JobConfig> = {}, graph: PlanGraph = countGraph(1)) =>
    memoryJob(world, { graph, config: memoryConfig(directory, overrides) })

  describe('that is quiet', () => {
    it('commits what a tolerated failed checkpoint had flushed, though nothing more comes', async () => {
      const world = new MemoryWorld(steps, false)
      world.failNext('prepare')
      const job = start(world, checkpointing({ tolerableFailures: 3 }))
      await until(() => world.committed.length === 9)
      expect(world.committed).toEqual(rowsOf(9))
      expect(job.metrics().checkpoints?.numberOfFailedCheckpoints).toBe(1)
      expect(job.metrics().numRestarts).toBe(0)
      await job.cancel()
    })

    it('commits the rows of processing-time timers, though nothing more comes', async () => {
      const world = new MemoryWorld({ a: [[[0, 'x']]] }, false)
      const aggregate = windowCount('count', 'scan', 1, 60, 'proctime')
      const job = start(world, {}, graphOf([scan('scan', 1), aggregate, sink('sink', aggregate)]))
      await until(() => world.committed.length === 1)
      expect(world.committed[0]).toMatch(/^\+I x 1 /)
      await job.cancel()
    })

    it('commits the windows that close because a split is idle', async () => {
      const world = new MemoryWorld({ ...steps, b: [[[0, 'y']]] }, false)
      world.caughtUp = true
      const job = start(world, {}, countGraph(1, 100))
      await until(() => world.committed.length === 10)
      expect(world.committed.sort()).toEqual([...rowsOf(9), '+I y 1 0 10'].sort())
      await job.cancel()
    })

    it('writes no checkpoint when nothing has changed', async () => {
      const world = new MemoryWorld(steps, false)
      const job = start(world, checkpointing({ intervalMs: 1 }))
      await until(() => world.committed.length === 9)
      await until(() => job.metrics().checkpoints?.numberOfInProgressCheckpoints === 0)
      const before = job.metrics().checkpoints?.totalNumberOfCheckpoints
      await new Promise(resolve => setTimeout(resolve, 50))
      expect(job.metrics().checkpoints?.totalNumberOfCheckpoints).toBe(before)
      await job.cancel()
    })
  })

  it('restarts when a sink could not flush, however many failed checkpoints are tolerated', async () => {
    const world = new MemoryWorld(steps)
    world.allow(5)
    const job = start(world, checkpointing({ tolerableFailures: 100 }))
    await job.started()
    world.failNext('flush')
    await until(() => job.metrics().numRestarts === 1)
    world.allow(Number.POSITIVE_INFINITY)
    await job.wait()
    expect(world.committed).toEqual(rowsOf(10))
  })

  it('restarts when a commit fails, however many failed checkpoints are tolerated', async () => {
    const world = new MemoryWorld(steps)
    const job = start(world, checkpointing({ tolerableFailures: 100 }))
    world.failNext('commit')
    await job.wait()
    expect(world.committed).toEqual(rowsOf(10))
    expect(job.metrics().numRestarts).toBe(1)
  })

  it('fails at once when its lease is lost, however many failed checkpoints are tolerated', async () => {
    const world = new MemoryWorld(steps, false)
    world.allow(2)
    const job = start(world, checkpointing({ tolerableFailures: 100 }))
    await job.started()
    const file = join(directory, 'job', 'lease.json')
    await writeFile(file, JSON.stringify({ ...JSON.parse(await readFile(file, 'utf8')), token: 'other' }))
    world.allow(10)
    await expect(job.wait()).rejects.toMatchObject({ code: 'MR_LEASE_LOST' })
  })

  it('closes what it had opened when the start fails', async () => {
    const world = new MemoryWorld(steps)
    world.failNext('createWriter')
    const job = start(world, { restart: { kind: 'none' } }, countGraph(3))
    await expect(job.wait()).rejects.toThrow('the createWriter failed')
    expect(world.numOpen).toBe(0)
  })

  it('refuses a checkpoint of another maximum parallelism', async () => {
    const world = new MemoryWorld(steps, false)
    const first = start(world)
    await first.started()
    await first.stopWithSavepoint()
    await expect(start(world, { maxParallelism: 64 }).wait()).rejects.toMatchObject({
      code: 'MR_STATE_MAX_PARALLELISM',
    })
  })

  it('starts over without state when a restart strategy says so', async () => {
    const world = new MemoryWorld(steps)
    world.failNext('poll')
    const job = memoryJob(world, {
      graph: countGraph(1),
      config: memoryConfig(directory, { stateDirectory: null, ...checkpointing({ intervalMs: 0 }) }),
      transactional: false,
    })
    await job.wait()
    expect(world.committed).toEqual(rowsOf(10))
  })

  describe('that is canceled', () => {
    it('does not wait for a broker that never answers a commit; the next start commits', async () => {
      const world = new MemoryWorld(steps, false)
      world.committing = never
      const job = start(world)
      await until(() => world.numCommitsBegun === 1)
      await job.cancel()
      expect(job.status).toBe('CANCELED')
      expect(world.committed).toEqual([])
      world.committing = null
      const next = start(world)
      await until(() => world.committed.length === 9)
      await next.cancel()
      expect(world.committed).toEqual(rowsOf(9))
    })

    it('does not wait for a start that never ends', async () => {
      const world = new MemoryWorld(steps)
      world.starting = never
      const job = start(world)
      await new Promise(resolve => setTimeout(resolve, 20))
      await job.cancel()
      expect(job.status).toBe('CANCELED')
      expect(world.numOpen).toBe(0)
      expect(world.numRowsWritten).toBe(0)
    })

    it('does not wait for the restart delay', async () => {
      const world = new MemoryWorld(steps)
      world.failNext('poll')
      const job = start(world, { restart: { kind: 'fixed-delay', attempts: 1, delayMs: 3_600_000 } })
      await until(() => job.status === 'RESTARTING')
      await job.cancel()
      expect(job.status).toBe('CANCELED')
    })

    it('rejects a savepoint that waits behind a checkpoint', async () => {
      const world = new MemoryWorld(steps, false)
      world.flushing = never
      const job = start(world)
      await until(() => job.metrics().checkpoints?.numberOfInProgressCheckpoints === 1)
      const savepoint = job.savepoint()
      await Promise.all([
        expect(savepoint).rejects.toMatchObject({ code: 'MR_CHECKPOINT_JOB_ENDED' }),
        new Promise(resolve => setImmediate(resolve)).then(() => job.cancel()),
      ])
    })
  })

  describe('asked for a savepoint', () => {
    it('goes on when it could not be stopped with one', async () => {
      const world = new MemoryWorld(steps)
      world.allow(3)
      let release = () => {}
      world.flushing = new Promise(resolve => {
        release = resolve
      })
      const job = start(world, checkpointing({ intervalMs: 0, timeoutMs: 30 }))
      await job.started()
      await expect(job.stopWithSavepoint()).rejects.toMatchObject({ code: 'MR_CHECKPOINT_TIMEOUT' })
      release()
      world.allow(Number.POSITIVE_INFINITY)
      await expect(job.wait()).resolves.toMatchObject({ status: 'FINISHED', savepoint: null })
      expect(world.committed).toEqual(rowsOf(10))
    })

    it('says that it has ended', async () => {
      const world = new MemoryWorld(steps)
      const job = start(world)
      await job.wait()
      await expect(job.savepoint()).rejects.toMatchObject({ code: 'MR_JOB_NOT_RUNNING' })
      await expect(job.stopWithSavepoint()).rejects.toMatchObject({ code: 'MR_JOB_NOT_RUNNING' })
    })

    it('stops once when asked twice', async () => {
      const world = new MemoryWorld(steps, false)
      const job = start(world)
      await job.started()
      const [first, second] = await Promise.all([job.stopWithSavepoint(), job.stopWithSavepoint()])
      expect(first).toBe(second)
      expect(await job.wait()).toEqual({ status: 'FINISHED', savepoint: first })
    })
  })
})

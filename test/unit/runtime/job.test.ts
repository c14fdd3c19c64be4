import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { JobConfig } from '../../../src/runtime/job/job-config.ts'
import { MemoryWorld, type Row } from '../../support/memory-connector.ts'
import { countGraph, memoryConfig, memoryJob } from '../../support/memory-plans.ts'

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

  const config = (overrides: Partial<JobConfig> = {}) => memoryConfig(directory, overrides)

  const start = (
    world: MemoryWorld,
    options: { parallelism?: number; transactional?: boolean; config?: JobConfig } = {},
  ) =>
    memoryJob(world, {
      graph: countGraph(options.parallelism ?? 1),
      config: options.config ?? config(),
      ...(options.transactional === undefined ? {} : { transactional: options.transactional }),
    })

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
      if (allowed % 9 === 0) world.failNext('poll')
      if (allowed % 12 === 0) world.failNext('write')
    }
    world.heal()
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
    world.failNext('poll', Number.POSITIVE_INFINITY)
    const job = start(world, {
      config: config({ restart: { kind: 'fixed-delay', attempts: 2, delayMs: 1 } }),
    })
    await expect(job.wait()).rejects.toThrow('the poll failed')
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

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CheckpointStatistics } from '../../../src/checkpoint/checkpoint-statistics.ts'
import { type CheckpointDirectory, CheckpointStore } from '../../../src/checkpoint/checkpoint-store.ts'
import { CheckpointCoordinator } from '../../../src/checkpoint/coordinator.ts'
import { Lease } from '../../../src/checkpoint/lease.ts'
import type { Manifest } from '../../../src/checkpoint/manifest.ts'
import type { Committer } from '../../../src/connectors/contract/index.ts'
import { silentLogger } from '../../../src/logger/logger.ts'

/** Refuses to store the manifests of some checkpoints, and to remove old ones. */
class FaultyStore extends CheckpointStore {
  refused = new Set<number>()

  override async complete(target: CheckpointDirectory, manifest: Manifest): Promise<void> {
    if (this.refused.has(manifest.checkpointId)) throw new Error('no space left')
    await super.complete(target, manifest)
  }

  override prune(): Promise<void> {
    return Promise.reject(new Error('not permitted'))
  }
}

describe('CheckpointCoordinator', () => {
  let directory: string
  let lease: Lease
  const committed: string[] = []

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'millrace-coordinator-'))
    lease = await Lease.acquire(directory)
    committed.length = 0
  })
  afterEach(async () => {
    await lease.release()
    await rm(directory, { recursive: true, force: true })
  })

  const committer = (id: string, refused: readonly number[] = []): Committer => ({
    id,
    checkpointTimeoutMs: ({ timeoutMs }) => timeoutMs,
    recover: async () => ({ kind: 'recovered', numResumed: 0, committedThrough: 0 }),
    begin: async () => {},
    prepare: async label => {
      if (refused.includes(label)) throw new Error('the broker is away')
      return [{ committer: id, label, handle: {} }]
    },
    commit: async transaction => void committed.push(`${id} ${transaction.label}`),
    abort: async () => {},
    close: async () => {},
  })

  function create(store: CheckpointStore, committers: readonly Committer[]) {
    const failures: unknown[] = []
    const coordinator = new CheckpointCoordinator({
      intervalMs: 0,
      timeoutMs: 1000,
      minPauseMs: 0,
      tolerableFailures: 10,
      numRetained: 1,
      inlineBytes: 1000,
      numSubtasks: () => 0,
      firstId: 1,
      lastConfirmed: 0,
      base: {
        jobId: 'j',
        jobName: 'j',
        incarnation: 1,
        engineVersion: 'test',
        maxParallelism: 128,
        sql: null,
        plan: null,
      },
      store,
      lease,
      committers,
      logger: silentLogger,
      statistics: new CheckpointStatistics(),
      trigger() {},
      lastArrival: () => 0,
      isUnchanged: () => false,
      confirmed() {},
      fail: error => failures.push(error),
    })
    return { coordinator, failures }
  }

  it('commits with the next checkpoint what one whose manifest could not be stored had prepared', async () => {
    const store = new FaultyStore(directory, silentLogger)
    store.refused.add(1)
    const { coordinator, failures } = create(store, [committer('a')])
    await expect(coordinator.take('checkpoint')).rejects.toThrow('no space left')
    const { manifest } = await coordinator.take('checkpoint')
    expect(manifest.prepared.map(({ label }) => label)).toEqual([1, 2])
    expect(committed).toEqual(['a 1', 'a 2'])
    expect(failures).toEqual([])
    await coordinator.stop()
  })

  it('keeps what one committer prepared when another could not', async () => {
    const store = new FaultyStore(directory, silentLogger)
    const { coordinator } = create(store, [committer('a'), committer('b', [1])])
    await expect(coordinator.take('checkpoint')).rejects.toThrow('the broker is away')
    await coordinator.take('checkpoint')
    expect(committed).toEqual(['a 1', 'a 2', 'b 2'])
    await coordinator.stop()
  })

  it('completes a checkpoint although old ones cannot be removed', async () => {
    const { coordinator } = create(new FaultyStore(directory, silentLogger), [])
    await expect(coordinator.take('savepoint')).resolves.toMatchObject({ manifest: { kind: 'savepoint' } })
    await coordinator.stop()
  })

  it('takes none after it was stopped', async () => {
    const { coordinator } = create(new FaultyStore(directory, silentLogger), [])
    await coordinator.stop()
    await expect(coordinator.take('savepoint')).rejects.toMatchObject({ code: 'MR_CHECKPOINT_JOB_ENDED' })
  })
})

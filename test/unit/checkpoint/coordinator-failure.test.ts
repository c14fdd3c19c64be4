import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { CheckpointStatistics } from '../../../src/checkpoint/checkpoint-statistics.ts'
import { CheckpointStore } from '../../../src/checkpoint/checkpoint-store.ts'
import { CheckpointCoordinator } from '../../../src/checkpoint/coordinator.ts'
import { Lease } from '../../../src/checkpoint/lease.ts'
import type { Committer } from '../../../src/connectors/contract/index.ts'
import { silentLogger } from '../../../src/logger/logger.ts'

const failingCommitter: Committer = {
  id: 'c',
  recover: () => Promise.resolve({ kind: 'recovered', numResumed: 0, committedThrough: 0 }),
  checkpointTimeoutMs: ({ timeoutMs }) => timeoutMs,
  begin: () => Promise.resolve(),
  prepare: checkpointId => Promise.resolve([{ committer: 'c', label: checkpointId, handle: {} }]),
  commit: () => Promise.reject(new Error('the transaction is dead')),
  abort: () => Promise.resolve(),
  close: () => Promise.resolve(),
}

it('a checkpoint queued behind one that failed the job ends at once, so that the job can restart', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'millrace-coordinator-'))
  const lease = await Lease.acquire(directory)
  const failures: unknown[] = []
  const triggered: number[] = []
  try {
    const coordinator: CheckpointCoordinator = new CheckpointCoordinator({
      intervalMs: 1_000,
      timeoutMs: 600_000,
      minPauseMs: 0,
      tolerableFailures: 0,
      numRetained: 1,
      inlineBytes: 1_000,
      numSubtasks: () => 1,
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
      store: new CheckpointStore(directory, silentLogger),
      lease,
      committers: [failingCommitter],
      logger: silentLogger,
      statistics: new CheckpointStatistics(),
      // Subtasks that stop with the job: only the first barrier is answered.
      trigger(id) {
        triggered.push(id)
        if (id === 1)
          coordinator.acknowledge(id, { subtask: 0, nodes: [], alignmentMs: 0 }, Promise.resolve())
      },
      lastArrival: () => 0,
      isUnchanged: () => false,
      confirmed: () => {},
      fail(error) {
        failures.push(error)
        coordinator.abandon()
      },
    })
    const results = await Promise.allSettled([coordinator.take('checkpoint'), coordinator.take('final')])
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(failures).toHaveLength(1)
    expect(triggered).toEqual([1])
    await coordinator.stop()
  } finally {
    await lease.release()
    await rm(directory, { recursive: true, force: true })
  }
})

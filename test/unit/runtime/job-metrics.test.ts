import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CHANNEL_BYTES } from '../../../src/runtime/channels/channel.ts'
import { MemoryWorld, type Row } from '../../support/memory-connector.ts'
import {
  countGraph,
  graphOf,
  groupCount,
  memoryConfig,
  memoryJob,
  scan,
  sink,
} from '../../support/memory-plans.ts'
import { until } from '../../support/until.ts'

describe('the metrics of a job', () => {
  let directory: string

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'millrace-metrics-'))
  })
  afterEach(() => rm(directory, { recursive: true, force: true }))

  it("have Flink's names", async () => {
    const world = new MemoryWorld({ a: [[[0, 'x']], [[10, 'x']]] }, false)
    const job = memoryJob(world, { graph: countGraph(2), config: memoryConfig(directory) })
    await until(() => world.committed.length === 1)
    const { operators, tasks, sources, checkpoints, ...totals } = job.metrics()
    const names = (value: object | undefined | null) => Object.keys(value ?? {}).sort()
    expect(names(operators.find(operator => operator.node === 'scan')?.values)).toEqual([
      'currentInputWatermark',
      'currentOutputWatermark',
      'numLateRecordsDropped',
      'numRecordsIn',
      'numRecordsInPerSecond',
      'numRecordsOut',
      'numRecordsOutPerSecond',
    ])
    expect(names(tasks[0])).toEqual(
      expect.arrayContaining(['backPressuredTimeMsPerSecond', 'busyTimeMsPerSecond', 'idleTimeMsPerSecond']),
    )
    expect(names(sources[0])).toEqual(
      expect.arrayContaining(['pendingRecords', 'sourceIdleTime', 'watermarkLag']),
    )
    expect(names(checkpoints)).toEqual([
      'checkpointAlignmentTime',
      'checkpointStartDelayNanos',
      'lastCheckpointCompletedTimestamp',
      'lastCheckpointDuration',
      'lastCheckpointExternalPath',
      'lastCheckpointFullSize',
      'lastCheckpointRestoreTimestamp',
      'lastCheckpointSize',
      'lastCompletedCheckpointId',
      'numberOfCompletedCheckpoints',
      'numberOfFailedCheckpoints',
      'numberOfInProgressCheckpoints',
      'totalNumberOfCheckpoints',
    ])
    expect(names(totals)).toEqual([
      'busiestTask',
      'downtime',
      'numLateRecordsDropped',
      'numRecordsIn',
      'numRecordsOut',
      'numRestarts',
      'uptime',
    ])
    const share = tasks[0]!
    expect(
      share.busyTimeMsPerSecond + share.idleTimeMsPerSecond + share.backPressuredTimeMsPerSecond,
    ).toBeCloseTo(1000)
    await job.cancel()
  })

  it('name a slow sink; what waits for it is bounded, and checkpoints go on', async () => {
    let ts = 0
    const batch = () =>
      Array.from({ length: 1000 }, (): Row => {
        ts++
        return [ts, `a rather long key, so that channels fill soon, number ${ts % 7}`]
      })
    const world = new MemoryWorld({ a: Array.from({ length: 200 }, batch) })
    let open = () => {}
    const close = () => {
      world.sinkRoom = new Promise(resolve => {
        open = () => {
          world.sinkRoom = null
          resolve()
        }
      })
    }
    close()
    const count = groupCount('count', 'scan', 2)
    const job = memoryJob(world, {
      graph: graphOf([scan('scan', 2), count, sink('sink', count)]),
      config: memoryConfig(directory),
    })
    await job.started()
    await until(() => job.metrics().tasks.some(task => task.backPressuredMs > 20))
    expect(job.metrics().numRecordsIn).toBeLessThan(200_000)
    const completed = () => job.metrics().checkpoints!.numberOfCompletedCheckpoints
    const before = completed()
    let mostQueued = 0
    const tick = setInterval(() => {
      open()
      setImmediate(close)
    }, 5)
    while (completed() < before + 2) {
      mostQueued = Math.max(mostQueued, ...job.metrics().tasks.map(task => task.queuedInputBytes))
      await new Promise(resolve => setTimeout(resolve, 5))
    }
    const { busiestTask, tasks } = job.metrics()
    expect(mostQueued).toBeGreaterThan(0)
    expect(mostQueued).toBeLessThan(2 * 2 * CHANNEL_BYTES)
    expect(busiestTask?.label).toContain('Sink(sink)')
    expect(tasks.find(task => task.label.includes('Sink(sink)'))!.sinkWaitMs).toBeGreaterThan(0)
    expect(tasks.find(task => task.task === 'scan')!.backPressuredTimeMsPerSecond).toBeGreaterThan(0)
    clearInterval(tick)
    await job.cancel()
  })
})

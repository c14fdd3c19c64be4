import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { RecordBatchBuilder } from '../../../../../src/connectors/kafka/records/record-batch-builder.ts'
import { Linger } from '../../../../../src/connectors/kafka/sink/linger.ts'
import { PartitionQueue } from '../../../../../src/connectors/kafka/sink/partition-queue.ts'
import type { ProduceOptions } from '../../../../../src/connectors/kafka/sink/produce-options.ts'
import { sinkConfig } from '../../../../support/kafka-sink-fixture.ts'

const NEVER_MS = 1_000_000

/** Two partitions of one broker; what is closed is on its way until `answer`. */
function partitions(lingerMs: number | null, inTransaction = false) {
  const options: ProduceOptions = { ...sinkConfig('none:1', 't').produce, lingerMs }
  const queues = [0, 1].map(p => new PartitionQueue('t', p, options, new RecordBatchBuilder(), true))
  const closed: number[][] = []
  let numOnTheWay = 0
  const linger = new Linger({
    queues,
    inTransaction,
    isBusy: () => numOnTheWay > 0,
    close(due) {
      closed.push(due.map(({ partition }) => partition))
      numOnTheWay++
      for (const queue of due) {
        queue.inFlight = { builder: queue.builder, bytes: new Uint8Array(0), sentAt: 0 }
        queue.builder = new RecordBatchBuilder()
        queue.dueAt = 0
        queue.hasWaited = false
      }
    },
  })
  return {
    closed,
    linger,
    write(partition: number): void {
      queues[partition]!.builder.begin(0, new Uint8Array(0), -1, 0)
      queues[partition]!.builder.endNull()
      linger.wrote()
    },
    answer(): void {
      numOnTheWay--
      for (const queue of queues) {
        if (queue.inFlight !== null) linger.acknowledged(queue)
        queue.inFlight = null
      }
      linger.answered()
    },
  }
}

test('adaptive: rows of one turn go together at once, those that come meanwhile with the answer', async () => {
  const { closed, linger, write, answer } = partitions(null)
  write(0)
  write(1)
  expect(closed).toEqual([])
  await turn()
  expect(closed).toEqual([[0, 1]])
  write(0)
  await turn()
  write(0)
  await turn()
  expect(closed).toHaveLength(1)
  answer()
  expect(closed).toEqual([[0, 1], [0]])
  linger.stop()
})

test('adaptive: a partition does not wait for ever for the answer to another', async () => {
  const { closed, linger, write } = partitions(null)
  write(0)
  await turn()
  write(1)
  await turn()
  expect(closed).toEqual([[0]])
  while (closed.length < 2) await sleep(1)
  expect(closed[1]).toEqual([1])
  linger.stop()
})

test('adaptive in a transaction: not at once', async () => {
  const { closed, linger, write } = partitions(null, true)
  write(0)
  await turn()
  expect(closed).toEqual([])
  while (closed.length < 1) await sleep(1)
  linger.stop()
})

test('linger.ms that is set: neither an idle broker nor an answer ends it early', async () => {
  const { closed, linger, write, answer } = partitions(NEVER_MS)
  write(0)
  await turn()
  answer()
  expect(closed).toEqual([])
  linger.stop()
  const soon = partitions(20)
  soon.write(0)
  while (soon.closed.length < 1) await sleep(1)
  soon.write(0)
  soon.answer()
  expect(soon.closed).toHaveLength(1)
  while (soon.closed.length < 2) await sleep(1)
  soon.linger.stop()
})

/** Engine alone on one core: record batches in memory → count per IP and 5 s window → encoded sink batches. */
import { readFileSync } from 'node:fs'
import { accessLog } from './access-log.ts'
import { runBaseline } from './baseline/ip-count.ts'
import { runCeiling } from './ceiling/ip-count.ts'
import { type Contender, type ContenderBenchmark, scaled } from './harness.ts'
import type { InMemoryTopic, SinkStatistics } from './in-memory-kafka.ts'
import { runOverMemory } from './run-over-memory.ts'

const NUM_RECORDS = 1_200_000

/** The example's own statements, without checkpoints and exactly-once: there is no broker to commit to. */
export const ipCountSql = readFileSync(new URL('../sql-examples/ip_count.sql', import.meta.url), 'utf8')
  .replace(/SET 'execution.checkpointing.*\n/, '')
  .replace(/.*'sink\..*\n/g, '')
  .replace(/.*transaction.timeout.*\n/, '')

/** Runs the example over `topic` to its end. */
export const runIpCount = (topic: InMemoryTopic, sink: SinkStatistics): Promise<void> =>
  runOverMemory(ipCountSql, topic, sink)

export const ipCount: ContenderBenchmark = {
  kind: 'contenders',
  warmUps: 5,
  ownProcesses: true,
  memory: true,
  name: 'ip-count',
  title: `${NUM_RECORDS / 1000} k JSON records of ~165 bytes in memory, one core, count per IP and 5 s window, sink batches encoded`,
  contenders(scale) {
    const numRecords = scaled(NUM_RECORDS, scale)
    const topic = accessLog(numRecords)
    const buffers = topic.batches.map(batch => Buffer.from(batch.buffer, batch.byteOffset, batch.byteLength))
    const contender = (name: string, countRows: () => Promise<number> | number): Contender => {
      let numRows = 0
      return {
        name,
        async run() {
          numRows = await countRows()
          return numRecords
        },
        outcome: () => numRows,
      }
    }
    return Promise.resolve({
      contenders: [
        contender('kafkajs+JSON.parse+Map', async () => (await runBaseline(buffers)).numRows),
        contender('millrace', async () => {
          const sink = { numRows: 0, numBytes: 0 }
          await runIpCount(topic, sink)
          return sink.numRows
        }),
        contender('by hand, same kernels', () => runCeiling(topic)),
      ],
    })
  },
}

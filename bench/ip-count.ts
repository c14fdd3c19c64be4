/** Engine alone on one core: record batches in memory → count per IP and 5 s window → encoded sink batches. */
import { readFileSync } from 'node:fs'
import { silentLogger } from '../src/logger/logger.ts'
import { builtInConnectors, builtInFormats } from '../src/session/built-ins.ts'
import { launchJob } from '../src/session/planned-job.ts'
import { Session } from '../src/session/session.ts'
import { accessLog } from './access-log.ts'
import { runBaseline } from './baseline/ip-count.ts'
import { runCeiling } from './ceiling/ip-count.ts'
import { type ContenderBenchmark, scaled } from './harness.ts'
import { type InMemoryTopic, inMemoryKafka, type SinkStatistics } from './in-memory-kafka.ts'

const NUM_RECORDS = 1_200_000

/** The example's own statements, without checkpoints and exactly-once: there is no broker to commit to. */
const sql = readFileSync(new URL('../sql-examples/ip_count.sql', import.meta.url), 'utf8')
  .replace(/SET 'execution.checkpointing.*\n/, '')
  .replace(/.*'sink\..*\n/g, '')
  .replace(/.*transaction.timeout.*\n/, '')

/** Runs the example over `topic` to its end. */
export const runIpCount = (topic: InMemoryTopic, sink: SinkStatistics): Promise<void> =>
  runOverMemory(sql, topic, sink)

/** Runs a file whose kafka tables all read `topic`, or write to nowhere. */
export async function runOverMemory(text: string, topic: InMemoryTopic, sink: SinkStatistics): Promise<void> {
  const connector = inMemoryKafka(topic, sink)
  const findConnector = (name: string) => (name === 'kafka' ? connector : builtInConnectors(name))
  const options = { findConnector, findFormat: builtInFormats, logger: silentLogger }
  const session = new Session({ ...options, findParam: () => 'memory:0' })
  for (const result of session.execute({ text, name: 'bench.sql' })) {
    if (result.kind !== 'job') continue
    await launchJob(
      result.job,
      { ...options, state: { stateDir: '.', resume: { kind: 'latest' } } },
      null,
    ).wait()
  }
}

export const ipCount: ContenderBenchmark = {
  kind: 'contenders',
  memory: true,
  name: 'ip-count',
  title: `${NUM_RECORDS / 1000} k JSON records of ~165 bytes in memory, one core, count per IP and 5 s window, sink batches encoded`,
  contenders(scale) {
    const numRecords = scaled(NUM_RECORDS, scale)
    const topic = accessLog(numRecords)
    const buffers = topic.batches.map(batch => Buffer.from(batch.buffer, batch.byteOffset, batch.byteLength))
    /** As many as the first contender wrote. */
    let expectedRows: number | null = null
    const check = (numRows: number) => {
      expectedRows ??= numRows
      if (numRows !== expectedRows)
        throw new Error(`${numRows} rows, but another contender wrote ${expectedRows}`)
      return numRecords
    }
    return Promise.resolve({
      contenders: [
        {
          name: 'kafkajs+JSON.parse+Map',
          run: async () => check((await runBaseline(buffers)).numRows),
        },
        {
          name: 'millrace',
          async run() {
            const sink = { numRows: 0, numBytes: 0 }
            await runIpCount(topic, sink)
            return check(sink.numRows)
          },
        },
        {
          name: 'by hand, same kernels',
          run: () => check(runCeiling(topic)),
        },
      ],
    })
  },
}

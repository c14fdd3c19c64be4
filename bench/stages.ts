/**
 * Nanoseconds per record of each stage of the IP count: pipelines that end one stage later each, run in turn; a stage
 * costs what its pipeline costs more than the one before. `npm run bench -- stages`.
 */
import { crc32c } from '../src/connectors/kafka/records/crc32c.ts'
import { RecordDecoder } from '../src/connectors/kafka/records/record-decoder.ts'
import { RecordRun } from '../src/connectors/kafka/records/record-run.ts'
import { ResponsePool } from '../src/connectors/kafka/transport/response-pool.ts'
import { jsonFormat } from '../src/formats/json/index.ts'
import { hashKernel } from '../src/state/keys/key-hash.ts'
import { BATCH_ROWS, createColumns, stringType, timestampType } from '../src/types/index.ts'
import { columnMemory } from '../src/wasm/arena-memory.ts'
import { accessLog } from './access-log.ts'
import { type ContenderBenchmark, type Measurement, scaled } from './harness.ts'
import type { InMemoryTopic } from './in-memory-kafka.ts'
import { runIpCount } from './ip-count.ts'

const NUM_RECORDS = 600_000

const fields = [
  { name: 'event_time', type: timestampType(3) },
  { name: 'ip', type: stringType() },
]

type Stage = 'response' | 'crc' | 'records' | 'json' | 'hash'

function runThrough(last: Stage, { batches, numRecords }: InMemoryTopic): number {
  const memory = columnMemory()
  const pool = new ResponsePool()
  const records = new RecordDecoder('t', 0, false)
  const run = new RecordRun(BATCH_ROWS, memory, true)
  const json = jsonFormat.createDecoder({ fields, wanted: [0, 1] }, { options: {}, timeZone: 'UTC' })
  const columns = createColumns(
    fields.map(({ type }) => type),
    BATCH_ROWS,
    memory,
  )
  const rows = new Int32Array(BATCH_ROWS)
  const hashes = new Int32Array(BATCH_ROWS)
  const hash = hashKernel(['bytes'])
  const decode = () => {
    if (last === 'records' || run.length === 0) return
    for (const column of columns) column.reset()
    const count = json.decode(run.values, 0, run.length, columns, rows, 0)
    if (last === 'hash') hash([columns[1]!], count, hashes)
  }
  for (const batch of batches) {
    const buffer = pool.allocate(batch.length)
    buffer.set(batch)
    const bytes = new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length)
    if (last !== 'response') {
      records.openHeader(bytes, 0, bytes.length)
      if (crc32c(bytes.subarray(21)) !== records.header.crc) throw new Error('wrong checksum')
    }
    if (last !== 'response' && last !== 'crc') {
      records.openRecords(bytes)
      run.bytes = records.bytes
      while (!records.exhausted) {
        run.length = 0
        records.decode(run, 0, Number.POSITIVE_INFINITY)
        decode()
      }
    }
    pool.recycle(bytes)
  }
  pool.close()
  run.release()
  json.close?.()
  for (const column of columns) column.release()
  return numRecords
}

const names: readonly (readonly [Stage, string])[] = [
  ['response', 'copy into the response buffer'],
  ['crc', 'CRC-32C'],
  ['records', 'record batch to records'],
  ['json', 'JSON to columns'],
  ['hash', 'hash of the key'],
]

export const stages: ContenderBenchmark = {
  kind: 'contenders',
  warmUps: 5,
  name: 'stages',
  title: 'what each stage of the IP count costs',
  contenders(scale) {
    const topic = accessLog(scaled(NUM_RECORDS, scale))
    return Promise.resolve({
      contenders: [
        ...names.map(([stage, name]) => ({ name, run: () => runThrough(stage, topic) })),
        {
          name: 'windows, groups, encoding, tasks',
          async run() {
            await runIpCount(topic, { numRows: 0, numBytes: 0 })
            return topic.numRecords
          },
        },
      ],
    })
  },
  print(measurements: readonly Measurement[]) {
    let before = 0
    for (const { contender, cpuSecondsPerMillion } of measurements) {
      const all = cpuSecondsPerMillion * 1000
      console.log(`  ${contender.padEnd(34)} ${(all - before).toFixed(0).padStart(5)} ns`)
      before = all
    }
    console.log(`  ${'together'.padEnd(34)} ${before.toFixed(0).padStart(5)} ns per record`)
  },
}

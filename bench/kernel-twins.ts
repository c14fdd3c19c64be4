/** WebAssembly kernels beside their JavaScript twins, on the same bytes: `npm run bench -- json-scan crc …`. */
import { crc32c, crc32cInJavaScript } from '../src/connectors/kafka/records/crc32c.ts'
import { RecordBatchBuilder } from '../src/connectors/kafka/records/record-batch-builder.ts'
import { RecordDecoder } from '../src/connectors/kafka/records/record-decoder.ts'
import { RecordRun } from '../src/connectors/kafka/records/record-run.ts'
import { RecordFramer } from '../src/connectors/kafka/sink/record-framer.ts'
import type { PayloadRun } from '../src/formats/format.ts'
import { JsonDecoder } from '../src/formats/json/decoder.ts'
import { JsonEncoder } from '../src/formats/json/encoder.ts'
import { hashByKernel } from '../src/state/keys/hash-by-kernel.ts'
import { hashLoop } from '../src/state/keys/key-hash.ts'
import {
  type Batch,
  ByteSink,
  bigintType,
  type Column,
  type ColumnMemory,
  createColumns,
  heapMemory,
  integerType,
  type LogicalType,
  stringType,
  timestampType,
} from '../src/types/index.ts'
import { columnMemory } from '../src/wasm/arena-memory.ts'
import { kernelsOrNull } from '../src/wasm/kernels.ts'
import { accessLog } from './access-log.ts'
import type { Benchmark, Contender } from './harness.ts'

const RECORDS = 4096
/** Passes over the same records in one measured run. */
const PASSES = 100

const fields: readonly { readonly name: string; readonly type: LogicalType }[] = [
  { name: 'event_time', type: timestampType(3) },
  { name: 'ip', type: stringType() },
  { name: 'method', type: stringType() },
  { name: 'path', type: stringType() },
  { name: 'status', type: integerType() },
  { name: 'bytes', type: bigintType() },
  { name: 'user_agent', type: stringType() },
]

const repeated = (name: string, once: () => void): Contender => ({
  name,
  run() {
    for (let i = 0; i < PASSES; i++) once()
    return PASSES * RECORDS
  },
})

/** The batches one behind the other, in this memory. */
function placed(batches: readonly Uint8Array[], memory: ColumnMemory): Uint8Array {
  const total = batches.reduce((sum, batch) => sum + batch.length, 0)
  const { buffer, byteOffset } = memory.allocate(total)
  const bytes = new Uint8Array(buffer, byteOffset, total)
  let at = 0
  for (const batch of batches) {
    bytes.set(batch, at)
    at += batch.length
  }
  return bytes
}

interface Log {
  readonly bytes: Uint8Array
  readonly run: RecordRun
  readonly payloads: PayloadRun
}

function logIn(memory: ColumnMemory): Log {
  const bytes = placed(accessLog(RECORDS).batches, memory)
  const run = new RecordRun(RECORDS, memory)
  decodeRecords(bytes, run)
  return { bytes, run, payloads: run.values }
}

function decodeRecords(bytes: Uint8Array, run: RecordRun): void {
  const decoder = new RecordDecoder('t', 0, false)
  run.length = 0
  run.bytes = bytes
  for (let at = 0; decoder.openHeader(bytes, at, bytes.length); at = decoder.header.end) {
    decoder.openRecords(bytes)
    decoder.decode(run, 0, Number.POSITIVE_INFINITY)
  }
  if (run.length !== RECORDS) throw new Error(`decoded ${run.length} records`)
}

function scan({ payloads }: Log, wanted: readonly number[], memory: ColumnMemory): () => readonly Column[] {
  const decoder = new JsonDecoder({ fields, wanted }, { options: {}, timeZone: 'UTC' })
  const columns = createColumns(
    wanted.map(i => fields[i]!.type),
    RECORDS,
    memory,
  )
  const records = new Int32Array(RECORDS)
  return () => {
    for (const column of columns) column.reset()
    if (decoder.decode(payloads, 0, RECORDS, columns, records, 0) !== RECORDS) throw new Error('lost records')
    return columns
  }
}

const payloadBytes = ({ run }: Log): number => {
  let sum = 0
  for (let i = 0; i < RECORDS; i++) sum += run.valueEnds[i]! - run.valueStarts[i]!
  return sum
}

function jsonScan(name: string, what: string, wanted: readonly number[]): Benchmark {
  return {
    name,
    title: `JSON payloads of ~160 bytes to columns: ${what}`,
    contenders() {
      const heap = logIn(heapMemory)
      const arena = logIn(columnMemory())
      const text = Buffer.from(heap.bytes.buffer, heap.bytes.byteOffset, heap.bytes.length)
      const { starts, ends } = heap.payloads
      return Promise.resolve({
        bytesPerPass: payloadBytes(heap) * PASSES,
        contenders: [
          repeated('JSON.parse', () => {
            for (let i = 0; i < RECORDS; i++) JSON.parse(text.toString('latin1', starts[i], ends[i]))
          }),
          repeated('JavaScript', scan(heap, wanted, heapMemory)),
          repeated('WebAssembly', scan(arena, wanted, columnMemory())),
          repeated('WebAssembly on a copy', scan(heap, wanted, columnMemory())),
        ],
      })
    },
  }
}

const recordDecode: Benchmark = {
  name: 'record-decode',
  title: 'records of a Kafka batch to offsets of keys, values and headers, without CRC',
  contenders() {
    const heap = logIn(heapMemory)
    const arena = logIn(columnMemory())
    return Promise.resolve({
      bytesPerPass: heap.bytes.length * PASSES,
      contenders: [
        repeated('JavaScript', () => decodeRecords(heap.bytes, heap.run)),
        repeated('WebAssembly', () => decodeRecords(arena.bytes, arena.run)),
      ],
    })
  },
}

const crc: Benchmark = {
  name: 'crc',
  title: 'CRC-32C of record batches',
  contenders() {
    const { bytes } = logIn(heapMemory)
    const expected = crc32c(bytes)
    const check = (value: number) => {
      if (value !== expected) throw new Error('another checksum')
    }
    return Promise.resolve({
      bytesPerPass: bytes.length * PASSES,
      contenders: [
        repeated('JavaScript', () => check(crc32cInJavaScript(bytes))),
        repeated('native', () => check(crc32c(bytes))),
      ],
    })
  },
}

function encodeBenchmark(name: string, what: string, wanted: readonly number[]): Benchmark {
  return {
    name,
    title: `rows to JSON: ${what}`,
    contenders() {
      const batchIn = (memory: ColumnMemory): Batch => ({
        length: RECORDS,
        kinds: null,
        columns: scan(logIn(memory), wanted, memory)(),
      })
      const [heap, arena] = [batchIn(heapMemory), batchIn(columnMemory())]
      const chosen = wanted.map(i => fields[i]!)
      const encoder = new JsonEncoder(
        chosen,
        chosen.map((_, i) => i),
        { options: {}, timeZone: 'UTC' },
      )
      const out = new ByteSink()
      const byRow = () => {
        out.length = 0
        for (let row = 0; row < RECORDS; row++) encoder.encode(heap, row, out)
      }
      byRow()
      return Promise.resolve({
        bytesPerPass: out.length * PASSES,
        contenders: [
          repeated('JavaScript', byRow),
          repeated('WebAssembly', () => encoder.encodeRows(arena)),
          repeated('WebAssembly on a copy', () => encoder.encodeRows(heap)),
        ],
      })
    },
  }
}

const recordEncode: Benchmark = {
  name: 'record-encode',
  title: 'encoded values of ~160 bytes to records of a Kafka batch, without CRC',
  contenders() {
    const { payloads, bytes } = logIn(columnMemory())
    const memory = columnMemory()
    const { buffer, byteOffset } = memory.allocate((RECORDS + 1) * 4)
    const offsets = new Int32Array(buffer, byteOffset, RECORDS + 1)
    const packed = placed(
      Array.from({ length: RECORDS }, (_, i) => bytes.subarray(payloads.starts[i], payloads.ends[i])),
      memory,
    )
    for (let i = 0; i < RECORDS; i++) offsets[i + 1] = offsets[i]! + payloads.ends[i]! - payloads.starts[i]!
    const values = { bytes: packed, offsets }
    const builder = new RecordBatchBuilder(1024 * 1024)
    const framer = new RecordFramer(kernelsOrNull()!)
    const noKey = new Uint8Array(0)
    return Promise.resolve({
      bytesPerPass: packed.length * PASSES,
      contenders: [
        repeated('JavaScript', () => {
          builder.reset()
          for (let i = 0; i < RECORDS; i++) {
            builder.begin(1_700_000_000_000, noKey, -1, -1)
            const length = offsets[i + 1]! - offsets[i]!
            builder.reserve(length)
            builder.bytes.set(packed.subarray(offsets[i]!, offsets[i + 1]!), builder.length)
            builder.length += length
            builder.end()
          }
        }),
        repeated('WebAssembly', () => {
          builder.reset()
          const run = { values, keys: null, timestamp: 1_700_000_000_000 }
          const next = framer.append(builder, run, null, 0, RECORDS, 2 ** 30, 2 ** 30)
          if (next !== RECORDS) throw new Error(`framed ${next} records`)
        }),
      ],
    })
  },
}

const hash: Benchmark = {
  name: 'key-hash',
  title: 'hash of a string key of 11 to 13 bytes',
  contenders() {
    const heap = scan(logIn(heapMemory), [1], heapMemory)()
    const arena = scan(logIn(columnMemory()), [1], columnMemory())()
    const out = new Int32Array(RECORDS)
    const loop = hashLoop(['bytes'])
    const [column] = heap
    return Promise.resolve({
      bytesPerPass: (column?.storage === 'bytes' ? column.offsets[RECORDS]! : 0) * PASSES,
      contenders: [
        repeated('JavaScript', () => loop(heap, RECORDS, out)),
        repeated('WebAssembly', () => hashByKernel(arena, RECORDS, out)),
      ],
    })
  },
}

interface Oddity {
  readonly name: string
  readonly what: string
  makeOdd(text: string): string
}

/** Ways for a record to be odd. */
const oddities: readonly Oddity[] = [
  {
    name: 'odd-repeated-key',
    what: 'a repeated key',
    makeOdd: text => `{"ip":"first",${text.slice(1)}`,
  },
  {
    name: 'odd-escape',
    what: 'an escape in a string that is read',
    makeOdd: text => text.replace('"ip":"1', '"ip":"\\u0031'),
  },
  {
    name: 'odd-order',
    what: 'another order of keys',
    makeOdd: text => text.replace(/^\{("event_time":"[^"]*"),("ip":"[^"]*"),/, '{$2,$1,'),
  },
  {
    name: 'odd-nesting',
    what: 'a nested value',
    makeOdd: text => text.replace('"method":"GET"', '"method":{"name":["GET",{"a":1}]}'),
  },
  {
    name: 'odd-timestamp',
    what: 'a timestamp with six digits',
    makeOdd: text => text.replace(/(event_time":"[^"]*)"/, '$1000"'),
  },
]

/** Some percent of the records are odd: they should cost more, and the others nothing. */
function oddRecords({ name, what, makeOdd }: Oddity): Benchmark {
  const logWith = (percent: number): PayloadRun => {
    const { payloads } = logIn(heapMemory)
    const texts = Array.from({ length: RECORDS }, (_, i) => {
      const text = Buffer.from(payloads.bytes.subarray(payloads.starts[i], payloads.ends[i])).toString()
      if (percent === 0 || i % Math.round(100 / percent) !== 0) return text
      return makeOdd(text)
    })
    const bytes = placed(
      texts.map(text => Buffer.from(text)),
      columnMemory(),
    )
    const starts = new Int32Array(RECORDS)
    const ends = new Int32Array(RECORDS)
    let at = 0
    texts.forEach((text, i) => {
      starts[i] = at
      at += text.length
      ends[i] = at
    })
    return { bytes, starts, ends, length: RECORDS }
  }
  return {
    name,
    title: `JSON payloads of which some have ${what}`,
    contenders() {
      const contenders = [0, 1, 10, 100].map(percent => {
        const log = { payloads: logWith(percent) } as Log
        return repeated(`${percent} % odd`, scan(log, [0, 1], columnMemory()))
      })
      return Promise.resolve({ contenders })
    },
  }
}

export const kernelTwins: readonly Benchmark[] = [
  jsonScan('json-scan', 'two of seven fields are read', [0, 1]),
  jsonScan('json-scan-all', 'all seven fields are read', [0, 1, 2, 3, 4, 5, 6]),
  encodeBenchmark('json-encode', 'timestamp, string, BIGINT', [0, 1, 5]),
  recordDecode,
  recordEncode,
  crc,
  hash,
  ...oddities.map(oddRecords),
]

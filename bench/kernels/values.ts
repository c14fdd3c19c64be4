/**
 * Single values between text and columns, each beside what JavaScript has for it. Only the value's own bytes are
 * counted. The WebAssembly kernels have no entry of their own for one value: they are measured inside the JSON that they
 * stand in, so their figure carries the cost of a record with one field.
 */
import { JsonEncoder } from '../../src/formats/json/encoder.ts'
import {
  bigintType,
  type Column,
  type ColumnMemory,
  doubleType,
  heapMemory,
  type LogicalType,
  parseDoubleText,
  parseInt64,
  readTimestamp,
  timestampType,
  writeInt64,
  writeTimestamp,
} from '../../src/types/index.ts'
import { columnMemory } from '../../src/wasm/arena-memory.ts'
import type { Contender, ContenderBenchmark } from '../harness.ts'
import { passesAt, payloadsOf, RECORDS, repeated, scan } from './log-records.ts'

type MakeContender = (name: string, once: () => void) => Contender

const START_MS = Date.UTC(2025, 0, 1)

const texts = {
  bigint: Array.from({ length: RECORDS }, (_, i) => String(Math.imul(i, 0x9e3779b1) * 100_003 + i)),
  double: Array.from({ length: RECORDS }, (_, i) => ((Math.imul(i, 0x9e3779b1) >>> 0) / 1000).toFixed(3)),
  timestamp: Array.from({ length: RECORDS }, (_, i) =>
    new Date(START_MS + i * 7_654_321).toISOString().slice(0, 23).replace('T', ' '),
  ),
}

/** The values as the only field of JSON records, decoded by the kernel or its twin, by the memory. */
function inJson(type: LogicalType, values: readonly string[], memory: ColumnMemory): () => readonly Column[] {
  const quote = type.kind === 'TIMESTAMP' ? '"' : ''
  const payloads = payloadsOf(
    values.map(value => `{"v":${quote}${value}${quote}}`),
    memory,
  )
  return scan(payloads, [{ name: 'v', type }], [0], memory)
}

function parsing(
  name: string,
  type: LogicalType,
  values: readonly string[],
  contenders: (make: MakeContender, bytes: Buffer, starts: Int32Array, ends: Int32Array) => Contender[],
): ContenderBenchmark {
  return {
    kind: 'contenders',
    name: `parse-${name}`,
    title: `text to ${name}`,
    contenders(scale) {
      const make = repeated(passesAt(scale))
      const { bytes, starts, ends } = payloadsOf(values, heapMemory)
      const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
      return Promise.resolve({
        bytesPerPass: bytes.length * passesAt(scale),
        contenders: [
          ...contenders(make, buffer, starts, ends),
          make('JavaScript, in JSON', inJson(type, values, heapMemory)),
          make('WebAssembly, in JSON', inJson(type, values, columnMemory())),
        ],
      })
    },
  }
}

const parseBigint = parsing('bigint', bigintType(), texts.bigint, (make, bytes, starts, ends) => {
  const out = new BigInt64Array(RECORDS)
  const words = new Int32Array(out.buffer)
  return [
    make('BigInt(string)', () => {
      for (let i = 0; i < RECORDS; i++) out[i] = BigInt(bytes.toString('latin1', starts[i]!, ends[i]!))
    }),
    make('JavaScript', () => {
      for (let i = 0; i < RECORDS; i++) parseInt64(bytes, starts[i]!, ends[i]!, words, i)
    }),
  ]
})

const parseDouble = parsing('double', doubleType(), texts.double, (make, bytes, starts, ends) => {
  const out = new Float64Array(RECORDS)
  return [
    make('Number(string)', () => {
      for (let i = 0; i < RECORDS; i++) out[i] = Number(bytes.toString('latin1', starts[i]!, ends[i]!))
    }),
    make('JavaScript', () => {
      for (let i = 0; i < RECORDS; i++)
        out[i] = parseDoubleText(bytes.toString('latin1', starts[i]!, ends[i]!)) ?? Number.NaN
    }),
  ]
})

const parseTimestamp = parsing(
  'timestamp',
  timestampType(3),
  texts.timestamp,
  (make, bytes, starts, ends) => {
    const out = new Float64Array(RECORDS)
    const cell = { nanos: 0 }
    return [
      make('Date.parse(string)', () => {
        for (let i = 0; i < RECORDS; i++)
          out[i] = Date.parse(`${bytes.toString('latin1', starts[i]!, ends[i]!).replace(' ', 'T')}Z`)
      }),
      make('JavaScript', () => {
        for (let i = 0; i < RECORDS; i++) out[i] = readTimestamp(bytes, starts[i]!, ends[i]!, cell)
      }),
    ]
  },
)

function printing(
  name: string,
  type: LogicalType,
  values: readonly string[],
  contenders: (make: MakeContender, column: Column, out: Buffer) => Contender[],
): ContenderBenchmark {
  return {
    kind: 'contenders',
    name: `print-${name}`,
    title: `${name} to text`,
    contenders(scale) {
      const make = repeated(passesAt(scale))
      const [column] = inJson(type, values, heapMemory)()
      const columns = inJson(type, values, columnMemory())()
      const encoder = new JsonEncoder([{ name: 'v', type }], [0], { options: {}, timeZone: 'UTC' })
      const batch = { length: RECORDS, kinds: null, columns }
      return Promise.resolve({
        bytesPerPass: values.reduce((sum, value) => sum + value.length, 0) * passesAt(scale),
        contenders: [
          ...contenders(make, column!, Buffer.alloc(RECORDS * 64)),
          make('WebAssembly, in JSON', () => encoder.encodeRows(batch)),
        ],
      })
    },
  }
}

const printBigint = printing('bigint', bigintType(), texts.bigint, (make, column, out) => {
  if (column.storage !== 'i64') throw new Error(column.storage)
  const { values, words } = column
  return [
    make('String(bigint)', () => {
      for (let i = 0, at = 0; i < RECORDS; i++) at += out.write(String(values[i]), at, 'latin1')
    }),
    make('JavaScript', () => {
      for (let i = 0, at = 0; i < RECORDS; i++) at = writeInt64(out, at, words[2 * i]!, words[2 * i + 1]!)
    }),
  ]
})

const printTimestamp = printing('timestamp', timestampType(3), texts.timestamp, (make, column, out) => {
  if (column.storage !== 'f64') throw new Error(column.storage)
  const { values } = column
  return [
    make('Date.toISOString', () => {
      for (let i = 0, at = 0; i < RECORDS; i++)
        at += out.write(new Date(values[i]!).toISOString().slice(0, 23).replace('T', ' '), at, 'latin1')
    }),
    make('JavaScript', () => {
      for (let i = 0, at = 0; i < RECORDS; i++) at = writeTimestamp(out, at, values[i]!, 0, 32)
    }),
  ]
})

export const valueKernels: readonly ContenderBenchmark[] = [
  parseBigint,
  parseDouble,
  parseTimestamp,
  printBigint,
  printTimestamp,
]

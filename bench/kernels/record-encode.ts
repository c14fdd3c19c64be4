/** Encoded values to records of a Kafka batch. */
import { RecordBatchBuilder } from '../../src/connectors/kafka/records/record-batch-builder.ts'
import { RecordFramer } from '../../src/connectors/kafka/sink/record-framer.ts'
import { columnMemory } from '../../src/wasm/arena-memory.ts'
import { kernelsOrNull } from '../../src/wasm/kernels.ts'
import type { ContenderBenchmark } from '../harness.ts'
import { logIn, passesAt, placed, RECORDS, repeated } from './log-records.ts'

export const recordEncode: ContenderBenchmark = {
  kind: 'contenders',
  name: 'record-encode',
  title: 'encoded values of ~160 bytes to records of a Kafka batch, without CRC',
  contenders(scale) {
    const contender = repeated(passesAt(scale))
    const { payloads, bytes } = logIn(columnMemory())
    const memory = columnMemory()
    const { buffer, byteOffset } = memory.allocate((RECORDS + 1) * 4)
    const offsets = new Int32Array(buffer, byteOffset, RECORDS + 1)
    const packed = placed(
      Array.from({ length: RECORDS }, (_, i) => bytes.subarray(payloads.starts[i], payloads.ends[i])),
      memory,
    )
    offsets[0] = 0
    for (let i = 0; i < RECORDS; i++) offsets[i + 1] = offsets[i]! + payloads.ends[i]! - payloads.starts[i]!
    const values = { bytes: packed, offsets }
    const builder = new RecordBatchBuilder(1024 * 1024)
    const framer = new RecordFramer(kernelsOrNull()!)
    const noKey = new Uint8Array(0)
    return Promise.resolve({
      bytesPerPass: packed.length * passesAt(scale),
      contenders: [
        contender('JavaScript', () => {
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
        contender('WebAssembly', () => {
          builder.reset()
          const run = { values, keys: null, timestamp: 1_700_000_000_000 }
          const next = framer.append(builder, run, null, 0, RECORDS, 2 ** 30, 2 ** 30)
          if (next !== RECORDS) throw new Error(`framed ${next} records`)
        }),
      ],
    })
  },
}

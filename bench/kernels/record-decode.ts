/** Kafka's record batches to offsets. */
import { heapMemory } from '../../src/types/index.ts'
import { columnMemory } from '../../src/wasm/arena-memory.ts'
import type { ContenderBenchmark } from '../harness.ts'
import { decodeRecords, logIn, passesAt, repeated } from './log-records.ts'

export const recordDecode: ContenderBenchmark = {
  kind: 'contenders',
  name: 'record-decode',
  title: 'records of a Kafka batch to offsets of keys, values and headers, without CRC',
  contenders(scale) {
    const contender = repeated(passesAt(scale))
    const heap = logIn(heapMemory)
    const arena = logIn(columnMemory())
    return Promise.resolve({
      bytesPerPass: heap.bytes.length * passesAt(scale),
      contenders: [
        contender('JavaScript', () => decodeRecords(heap.bytes, heap.run)),
        contender('WebAssembly', () => decodeRecords(arena.bytes, arena.run)),
      ],
    })
  },
}

/** The hash of keys. */
import { hashByKernel } from '../../src/state/keys/hash-by-kernel.ts'
import { hashLoop } from '../../src/state/keys/key-hash.ts'
import { type ColumnMemory, heapMemory } from '../../src/types/index.ts'
import { columnMemory } from '../../src/wasm/arena-memory.ts'
import type { ContenderBenchmark } from '../harness.ts'
import { logFields, logIn, passesAt, RECORDS, repeated, scan } from './log-records.ts'

export const keyHash: ContenderBenchmark = {
  kind: 'contenders',
  name: 'key-hash',
  title: 'hash of a string key of 11 to 13 bytes',
  contenders(scale) {
    const contender = repeated(passesAt(scale))
    const keysIn = (memory: ColumnMemory) => scan(logIn(memory).payloads, logFields, [1], memory)()
    const [heap, arena] = [keysIn(heapMemory), keysIn(columnMemory())]
    const out = new Int32Array(RECORDS)
    const loop = hashLoop(['bytes'])
    const [column] = heap
    return Promise.resolve({
      bytesPerPass: (column?.storage === 'bytes' ? column.offsets[RECORDS]! : 0) * passesAt(scale),
      contenders: [
        contender('JavaScript', () => loop(heap, RECORDS, out)),
        contender('WebAssembly', () => hashByKernel(arena, RECORDS, out)),
      ],
    })
  },
}

/** JSON payloads to columns: the kernel, its JavaScript twin, and what everybody has. */
import { heapMemory } from '../../src/types/index.ts'
import { columnMemory } from '../../src/wasm/arena-memory.ts'
import type { ContenderBenchmark } from '../harness.ts'
import { logFields, logIn, passesAt, payloadBytes, RECORDS, repeated, scan } from './log-records.ts'

function scanOf(name: string, what: string, wanted: readonly number[]): ContenderBenchmark {
  return {
    kind: 'contenders',
    name,
    title: `JSON payloads of ~160 bytes to columns: ${what}`,
    contenders(scale) {
      const contender = repeated(passesAt(scale))
      const heap = logIn(heapMemory).payloads
      const arena = logIn(columnMemory()).payloads
      const text = Buffer.from(heap.bytes.buffer, heap.bytes.byteOffset, heap.bytes.length)
      return Promise.resolve({
        bytesPerPass: payloadBytes(heap) * passesAt(scale),
        contenders: [
          contender('JSON.parse', () => {
            for (let i = 0; i < RECORDS; i++)
              JSON.parse(text.toString('latin1', heap.starts[i], heap.ends[i]))
          }),
          contender('JavaScript', scan(heap, logFields, wanted, heapMemory)),
          contender('WebAssembly', scan(arena, logFields, wanted, columnMemory())),
          contender('WebAssembly on a copy', scan(heap, logFields, wanted, columnMemory())),
        ],
      })
    },
  }
}

export const jsonScan = scanOf('json-scan', 'two of seven fields are read', [0, 1])
export const jsonScanAll = scanOf('json-scan-all', 'all seven fields are read', [0, 1, 2, 3, 4, 5, 6])

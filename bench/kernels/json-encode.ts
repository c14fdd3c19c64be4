/** Columns to JSON: the kernel encodes a batch at a time, the twin row by row. */
import { JsonEncoder } from '../../src/formats/json/encoder.ts'
import { type Batch, ByteSink, type ColumnMemory, heapMemory } from '../../src/types/index.ts'
import { columnMemory } from '../../src/wasm/arena-memory.ts'
import type { ContenderBenchmark } from '../harness.ts'
import { logFields, logIn, passesAt, RECORDS, repeated, scan } from './log-records.ts'

const wanted = [0, 1, 5]

export const jsonEncode: ContenderBenchmark = {
  kind: 'contenders',
  name: 'json-encode',
  title: 'rows to JSON: timestamp, string, BIGINT',
  contenders(scale) {
    const contender = repeated(passesAt(scale))
    const batchIn = (memory: ColumnMemory): Batch => ({
      length: RECORDS,
      kinds: null,
      columns: scan(logIn(memory).payloads, logFields, wanted, memory)(),
    })
    const [heap, arena] = [batchIn(heapMemory), batchIn(columnMemory())]
    const fields = wanted.map(i => logFields[i]!)
    const encoder = new JsonEncoder(
      fields,
      fields.map((_, i) => i),
      { options: {}, timeZone: 'UTC' },
    )
    const out = new ByteSink()
    const byRow = () => {
      out.length = 0
      for (let row = 0; row < RECORDS; row++) encoder.encode(heap, row, out)
    }
    byRow()
    return Promise.resolve({
      bytesPerPass: out.length * passesAt(scale),
      contenders: [
        contender('JavaScript', byRow),
        contender('WebAssembly', () => encoder.encodeRows(arena)),
        contender('WebAssembly on a copy', () => encoder.encodeRows(heap)),
      ],
    })
  },
}

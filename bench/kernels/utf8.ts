/** Whether a string is UTF-8, which every string that is read must be: text that is half ASCII, half not. */
import { isUtf8 as isUtf8InNode } from 'node:buffer'
import { isUtf8 } from '../../src/formats/text-values.ts'
import { heapMemory, stringType } from '../../src/types/index.ts'
import { columnMemory } from '../../src/wasm/arena-memory.ts'
import type { ContenderBenchmark } from '../harness.ts'
import { passesAt, payloadBytes, payloadsOf, RECORDS, repeated, scan } from './log-records.ts'

const texts = Array.from({ length: RECORDS }, (_, i) =>
  i % 2 === 0
    ? `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.${i} (KHTML, like Gecko)`
    : `Überstraße ${i}, Köln — 東京都渋谷区 🚀`,
)

export const utf8: ContenderBenchmark = {
  kind: 'contenders',
  name: 'utf8',
  title: 'UTF-8 validation of strings of 45 to 70 bytes',
  contenders(scale) {
    const contender = repeated(passesAt(scale))
    const payloads = payloadsOf(texts, heapMemory)
    const { bytes, starts, ends } = payloads
    const fatal = new TextDecoder('utf-8', { fatal: true })
    const judge = (isValid: (start: number, end: number) => boolean) => () => {
      for (let i = 0; i < RECORDS; i++) if (!isValid(starts[i]!, ends[i]!)) throw new Error('not UTF-8')
    }
    const inJson = payloadsOf(
      texts.map(text => JSON.stringify({ v: text })),
      columnMemory(),
    )
    return Promise.resolve({
      bytesPerPass: payloadBytes(payloads) * passesAt(scale),
      contenders: [
        contender(
          'TextDecoder',
          judge((start, end) => fatal.decode(bytes.subarray(start, end)) !== ''),
        ),
        contender(
          'node:buffer isUtf8',
          judge((start, end) => isUtf8InNode(bytes.subarray(start, end))),
        ),
        contender(
          'JavaScript',
          judge((start, end) => isUtf8(bytes, start, end)),
        ),
        contender(
          'WebAssembly, in JSON',
          scan(inJson, [{ name: 'v', type: stringType() }], [0], columnMemory()),
        ),
      ],
    })
  },
}

/** Comparing strings of columns byte for byte, and as JavaScript strings. */
import { type Column, equalBytes, heapMemory } from '../../src/types/index.ts'
import type { ContenderBenchmark } from '../harness.ts'
import { logFields, logIn, passesAt, RECORDS, repeated, scan } from './log-records.ts'

const USER_AGENT = 6

export const stringEquality: ContenderBenchmark = {
  kind: 'contenders',
  name: 'string-equality',
  title: 'equality of strings of 17 bytes that are equal',
  contenders(scale) {
    const contender = repeated(passesAt(scale))
    const { payloads } = logIn(heapMemory)
    const read = (): Column => scan(payloads, logFields, [USER_AGENT], heapMemory)()[0]!
    const [a, b] = [read(), read()]
    if (a.storage !== 'bytes' || b.storage !== 'bytes') throw new Error(a.storage)
    const [aBytes, bBytes] = [Buffer.from(a.bytes), Buffer.from(b.bytes)]
    const [from, to] = [a.offsets, b.offsets]
    const all = (isEqual: (i: number) => boolean) => () => {
      for (let i = 0; i < RECORDS; i++) if (!isEqual(i)) throw new Error('not equal')
    }
    return Promise.resolve({
      bytesPerPass: from[RECORDS]! * passesAt(scale),
      contenders: [
        contender(
          'strings made of both',
          all(
            i => aBytes.toString('utf8', from[i], from[i + 1]) === bBytes.toString('utf8', to[i], to[i + 1]),
          ),
        ),
        contender(
          'Buffer.compare',
          all(i => aBytes.compare(bBytes, to[i], to[i + 1], from[i], from[i + 1]) === 0),
        ),
        contender(
          'JavaScript',
          all(i => equalBytes(a.bytes, from[i]!, from[i + 1]!, b.bytes, to[i]!, to[i + 1]!)),
        ),
      ],
    })
  },
}

/** Odd records take the exact path for themselves alone: the slope over how many there are. */
import { heapMemory } from '../../src/types/index.ts'
import { columnMemory } from '../../src/wasm/arena-memory.ts'
import type { ContenderBenchmark } from '../harness.ts'
import { logFields, logIn, passesAt, payloadsOf, repeated, scan, textsOf } from './log-records.ts'

interface Oddity {
  readonly name: string
  readonly what: string
  /** Skipped, with `ignore-parse-errors`. */
  readonly malformed?: true
  makeOdd(text: string): string | Uint8Array
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
  {
    name: 'odd-number',
    what: 'a number of forty digits that is not read',
    makeOdd: text => text.replace('"status":200', `"status":${'1234567890'.repeat(4)}`),
  },
  {
    name: 'odd-utf8',
    what: 'bytes that are not UTF-8, and are skipped',
    malformed: true,
    makeOdd: text => Buffer.from(text.replace('"method":"G', '"method":"\u00ff'), 'latin1'),
  },
]

/** Some percent of the records are odd: they should cost more, and the others nothing. */
function oddRecordsOf({ name, what, malformed, makeOdd }: Oddity): ContenderBenchmark {
  return {
    kind: 'contenders',
    name,
    title: `JSON payloads of which some have ${what}`,
    contenders(scale) {
      const contender = repeated(passesAt(scale))
      const texts = textsOf(logIn(heapMemory).payloads)
      const contenderWith = (percent: number) => {
        const isOdd = (i: number) => percent > 0 && i % Math.round(100 / percent) === 0
        const numOdd = texts.filter((_, i) => isOdd(i)).length
        const payloads = payloadsOf(
          texts.map((text, i) => (isOdd(i) ? makeOdd(text) : text)),
          columnMemory(),
        )
        const numMalformed = malformed === true ? numOdd : 0
        return contender(`${percent} % odd`, scan(payloads, logFields, [0, 1], columnMemory(), numMalformed))
      }
      return Promise.resolve({ contenders: [0, 1, 10, 100].map(contenderWith) })
    },
  }
}

export const oddRecords: readonly ContenderBenchmark[] = oddities.map(oddRecordsOf)

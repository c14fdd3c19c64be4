import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AbortedFilter } from '../../../../../src/connectors/kafka/source/aborted-filter.ts'
import {
  fromSplitState,
  subtaskOfSplit,
  toSplitState,
} from '../../../../../src/connectors/kafka/source/split.ts'

describe('splits', () => {
  test('state survives JSON', () => {
    const position = { topic: 'a.b_c-d', partition: 12, offset: 2 ** 40, stop: null, topicId: 'ab' }
    expect(fromSplitState(JSON.parse(JSON.stringify(toSplitState(position))))).toEqual(position)
    expect(fromSplitState(toSplitState({ ...position, stop: 5 }))).toEqual({ ...position, stop: 5 })
    expect(() => fromSplitState({ split: 'x', position: {} })).toThrow(/not the state of a Kafka split/)
  })

  test('every partition has one subtask, and a topic is spread evenly', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 40 }),
        (topic, parallelism, partitions) => {
          const counts = new Array<number>(parallelism).fill(0)
          for (let partition = 0; partition < partitions; partition++) {
            const subtask = subtaskOfSplit({ topic, partition }, parallelism)
            counts[subtask]!++
          }
          expect(counts.reduce((a, b) => a + b)).toBe(partitions)
          expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1)
        },
      ),
    )
  })

  test('the assignment is part of the format: it never changes', () => {
    const at = (topic: string, partition: number) => subtaskOfSplit({ topic, partition }, 4)
    expect([at('orders', 0), at('orders', 1), at('payments', 0), at('ü', 2)]).toMatchInlineSnapshot(`
      [
        3,
        0,
        3,
        2,
      ]
    `)
  })
})

interface Txn {
  readonly pid: number
  readonly batches: number
  readonly abort: boolean
}

describe('aborted filter', () => {
  /** A random log of interleaved transactions; batches are one offset each, markers too. */
  const logArbitrary = fc
    .array(
      fc.record({
        pid: fc.integer({ min: 1, max: 4 }),
        batches: fc.integer({ min: 1, max: 4 }),
        abort: fc.boolean(),
      }),
      {
        maxLength: 14,
      },
    )
    .chain(txns => fc.tuple(fc.constant(txns), fc.infiniteStream(fc.nat({ max: 3 }))))

  function layOut(txns: readonly Txn[], picks: Iterator<number>) {
    const queues = [1, 2, 3, 4].map(pid => txns.filter(txn => txn.pid === pid))
    const progress = queues.map(() => ({ txn: 0, batch: 0, first: -1 }))
    const log: { offset: number; pid: number; marker: 'abort' | 'commit' | null; aborted: boolean }[] = []
    const index: { pid: number; first: number; end: number }[] = []
    for (let offset = 0; progress.some((p, i) => p.txn < queues[i]!.length); ) {
      const i = picks.next().value as number
      const state = progress[i]!
      const txn = queues[i]![state.txn]
      if (txn === undefined) continue
      if (state.batch === 0) state.first = offset
      if (state.batch < txn.batches) {
        log.push({ offset, pid: txn.pid, marker: null, aborted: txn.abort })
        state.batch++
      } else {
        log.push({ offset, pid: txn.pid, marker: txn.abort ? 'abort' : 'commit', aborted: false })
        if (txn.abort) index.push({ pid: txn.pid, first: state.first, end: offset })
        state.txn++
        state.batch = 0
      }
      offset++
    }
    return { log, index }
  }

  test('agrees with the truth for every interleaving, fetched from and to anywhere', () => {
    fc.assert(
      fc.property(logArbitrary, fc.nat(), fc.integer({ min: 1, max: 60 }), ([txns, stream], seed, length) => {
        const { log, index } = layOut(txns, stream[Symbol.iterator]())
        const from = log.length === 0 ? 0 : seed % log.length
        const fetched = log.slice(from, from + length)
        const to = from + fetched.length
        const filter = new AbortedFilter()
        // As brokers answer: overlapping entries, in completion order.
        filter.reset(index.filter(e => e.end >= from && e.first < to).flatMap(e => [e.pid, e.first]))
        for (const { offset, pid, marker, aborted } of fetched) {
          filter.advance(offset)
          if (marker === 'abort') filter.abortMarker(pid)
          if (marker === null) expect(filter.isAborted(pid)).toBe(aborted)
        }
      }),
      { numRuns: 400 },
    )
  })
})

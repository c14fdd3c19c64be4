/**
 * Window Top-N against sorting. Laws: a window that the watermark has passed says its rows by rank, once; late
 * rows are counted; batch borders, snapshots and another parallelism change nothing.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { SortKey, WindowTopNNode } from '../../src/planner/plan-graph/plan-graph.ts'
import { MAX_WATERMARK } from '../../src/runtime/channels/stream-element.ts'
import { createWindowTopNOperator } from '../../src/runtime/operators/window-top-n.ts'
import { bigintType, type LogicalType, timestampType } from '../../src/types/index.ts'
import { compareValues, keyText, modelRow, modelTypes, type Row } from '../support/naive-aggregates.ts'
import { type Change, OperatorHarness, textOf } from '../support/operator-harness.ts'
import { routeRows } from '../support/route-rows.ts'

const types: readonly LogicalType[] = [...modelTypes, timestampType(3), timestampType(3)]
const START = modelTypes.length
const END = START + 1

type Step =
  | { readonly kind: 'rows'; readonly rows: readonly Row[] }
  | { readonly kind: 'watermark'; readonly by: number }
  /** Goes on where it was, by a watermark that is `back` behind: a split that was idle holds time back again. */
  | { readonly kind: 'restart'; readonly parallelism: number; readonly back: number }

const sortKey: fc.Arbitrary<SortKey> = fc.record({
  column: fc.constantFrom(4, 5, 8, 9, 12, 13),
  ascending: fc.boolean(),
  nullsFirst: fc.boolean(),
})

const scenario = fc.record({
  partitionKeys: fc.subarray([0, 1]),
  sortKeys: fc.uniqueArray(sortKey, { minLength: 1, maxLength: 2, selector: key => key.column }),
  from: fc.integer({ min: 1, max: 2 }),
  more: fc.integer({ min: 0, max: 4 }),
  outputRowNumber: fc.boolean(),
  steps: fc.array(
    fc.oneof(
      {
        weight: 5,
        arbitrary: fc.array(modelRow, { maxLength: 15 }).map(
          (rows): Step => ({
            kind: 'rows',
            rows: rows.map(row => {
              const start = Math.floor((row[3] as number) / 10) * 10
              return [...row, start, start + 10]
            }),
          }),
        ),
      },
      {
        weight: 2,
        arbitrary: fc.integer({ min: 1, max: 15 }).map((by): Step => ({ kind: 'watermark', by })),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          kind: fc.constant('restart' as const),
          parallelism: fc.integer({ min: 1, max: 3 }),
          back: fc.nat({ max: 20 }),
        }),
      },
    ),
    { maxLength: 10 },
  ),
})

function compareRows(a: Row, b: Row, keys: readonly SortKey[]): number {
  for (const { column, ascending, nullsFirst } of keys) {
    const [x, y] = [a[column] ?? null, b[column] ?? null]
    if (x === null || y === null) {
      if (x === y) continue
      return (x === null) === nullsFirst ? -1 : 1
    }
    const order = compareValues(x, y)
    if (order !== 0) return ascending ? order : -order
  }
  return 0
}

test('windows say their first rows by rank', () => {
  const run = (s: typeof scenario extends fc.Arbitrary<infer T> ? T : never) => {
    const to = s.from + s.more
    const outputTypes = s.outputRowNumber ? [...types, bigintType()] : types
    const node: WindowTopNNode = {
      kind: 'WindowTopN',
      id: 'rank',
      label: 'WindowTopN',
      inputs: [],
      output: outputTypes.map((type, c) => ({ name: `c${c}`, type })),
      changes: { updateBefore: false, updateAfter: false, delete: false },
      parallelism: 1,
      startColumn: START,
      endColumn: END,
      localTimeZone: false,
      partitionKeys: s.partitionKeys,
      sortKeys: s.sortKeys,
      from: s.from,
      to,
      outputRowNumber: s.outputRowNumber,
    }
    const create = (subtask: number, parallelism: number) =>
      new OperatorHarness(context => createWindowTopNOperator(node, types, context), {
        inputTypes: types,
        outputTypes,
        subtask,
        parallelism,
      })
    let subtasks = [create(0, 1)]
    let watermark = -10
    let lateExpected = 0
    let numLate = 0
    const accepted: Row[] = []
    const output: Change[] = []
    for (const step of s.steps) {
      if (step.kind === 'rows') {
        for (const row of step.rows) {
          if ((row[END] as number) - 1 <= watermark) lateExpected++
          else accepted.push(row)
        }
        const input = step.rows.map((row): Change => ['+I', ...row])
        routeRows(types, input, s.partitionKeys, subtasks.length).forEach((rows, i) => {
          subtasks[i]!.push(...rows)
        })
      } else if (step.kind === 'watermark') {
        watermark += step.by
        for (const subtask of subtasks) subtask.watermark(watermark)
      } else {
        const frozen = subtasks.map(subtask => subtask.freeze())
        for (const subtask of subtasks) {
          output.push(...subtask.take())
          numLate += subtask.numLate
          subtask.push(...accepted.map((row): Change => ['+I', ...row]))
        }
        const taken = frozen.map(snapshot => snapshot.materialize())
        subtasks = Array.from({ length: step.parallelism }, (_, i) => create(i, step.parallelism))
        for (const subtask of subtasks) {
          subtask.restore(taken)
          subtask.watermark(watermark - step.back)
        }
      }
    }
    for (const subtask of subtasks) {
      subtask.watermark(MAX_WATERMARK)
      output.push(...subtask.take())
      numLate += subtask.numLate
    }
    const partitions = Map.groupBy(accepted, row => keyText(row, [...s.partitionKeys, END]))
    const expected = [...partitions.entries()].map(([key, rows]): readonly [string, string[]] => {
      const ranked = rows.toSorted((a, b) => compareRows(a, b, s.sortKeys)).slice(0, to)
      const numbered = s.outputRowNumber ? ranked.map((row, i) => [...row, BigInt(i + 1)]) : ranked
      return [key, numbered.slice(s.from - 1).map(row => textOf(row))]
    })
    const said = Map.groupBy(output, ([, ...row]) => keyText(row, [...s.partitionKeys, END]))
    expect(new Map([...said].map(([key, rows]) => [key, rows.map(([, ...row]) => textOf(row))]))).toEqual(
      new Map(expected.filter(([, rows]) => rows.length > 0)),
    )
    expect(numLate).toBe(lateExpected)
  }
  fc.assert(fc.property(scenario, run), { numRuns: 200 })
})

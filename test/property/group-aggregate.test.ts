/**
 * Continuous GROUP BY against the naive model. Laws: applying the changelog at any time gives the model's result
 * over the rows so far; nothing is taken back that was not there; batch borders, snapshots and another
 * parallelism change nothing.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { AggregateCall, GroupAggregateNode } from '../../src/planner/plan-graph/plan-graph.ts'
import { createGroupAggregateOperator } from '../../src/runtime/operators/group-aggregate.ts'
import {
  groupRows,
  isOrdered,
  modelCall,
  modelRow,
  modelTypes,
  naiveAggregate,
  type Row,
} from '../support/naive-aggregates.ts'
import { type Change, foldChanges, OperatorHarness, textOf } from '../support/operator-harness.ts'
import { routeRows } from '../support/route-rows.ts'

interface Scenario {
  readonly keys: readonly number[]
  readonly calls: readonly AggregateCall[]
  readonly inputRetracts: boolean
  readonly updateBefore: boolean
  readonly steps: readonly Step[]
}
type Step =
  | {
      readonly kind: 'rows'
      readonly rows: readonly { readonly row: Row; readonly takeBack: number | null }[]
    }
  | { readonly kind: 'restart'; readonly parallelism: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .array(fc.record({ row: modelRow, takeBack: fc.option(fc.nat(), { freq: 2 }) }), { maxLength: 12 })
      .map(rows => ({ kind: 'rows' as const, rows })),
  },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 1, max: 3 }).map(parallelism => ({ kind: 'restart' as const, parallelism })),
  },
)

const scenario: fc.Arbitrary<Scenario> = fc
  .record({
    keys: fc.subarray([0, 1, 2, 8, 13]),
    calls: fc.array(modelCall, { maxLength: 4 }),
    inputRetracts: fc.boolean(),
    updateBefore: fc.boolean(),
    steps: fc.array(step, { maxLength: 8 }),
  })
  // Which of several equal values goes is not the model's choice.
  .map(s => (s.inputRetracts ? { ...s, calls: s.calls.filter(call => !isOrdered(call)) } : s))

function nodeOf({ keys, calls, inputRetracts, updateBefore }: Scenario): GroupAggregateNode {
  const types = [...keys.map(key => modelTypes[key]!), ...calls.map(call => call.type)]
  return {
    kind: 'GroupAggregate',
    id: 'group',
    label: 'GroupAggregate',
    inputs: [],
    output: types.map((type, c) => ({ name: `c${c}`, type })),
    changes: { updateBefore, updateAfter: true, delete: inputRetracts },
    parallelism: 1,
    keys,
    aggregates: calls,
    inputRetracts,
    stateTtlMs: 0,
  }
}

/** Upsert streams lack −U: the old row of the key goes when a new one comes. */
function foldUpserts(changes: readonly Change[], numKeys: number): Map<string, number> {
  const rows = new Map<string, string>()
  for (const [kind, ...values] of changes) {
    const key = textOf(values.slice(0, numKeys))
    if (kind === '-D') expect(rows.get(key)).toBe(textOf(values))
    if (kind === '-D') rows.delete(key)
    else rows.set(key, textOf(values))
  }
  return new Map([...rows.values()].map(text => [text, 1]))
}

function run(s: Scenario): void {
  const node = nodeOf(s)
  const types = node.output.map(field => field.type)
  const create = (subtask: number, parallelism: number) =>
    new OperatorHarness(context => createGroupAggregateOperator(node, modelTypes, context), {
      inputTypes: modelTypes,
      outputTypes: types,
      subtask,
      parallelism,
    })
  let subtasks = [create(0, 1)]
  let live: Row[] = []
  const changes: Change[] = []
  for (const step of s.steps) {
    if (step.kind === 'restart') {
      const snapshots = subtasks.map(subtask => subtask.freeze())
      for (const subtask of subtasks) subtask.push(...live.map((row): Change => ['+I', ...row]))
      const taken = snapshots.map(snapshot => snapshot.materialize())
      subtasks = Array.from({ length: step.parallelism }, (_, i) => create(i, step.parallelism))
      for (const subtask of subtasks) subtask.restore(taken)
      continue
    }
    const input: Change[] = []
    for (const { row, takeBack } of step.rows) {
      if (takeBack !== null && s.inputRetracts && live.length > 0) {
        const at = takeBack % live.length
        input.push([takeBack % 2 === 0 ? '-D' : '-U', ...live[at]!])
        live = live.toSpliced(at, 1)
      } else {
        input.push(['+I', ...row])
        live.push(row)
      }
    }
    routeRows(modelTypes, input, s.keys, subtasks.length).forEach((rows, i) => {
      subtasks[i]!.push(...rows)
      changes.push(...subtasks[i]!.take())
    })
    const expected = [...groupRows(live, s.keys).values()].map(rows =>
      // -0 and 0 are one key; which of them is shown is not defined.
      textOf([
        ...s.keys.map(key => rows[0]![key] as never),
        ...s.calls.map(call => naiveAggregate(call, rows)),
      ]),
    )
    const folded = s.updateBefore ? foldChanges(changes) : foldUpserts(changes, s.keys.length)
    expect(new Map([...folded].toSorted())).toEqual(
      new Map(expected.map(text => [text, 1] as const).toSorted()),
    )
  }
}

test('the changelog folds to the model at every step', () => {
  fc.assert(fc.property(scenario, run), { numRuns: 250 })
})

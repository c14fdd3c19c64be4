/**
 * Window aggregates against the naive model. Laws: every window that the watermark has passed says once what the
 * model computes over the rows that were not late for it; with early firing and lateness the changelog folds to
 * that; rows late for all of their windows are counted; batch borders, snapshots and another parallelism change
 * nothing.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type {
  AggregateCall,
  EmitStrategy,
  WindowAggregateNode,
  WindowSpec,
} from '../../src/planner/plan-graph/plan-graph.ts'
import { MAX_WATERMARK } from '../../src/runtime/channels/stream-element.ts'
import { createWindowAggregateOperator } from '../../src/runtime/operators/window-aggregate.ts'
import { timestampType } from '../../src/types/index.ts'
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

const TIME = 3

type Step =
  | {
      readonly kind: 'rows'
      readonly rows: readonly { readonly row: Row; readonly takeBack: number | null }[]
    }
  | { readonly kind: 'watermark'; readonly by: number }
  | { readonly kind: 'clock'; readonly by: number }
  /** Goes on where it was, by a watermark that is `back` behind: a split that was idle holds time back again. */
  | { readonly kind: 'restart'; readonly parallelism: number; readonly back: number }

interface Scenario {
  readonly window: WindowSpec
  readonly keys: readonly number[]
  readonly calls: readonly AggregateCall[]
  readonly inputRetracts: boolean
  readonly emit: EmitStrategy
  /** How many slices have tables of their own; the others share one. */
  readonly maxSmallTables: number
  readonly steps: readonly Step[]
}

const windowSpec: fc.Arbitrary<WindowSpec> = fc
  .record({
    kind: fc.constantFrom('tumble', 'hop', 'cumulate', 'hop-gcd'),
    unit: fc.integer({ min: 1, max: 7 }),
    factor: fc.integer({ min: 1, max: 4 }),
    offsetMs: fc.integer({ min: -6, max: 6 }),
  })
  .map(({ kind, unit, factor, offsetMs }): WindowSpec => {
    switch (kind) {
      case 'tumble':
        return { kind: 'tumble', sizeMs: unit * factor, offsetMs }
      case 'hop':
        return { kind: 'hop', slideMs: unit, sizeMs: unit * factor, offsetMs }
      case 'hop-gcd':
        return { kind: 'hop', slideMs: unit, sizeMs: factor * 2 + 1, offsetMs }
      default:
        return { kind: 'cumulate', stepMs: unit, sizeMs: unit * factor, offsetMs }
    }
  })

const emitStrategy: fc.Arbitrary<EmitStrategy> = fc.oneof(
  fc.constant({ allowedLatenessMs: 0, earlyDelayMs: null, lateDelayMs: null }),
  fc.record({
    allowedLatenessMs: fc.constantFrom(0, 5, 20),
    earlyDelayMs: fc.constantFrom(null, 0, 10),
    lateDelayMs: fc.constantFrom(null, 0, 10),
  }),
)

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .array(fc.record({ row: modelRow, takeBack: fc.option(fc.nat(), { freq: 2 }) }), { maxLength: 10 })
      .map(rows => ({ kind: 'rows' as const, rows })),
  },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 15 }).map(by => ({ kind: 'watermark' as const, by })) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 15 }).map(by => ({ kind: 'clock' as const, by })) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('restart' as const),
      parallelism: fc.integer({ min: 1, max: 3 }),
      back: fc.nat({ max: 20 }),
    }),
  },
)

const scenario: fc.Arbitrary<Scenario> = fc
  .record({
    window: windowSpec,
    keys: fc.subarray([0, 1, 8]),
    calls: fc.array(modelCall, { maxLength: 3 }),
    inputRetracts: fc.boolean(),
    emit: emitStrategy,
    maxSmallTables: fc.constantFrom(0, 1, 100),
    steps: fc.array(step, { maxLength: 12 }),
  })
  // Which of several equal values goes is not the model's choice; slices are joined in the order of their time.
  .map(s =>
    s.inputRetracts || s.window.kind !== 'tumble'
      ? { ...s, calls: s.calls.filter(call => !isOrdered(call)) }
      : s,
  )

function nodeOf({ window, keys, calls, inputRetracts, emit }: Scenario): WindowAggregateNode {
  const types = [
    ...keys.map(key => modelTypes[key]!),
    ...calls.map(call => call.type),
    timestampType(3),
    timestampType(3),
  ]
  return {
    kind: 'WindowAggregate',
    id: 'window',
    label: 'WindowAggregate',
    inputs: [],
    output: types.map((type, c) => ({ name: `c${c}`, type })),
    changes: { updateBefore: true, updateAfter: true, delete: true },
    parallelism: 1,
    time: { kind: 'assign', window, timeColumn: TIME, attribute: 'rowtime', localTimeZone: false },
    keys,
    aggregates: calls,
    properties: ['start', 'end'],
    emit,
    inputRetracts,
  }
}

/** [start, end) of all windows that hold a time, the simple way. */
function windowsOf(spec: WindowSpec, time: number): [number, number][] {
  const windows: [number, number][] = []
  const mod = (a: number, b: number) => ((a % b) + b) % b
  for (let start = time; start > time - spec.sizeMs; start--) {
    if (spec.kind === 'hop') {
      if (mod(start - spec.offsetMs, spec.slideMs) === 0) windows.push([start, start + spec.sizeMs])
    } else if (mod(start - spec.offsetMs, spec.sizeMs) === 0) {
      const step = spec.kind === 'tumble' ? spec.sizeMs : spec.stepMs
      for (let end = start + step; end <= start + spec.sizeMs; end += step) {
        if (end > time) windows.push([start, end])
      }
    }
  }
  return windows
}

interface Event {
  readonly row: Row
  readonly retract: boolean
}

class Model {
  readonly #s: Scenario
  readonly #windows = new Map<string, Event[]>()
  numLate = 0

  constructor(s: Scenario) {
    this.#s = s
  }

  add(event: Event, watermark: number): void {
    const windows = windowsOf(this.#s.window, event.row[TIME] as number)
    const open = windows.filter(([, end]) => end - 1 + this.#s.emit.allowedLatenessMs > watermark)
    if (windows.length > 0 && open.length === 0) this.numLate++
    for (const window of open) {
      const text = window.join()
      const events = this.#windows.get(text)
      if (events === undefined) this.#windows.set(text, [event])
      else events.push(event)
    }
  }

  results(): Map<string, number> {
    const { keys, calls } = this.#s
    const results: string[] = []
    for (const [text, events] of this.#windows) {
      let rows: Row[] = []
      for (const { row, retract } of events) {
        if (retract) rows = rows.toSpliced(rows.indexOf(row), 1)
        else rows.push(row)
      }
      for (const group of groupRows(rows, keys).values()) {
        const values = calls.map(call => naiveAggregate(call, group))
        results.push(
          textOf([...keys.map(key => group[0]![key] as never), ...values, ...text.split(',').map(Number)]),
        )
      }
    }
    return new Map(results.map(text => [text, 1] as const).toSorted())
  }
}

function run(s: Scenario): void {
  const node = nodeOf(s)
  const create = (subtask: number, parallelism: number) =>
    new OperatorHarness(
      context => createWindowAggregateOperator(node, modelTypes, context, s.maxSmallTables),
      {
        inputTypes: modelTypes,
        outputTypes: node.output.map(field => field.type),
        subtask,
        parallelism,
      },
    )
  const model = new Model(s)
  const changes: Change[] = []
  let subtasks = [create(0, 1)]
  let live: Row[] = []
  let watermark = -10
  let now = 0
  let numLate = 0
  for (const step of s.steps) {
    switch (step.kind) {
      case 'rows': {
        const input: Change[] = []
        for (const { row, takeBack } of step.rows) {
          if (takeBack !== null && s.inputRetracts && live.length > 0) {
            const gone = live[takeBack % live.length]!
            live = live.filter(candidate => candidate !== gone)
            input.push(['-D', ...gone])
            model.add({ row: gone, retract: true }, watermark)
          } else {
            input.push(['+I', ...row])
            live.push(row)
            model.add({ row, retract: false }, watermark)
          }
        }
        routeRows(modelTypes, input, s.keys, subtasks.length).forEach((rows, i) => {
          subtasks[i]!.push(...rows)
        })
        break
      }
      case 'watermark':
        watermark += step.by
        for (const subtask of subtasks) subtask.watermark(watermark)
        break
      case 'clock':
        now += step.by
        for (const subtask of subtasks) subtask.advanceClock(now)
        break
      case 'restart': {
        const snapshots = subtasks.map(subtask => subtask.freeze())
        for (const subtask of subtasks) changes.push(...subtask.take())
        for (const subtask of subtasks) numLate += subtask.numLate
        for (const subtask of subtasks) subtask.push(...live.map((row): Change => ['+I', ...row]))
        for (const subtask of subtasks) subtask.watermark(watermark + 7)
        const taken = snapshots.map(snapshot => snapshot.materialize())
        subtasks = Array.from({ length: step.parallelism }, (_, i) => create(i, step.parallelism))
        for (const subtask of subtasks) {
          subtask.now = now
          subtask.restore(taken)
          subtask.watermark(watermark - step.back)
        }
      }
    }
  }
  for (const subtask of subtasks) {
    subtask.watermark(MAX_WATERMARK)
    changes.push(...subtask.take())
    numLate += subtask.numLate
    expect(subtask.gauges.get('stateRows')).toBe(0)
  }
  if (s.emit.allowedLatenessMs === 0 && s.emit.earlyDelayMs === null) {
    expect(changes.every(([kind]) => kind === '+I')).toBe(true)
  }
  expect(new Map([...foldChanges(changes)].toSorted())).toEqual(model.results())
  expect(numLate).toBe(model.numLate)
}

test('windows say what the model computes', () => {
  fc.assert(fc.property(scenario, run), { numRuns: 250 })
})

/**
 * Window aggregates against the naive model. Laws: every window that the watermark has passed says once what the
 * model computes over the rows that were not late for it; with early firing and lateness the changelog folds to
 * that; rows late for all of their windows are counted; batch borders, snapshots and another parallelism change
 * nothing.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hasLocalPhase } from '../../src/planner/physical/local-phase.ts'
import type {
  AggregateCall,
  EmitStrategy,
  WindowAggregateNode,
  WindowSpec,
} from '../../src/planner/plan-graph/plan-graph.ts'
import { partialRows } from '../../src/runtime/aggregates/partial-rows.ts'
import { MAX_WATERMARK } from '../../src/runtime/channels/stream-element.ts'
import { LocalWindowAggregate } from '../../src/runtime/operators/local-window-aggregate.ts'
import { createWindowAggregateOperator } from '../../src/runtime/operators/window-aggregate.ts'
import { type LogicalType, timestampType } from '../../src/types/index.ts'
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
  /** Subtasks that aggregate before the exchange; 0 = there is no local phase. */
  readonly numLocal: number
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
    numLocal: fc.constant(0),
  })
  // Which of several equal values goes is not the model's choice; slices are joined in the order of their time.
  .map(s =>
    s.inputRetracts || s.window.kind !== 'tumble'
      ? { ...s, calls: s.calls.filter(call => !isOrdered(call)) }
      : s,
  )

function nodeOf({ window, keys, calls, inputRetracts, emit, numLocal }: Scenario): WindowAggregateNode {
  const types = [
    ...keys.map(key => modelTypes[key]!),
    ...calls.map(call => call.type),
    timestampType(3),
    timestampType(3),
  ]
  return {
    kind: 'WindowAggregate',
    localPhase: numLocal > 0,
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

/** The subtasks in front of the exchange. With a local phase each has a part of the rows, and sends groups. */
class Senders {
  readonly #keys: readonly number[]
  readonly #local: readonly OperatorHarness[]
  readonly inputTypes: readonly LogicalType[]

  constructor(s: Scenario, node: WindowAggregateNode) {
    const partial = partialRows(node, modelTypes)
    this.#keys = s.numLocal > 0 ? partial.keys : s.keys
    this.inputTypes = s.numLocal > 0 ? partial.types : modelTypes
    this.#local = Array.from(
      { length: s.numLocal },
      () =>
        new OperatorHarness(
          context => new LocalWindowAggregate(node, modelTypes, context, s.maxSmallTables),
          { inputTypes: modelTypes, outputTypes: partial.types },
        ),
    )
  }

  push(rows: readonly Change[], subtasks: readonly OperatorHarness[]): void {
    const { length } = this.#local
    if (length === 0) this.#send(rows, subtasks)
    this.#local.forEach((local, l) => {
      local.push(...rows.filter((_, i) => i % length === l))
      this.#send(local.take(), subtasks)
    })
  }

  watermark(timestampMs: number, subtasks: readonly OperatorHarness[]): void {
    for (const local of this.#local) {
      local.watermark(timestampMs)
      this.#send(local.take(), subtasks)
    }
    for (const subtask of subtasks) subtask.watermark(timestampMs)
  }

  /** As before a barrier. */
  flush(subtasks: readonly OperatorHarness[]): void {
    for (const local of this.#local) {
      const phase = local.operator as LocalWindowAggregate
      phase.flush()
      this.#send(local.take(), subtasks)
    }
  }

  #send(rows: readonly Change[], subtasks: readonly OperatorHarness[]): void {
    routeRows(this.inputTypes, rows, this.#keys, subtasks.length).forEach((own, i) => {
      subtasks[i]!.push(...own)
    })
  }
}

function run(s: Scenario): void {
  const node = nodeOf(s)
  let senders = new Senders(s, node)
  const create = (subtask: number, parallelism: number) =>
    new OperatorHarness(
      context => createWindowAggregateOperator(node, modelTypes, context, s.maxSmallTables),
      {
        inputTypes: senders.inputTypes,
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
        senders.push(input, subtasks)
        break
      }
      case 'watermark':
        watermark += step.by
        senders.watermark(watermark, subtasks)
        break
      case 'clock':
        now += step.by
        for (const subtask of subtasks) subtask.advanceClock(now)
        break
      case 'restart': {
        senders.flush(subtasks)
        const snapshots = subtasks.map(subtask => subtask.freeze())
        for (const subtask of subtasks) changes.push(...subtask.take())
        for (const subtask of subtasks) numLate += subtask.numLate
        senders.push(
          live.map((row): Change => ['+I', ...row]),
          subtasks,
        )
        senders.watermark(watermark + 7, subtasks)
        const taken = snapshots.map(snapshot => snapshot.materialize())
        subtasks = Array.from({ length: step.parallelism }, (_, i) => create(i, step.parallelism))
        for (const subtask of subtasks) {
          subtask.now = now
          subtask.restore(taken)
        }
        senders = new Senders(s, node)
        senders.watermark(watermark - step.back, subtasks)
      }
    }
  }
  senders.watermark(MAX_WATERMARK, subtasks)
  for (const subtask of subtasks) {
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

const atEnd: EmitStrategy = { allowedLatenessMs: 0, earlyDelayMs: null, lateDelayMs: null }

/** With the calls that a local phase can have. */
const localScenario = fc
  .tuple(scenario, fc.integer({ min: 1, max: 3 }))
  .map(([s, numLocal]): Scenario => ({ ...s, inputRetracts: false, emit: atEnd, numLocal }))
  .map(s => ({ ...s, calls: s.calls.filter(call => isPlannedLocal({ ...s, calls: [call] })) }))

function isPlannedLocal(s: Scenario): boolean {
  const output = modelTypes.map((type, c) => ({ name: `c${c}`, type }))
  const exchange = { kind: 'hash', keys: s.keys } as const
  return hasLocalPhase(nodeOf(s), { strategy: 'TWO_PHASE', input: { output, parallelism: 2 }, exchange })
}

test('windows with a local phase say what the model computes', () => {
  fc.assert(fc.property(localScenario, run), { numRuns: 250 })
})

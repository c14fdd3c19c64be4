import { describe, expect, test, vi } from 'vitest'
import type {
  AggregateCall,
  EmitStrategy,
  OutputField,
  WindowAggregateNode,
  WindowAssignment,
  WindowProperty,
  WindowSpec,
} from '../../../../src/planner/plan-graph/plan-graph.ts'
import { MAX_WATERMARK } from '../../../../src/runtime/channels/stream-element.ts'
import { createWindowAggregateOperator } from '../../../../src/runtime/operators/window-aggregate.ts'
import { TimeMap } from '../../../../src/runtime/operators/windows/time-map.ts'
import { TimerQueue } from '../../../../src/state/timer-queue.ts'
import {
  bigintType,
  integerType,
  type LogicalType,
  stringType,
  timestampType,
} from '../../../../src/types/index.ts'
import { OperatorHarness } from '../../../support/operator-harness.ts'

const inputTypes = [stringType(), timestampType(3), integerType(), bigintType()]
const count: AggregateCall = {
  function: 'COUNT',
  arguments: [],
  distinct: false,
  filter: null,
  type: bigintType(false),
}
const sum: AggregateCall = {
  function: 'SUM',
  arguments: [3],
  distinct: false,
  filter: null,
  type: bigintType(),
}
const finalOnly: EmitStrategy = { allowedLatenessMs: 0, earlyDelayMs: null, lateDelayMs: null }

interface Setup {
  readonly window?: WindowSpec
  readonly time?: WindowAssignment
  readonly aggregates?: readonly AggregateCall[]
  readonly properties?: readonly WindowProperty[]
  readonly emit?: EmitStrategy
  readonly updateBefore?: boolean
  readonly inputRetracts?: boolean
}

function nodeOf(setup: Setup): WindowAggregateNode {
  const aggregates = setup.aggregates ?? [count, sum]
  const properties = setup.properties ?? ['start', 'end']
  const types: LogicalType[] = [
    stringType(),
    ...aggregates.map(call => call.type),
    ...properties.map(() => timestampType(3)),
  ]
  return {
    kind: 'WindowAggregate',
    localPhase: false,
    id: 'window',
    label: 'Window',
    inputs: [],
    output: types.map((type, c): OutputField => ({ name: `c${c}`, type })),
    changes: { updateBefore: setup.updateBefore ?? true, updateAfter: true, delete: true },
    parallelism: 1,
    time: setup.time ?? {
      kind: 'assign',
      window: setup.window ?? { kind: 'tumble', sizeMs: 10, offsetMs: 0 },
      timeColumn: 1,
      attribute: 'rowtime',
      localTimeZone: false,
    },
    keys: [0],
    aggregates,
    properties,
    emit: setup.emit ?? finalOnly,
    inputRetracts: setup.inputRetracts ?? false,
  }
}

const harnessOf = (node: WindowAggregateNode, subtask = 0, parallelism = 1, timeZone = 'UTC') =>
  new OperatorHarness(context => createWindowAggregateOperator(node, inputTypes, context), {
    inputTypes,
    outputTypes: node.output.map(field => field.type),
    subtask,
    parallelism,
    timeZone,
  })

/** After a restart: the window that ends at 10 has fired before it. */
function firedAndRestored(): OperatorHarness {
  const node = nodeOf({})
  const before = harnessOf(node)
  before.push(['a', 5, 0, 1n])
  before.watermark(9)
  const after = harnessOf(node)
  after.restore([before.snapshot()])
  return after
}

describe('tumbling windows', () => {
  test('fire when the watermark reaches the last millisecond, in order of end and first appearance', () => {
    const harness = harnessOf(nodeOf({}))
    harness.push(['b', 13, 0, 5n], ['a', 1, 0, 1n], ['b', 2, 0, 2n], ['a', 9, 0, -4n], [null, 9, 0, null])
    harness.watermark(8)
    expect(harness.take()).toEqual([])
    harness.watermark(9)
    expect(harness.take()).toEqual([
      ['+I', 'a', 2n, -3n, 0, 10],
      ['+I', 'b', 1n, 2n, 0, 10],
      ['+I', null, 1n, null, 0, 10],
    ])
    harness.watermark(MAX_WATERMARK)
    expect(harness.take()).toEqual([['+I', 'b', 1n, 5n, 10, 20]])
    expect(harness.watermarks).toEqual([8, 9, MAX_WATERMARK])
    expect(harness.gauges.get('stateRows')).toBe(0)
  })

  test('drop and count late rows', () => {
    const harness = harnessOf(nodeOf({}))
    harness.push(['a', 5, 0, 1n])
    harness.watermark(9)
    harness.push(['a', 9, 0, 1n], ['a', 10, 0, 7n], ['b', 0, 0, 1n])
    harness.watermark(100)
    expect(harness.take().slice(1)).toEqual([['+I', 'a', 1n, 7n, 10, 20]])
    expect(harness.numLate).toBe(2)
  })

  test('align to negative times and offsets', () => {
    const harness = harnessOf(nodeOf({ window: { kind: 'tumble', sizeMs: 10, offsetMs: -3 } }))
    harness.push(['a', -4, 0, 1n], ['a', -3, 0, 1n], ['a', 6, 0, 1n], ['a', 7, 0, 1n])
    harness.watermark(100)
    expect(harness.take()).toEqual([
      ['+I', 'a', 1n, 1n, -13, -3],
      ['+I', 'a', 2n, 2n, -3, 7],
      ['+I', 'a', 1n, 1n, 7, 17],
    ])
  })

  test('survive a snapshot, which later rows do not change, at another parallelism', () => {
    const node = nodeOf({})
    const before = harnessOf(node)
    const keys = Array.from({ length: 100 }, (_, k) => `key-${k}`)
    before.push(...keys.map(key => [key, 3, 0, 1n] as const))
    before.watermark(4)
    const frozen = before.freeze()
    before.push(...keys.map(key => [key, 3, 0, 100n] as const), ['new', 3, 0, 1n])
    before.watermark(50)
    const snapshot = frozen.materialize()

    const results = [0, 1, 2].flatMap(subtask => {
      const harness = harnessOf(node, subtask, 3)
      harness.restore([snapshot])
      harness.watermark(9)
      return harness.take()
    })
    expect(results.toSorted()).toEqual(keys.map(key => ['+I', key, 1n, 1n, 0, 10]).toSorted())
  })

  test('keep the watermark in the snapshot: a window that has fired stays closed', () => {
    const after = firedAndRestored()
    after.push(['a', 6, 0, 1n])
    after.watermark(30)
    expect(after.take()).toEqual([])
    expect(after.numLate).toBe(1)
  })

  test('stay closed when time is held back again after a restore', () => {
    const after = firedAndRestored()
    after.watermark(2)
    after.push(['a', 6, 0, 1n])
    after.watermark(30)
    expect(after.take()).toEqual([])
    expect(after.numLate).toBe(1)
    expect(after.watermarks).toEqual([9, 30])
  })

  test('refuse a NULL time', () => {
    const harness = harnessOf(nodeOf({}))
    expect(() => harness.push(['a', null, 0, 1n])).toThrow(
      expect.objectContaining({ code: 'MR_WINDOW_NULL_TIME' }),
    )
  })
})

describe('hopping windows', () => {
  const hop: WindowSpec = { kind: 'hop', slideMs: 5, sizeMs: 15, offsetMs: 0 }

  test('share slices, and count a row for those of its windows that are still open', () => {
    const harness = harnessOf(nodeOf({ window: hop, aggregates: [count] }))
    harness.push(['a', 1, 0, 0n], ['a', 6, 0, 0n])
    harness.watermark(4)
    harness.push(['a', 2, 0, 0n])
    harness.watermark(100)
    expect(harness.take()).toEqual([
      ['+I', 'a', 1n, -10, 5],
      ['+I', 'a', 3n, -5, 10],
      ['+I', 'a', 3n, 0, 15],
      ['+I', 'a', 1n, 5, 20],
    ])
    expect(harness.numLate).toBe(0)
    harness.push(['a', 99, 0, 0n], ['a', 85, 0, 0n])
    expect(harness.numLate).toBe(1)
  })

  test('join ordered aggregates: values by arrival, lists by slice', () => {
    const ordered = ['FIRST_VALUE', 'LAST_VALUE'].map((name): AggregateCall => ({ ...sum, function: name }))
    const list: AggregateCall = { ...sum, function: 'LISTAGG', arguments: [0], type: stringType() }
    for (const inputRetracts of [false, true]) {
      const harness = harnessOf(nodeOf({ window: hop, aggregates: [...ordered, list], inputRetracts }))
      harness.push(['a', 12, 0, 1n], ['a', 7, 0, 2n], ['a', 8, 0, 3n])
      harness.watermark(14)
      const [first, last] = inputRetracts ? [2n, 1n] : [1n, 3n]
      expect(harness.take().at(-1)).toEqual(['+I', 'a', first, last, 'a,a,a', 0, 15])
    }
  })

  test('that leave gaps ignore the rows in the gaps', () => {
    const window: WindowSpec = { kind: 'hop', slideMs: 10, sizeMs: 4, offsetMs: 0 }
    const harness = harnessOf(nodeOf({ window, aggregates: [count] }))
    harness.push(['a', 3, 0, 0n], ['a', 4, 0, 0n], ['a', 9, 0, 0n], ['a', 10, 0, 0n])
    harness.watermark(100)
    expect(harness.take()).toEqual([
      ['+I', 'a', 1n, 0, 4],
      ['+I', 'a', 1n, 10, 14],
    ])
    expect(harness.numLate).toBe(0)
  })
})

describe('cumulating windows', () => {
  test('grow by a step; fired slices become one', () => {
    const window: WindowSpec = { kind: 'cumulate', stepMs: 5, sizeMs: 15, offsetMs: 0 }
    const harness = harnessOf(nodeOf({ window, aggregates: [count] }))
    harness.push(['a', 6, 0, 0n], ['a', 11, 0, 0n], ['b', 16, 0, 0n])
    harness.watermark(9)
    harness.push(['a', 0, 0, 0n])
    harness.watermark(14)
    expect(harness.take()).toEqual([
      ['+I', 'a', 1n, 0, 10],
      ['+I', 'a', 3n, 0, 15],
    ])
    expect(harness.gauges.get('stateRows')).toBe(1)
    harness.watermark(MAX_WATERMARK)
    expect(harness.take().map(row => row.slice(3))).toEqual([
      [15, 20],
      [15, 25],
      [15, 30],
    ])
  })
})

describe('windows that rows carry', () => {
  test('fire by their end', () => {
    const time: WindowAssignment = { kind: 'attached', startColumn: 1, endColumn: 2, localTimeZone: false }
    const types = [stringType(), timestampType(3), timestampType(3), bigintType()]
    const node = nodeOf({ time, aggregates: [sum] })
    const harness = new OperatorHarness(context => createWindowAggregateOperator(node, types, context), {
      inputTypes: types,
      outputTypes: node.output.map(field => field.type),
    })
    harness.push(['a', 10, 20, 1n], ['a', 0, 10, 2n], ['a', 10, 20, 3n])
    harness.watermark(9)
    harness.push(['a', 0, 10, 2n])
    const copy = new OperatorHarness(context => createWindowAggregateOperator(node, types, context), {
      inputTypes: types,
      outputTypes: node.output.map(field => field.type),
    })
    copy.restore([harness.snapshot()])
    copy.watermark(19)
    expect([...harness.take(), ...copy.take()]).toEqual([
      ['+I', 'a', 2n, 0, 10],
      ['+I', 'a', 4n, 10, 20],
    ])
    expect(harness.numLate).toBe(1)
  })
})

describe('early firing and allowed lateness', () => {
  test('early firing by delay says what changed since; the end says the rest', () => {
    const emit = { allowedLatenessMs: 0, earlyDelayMs: 100, lateDelayMs: null }
    const harness = harnessOf(nodeOf({ aggregates: [count], emit }))
    harness.push(['a', 1, 0, 0n], ['b', 1, 0, 0n])
    harness.advanceClock(99)
    expect(harness.take()).toEqual([])
    harness.advanceClock(100)
    expect(harness.take()).toEqual([
      ['+I', 'a', 1n, 0, 10],
      ['+I', 'b', 1n, 0, 10],
    ])
    harness.push(['a', 2, 0, 0n])
    harness.advanceClock(500)
    expect(harness.take()).toEqual([
      ['-U', 'a', 1n, 0, 10],
      ['+U', 'a', 2n, 0, 10],
    ])
    harness.watermark(9)
    expect(harness.take()).toEqual([])
  })

  test('late rows fire again at once, without −U where nobody needs it', () => {
    const emit = { allowedLatenessMs: 20, earlyDelayMs: null, lateDelayMs: null }
    const harness = harnessOf(nodeOf({ aggregates: [count], emit, updateBefore: false }))
    harness.push(['a', 1, 0, 0n])
    harness.watermark(28)
    harness.push(['a', 2, 0, 0n], ['b', 2, 0, 0n])
    harness.watermark(29)
    harness.push(['a', 3, 0, 0n])
    expect(harness.take()).toEqual([
      ['+I', 'a', 1n, 0, 10],
      ['+U', 'a', 2n, 0, 10],
      ['+I', 'b', 1n, 0, 10],
    ])
    expect(harness.numLate).toBe(1)
    expect(harness.gauges.get('stateRows')).toBe(0)
  })

  test('a late firing that waits for its delay is not lost with its window, nor in a restart', () => {
    const emit = { allowedLatenessMs: 20, earlyDelayMs: null, lateDelayMs: 1000 }
    const node = nodeOf({ aggregates: [count], emit, inputRetracts: true })
    const before = harnessOf(node)
    before.push(['a', 1, 0, 0n], ['b', 1, 0, 0n])
    before.watermark(15)
    before.push(['a', 2, 0, 0n], ['-D', 'b', 1, 0, 0n])
    expect(before.take()).toHaveLength(2)
    const after = harnessOf(node)
    after.restore([before.snapshot()])
    after.watermark(29)
    expect(after.take()).toEqual([
      ['-U', 'a', 1n, 0, 10],
      ['+U', 'a', 2n, 0, 10],
      ['-D', 'b', 1n, 0, 10],
    ])
  })
})

describe('processing-time windows', () => {
  const time: WindowAssignment = {
    kind: 'assign',
    window: { kind: 'tumble', sizeMs: 10, offsetMs: 0 },
    timeColumn: -1,
    attribute: 'proctime',
    localTimeZone: true,
  }

  test('fire by the clock, not by the watermark; what is left fires at the end of input', () => {
    const harness = harnessOf(nodeOf({ time, aggregates: [count] }))
    harness.now = 5
    harness.push(['a', null, 0, 0n])
    harness.watermark(1000)
    harness.now = 9
    harness.push(['a', null, 0, 0n])
    expect(harness.take()).toEqual([])
    harness.advanceClock(12)
    expect(harness.take()).toEqual([['+I', 'a', 2n, 0, 10]])
    harness.push(['a', null, 0, 0n])
    harness.operator.finish?.()
    expect(harness.take()).toEqual([['+I', 'a', 1n, 10, 20]])
    expect(harness.numLate).toBe(0)
  })

  test('ask for their timer again after a restore', () => {
    const node = nodeOf({ time, aggregates: [count] })
    const before = harnessOf(node)
    before.now = 3
    before.push(['a', null, 0, 0n])
    const after = harnessOf(node)
    after.now = 50
    after.restore([before.snapshot()])
    after.advanceClock(50)
    expect(after.take()).toEqual([['+I', 'a', 1n, 0, 10]])
  })
})

describe('windows over TIMESTAMP_LTZ', () => {
  const hour = 3_600_000
  const local = (text: string) => Date.parse(`${text}Z`)
  const ltz = (window: WindowSpec): WindowAssignment => ({
    kind: 'assign',
    window,
    timeColumn: 1,
    attribute: 'rowtime',
    localTimeZone: true,
  })

  test.each([
    ['America/New_York', '2024-03-10', '2024-03-10T05:00Z', 23],
    ['America/New_York', '2024-11-03', '2024-11-03T04:00Z', 25],
    ['Europe/Berlin', '2024-03-31', '2024-03-30T23:00Z', 23],
    ['Europe/Berlin', '2024-10-27', '2024-10-26T22:00Z', 25],
    ['Asia/Shanghai', '2024-03-10', '2024-03-09T16:00Z', 24],
  ])('a day in %s on %s begins at %s and has %d hours', (zone, day, begin, hours) => {
    const start = Date.parse(begin)
    const end = start + hours * hour
    const window: WindowSpec = { kind: 'tumble', sizeMs: 24 * hour, offsetMs: 0 }
    const harness = harnessOf(nodeOf({ time: ltz(window), aggregates: [count] }), 0, 1, zone)
    harness.push(['a', start - 1, 0, 0n], ['a', start, 0, 0n], ['a', end - 1, 0, 0n], ['a', end, 0, 0n])
    harness.watermark(end - 2)
    expect(harness.take()).toHaveLength(1)
    harness.watermark(end - 1)
    expect(harness.take()).toEqual([
      ['+I', 'a', 2n, local(`${day}T00:00`), local(`${day}T00:00`) + 24 * hour],
    ])
  })

  test('an hour that comes twice is one window, which fires after the second', () => {
    const window: WindowSpec = { kind: 'tumble', sizeMs: hour, offsetMs: 0 }
    const harness = harnessOf(nodeOf({ time: ltz(window), aggregates: [count] }), 0, 1, 'America/New_York')
    const first = Date.parse('2024-11-03T05:00Z')
    harness.push(['a', first, 0, 0n], ['a', first + hour, 0, 0n], ['a', first + 2 * hour, 0, 0n])
    harness.watermark(first + 2 * hour - 2)
    expect(harness.take()).toEqual([])
    harness.watermark(first + 2 * hour - 1)
    expect(harness.take()).toEqual([['+I', 'a', 2n, local('2024-11-03T01:00'), local('2024-11-03T02:00')]])
  })

  test('half an hour that comes twice is two runs of one window', () => {
    const window: WindowSpec = { kind: 'tumble', sizeMs: hour / 2, offsetMs: 0 }
    const harness = harnessOf(nodeOf({ time: ltz(window), aggregates: [count] }), 0, 1, 'Europe/Berlin')
    const first = Date.parse('2024-10-27T00:00Z')
    harness.push(['a', first, 0, 0n], ['a', first + hour / 2, 0, 0n], ['a', first + hour, 0, 0n])
    harness.watermark(first + 1.5 * hour - 2)
    expect(harness.take()).toEqual([])
    harness.watermark(first + 2 * hour - 1)
    expect(harness.take().map(row => row.slice(2, 4))).toEqual([
      [2n, local('2024-10-27T02:00')],
      [1n, local('2024-10-27T02:30')],
    ])
  })

  test('fire by the earlier instant in zones that change their clocks no more', () => {
    // Shanghai set its clocks back from 2:00 to 1:00 on 1991-09-15, for the last time.
    const window: WindowSpec = { kind: 'tumble', sizeMs: hour, offsetMs: 0 }
    const harness = harnessOf(nodeOf({ time: ltz(window), aggregates: [count] }), 0, 1, 'Asia/Shanghai')
    const first = Date.parse('1991-09-14T16:00Z')
    harness.push(['a', first, 0, 0n])
    harness.watermark(first + hour - 1)
    expect(harness.take()).toEqual([['+I', 'a', 1n, local('1991-09-15T01:00'), local('1991-09-15T02:00')]])
  })

  test('an hour that is skipped has no rows, and those around it fire in time', () => {
    const window: WindowSpec = { kind: 'hop', slideMs: hour, sizeMs: 2 * hour, offsetMs: 0 }
    const harness = harnessOf(nodeOf({ time: ltz(window), aggregates: [count] }), 0, 1, 'Europe/Berlin')
    const change = Date.parse('2024-03-31T01:00Z')
    harness.push(['a', change - 1, 0, 0n], ['a', change, 0, 0n])
    // 02:59:59.999 does not exist: the window up to 03:00 fires with the first instant after the gap.
    harness.watermark(change)
    expect(harness.take()).toEqual([
      ['+I', 'a', 1n, local('2024-03-31T00:00'), local('2024-03-31T02:00')],
      ['+I', 'a', 1n, local('2024-03-31T01:00'), local('2024-03-31T03:00')],
    ])
    harness.watermark(change + hour - 1)
    expect(harness.take()).toEqual([['+I', 'a', 1n, local('2024-03-31T02:00'), local('2024-03-31T04:00')]])
  })
})

describe('work', () => {
  /** How often times are looked up and queued until all windows of these rows have fired; and how many do. */
  function workOf(
    window: WindowSpec,
    rows: readonly number[],
    emit = finalOnly,
  ): { asked: number; fired: number } {
    const harness = harnessOf(nodeOf({ window, aggregates: [count], properties: ['end'], emit }))
    const counted = [
      vi.spyOn(TimeMap.prototype, 'get'),
      vi.spyOn(TimerQueue.prototype, 'add'),
      vi.spyOn(TimerQueue.prototype, 'between'),
    ]
    try {
      for (const time of rows) harness.push(['a', time, 0, 0n])
      harness.watermark(MAX_WATERMARK)
      return {
        asked: counted.reduce((sum, spy) => sum + spy.mock.calls.length, 0),
        fired: harness.take().length,
      }
    } finally {
      for (const spy of counted) spy.mockRestore()
    }
  }
  const late: EmitStrategy = { allowedLatenessMs: 1, earlyDelayMs: null, lateDelayMs: null }
  const everyStep = (count: number) => Array.from({ length: count }, (_, step) => step)
  const numWindows = 2000

  test.each([
    ['one row', [0]],
    ['a row in every step', everyStep(numWindows)],
    ['a row in every step, the last one first', everyStep(numWindows).reverse()],
  ])('CUMULATE, %s: as much as windows fire, not as steps could be', (_, rows) => {
    const window: WindowSpec = { kind: 'cumulate', stepMs: 1, sizeMs: numWindows, offsetMs: 0 }
    const { asked, fired } = workOf(window, rows)
    expect(fired).toBe(numWindows)
    expect(asked).toBeLessThan(10 * fired)
  })

  test('HOP: a row in all windows it is in, that are hardly filled', () => {
    const window: WindowSpec = { kind: 'hop', slideMs: 1, sizeMs: numWindows, offsetMs: 0 }
    for (const emit of [finalOnly, late]) {
      const { asked, fired } = workOf(window, [0, numWindows / 2], emit)
      expect(fired).toBe(numWindows * 1.5)
      expect(asked).toBeLessThan(10 * fired)
    }
  })
})

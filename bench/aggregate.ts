/**
 * Hash aggregation alone: GROUP BY over pre-built batches of 4,096 rows and 10,000 keys, through the operators.
 * Prints M rows/s, the median of several rounds. `node bench/aggregate.ts`, about ten seconds.
 */
import type { AggregateCall, WindowAggregateNode } from '../src/planner/plan-graph/plan-graph.ts'
import type { Operator, OperatorContext } from '../src/runtime/operators/operator.ts'
import { createWindowAggregateOperator } from '../src/runtime/operators/window-aggregate.ts'
import {
  type Batch,
  BatchBuilder,
  bigintType,
  type LogicalType,
  stringType,
  timestampType,
  writePlain,
} from '../src/types/index.ts'

const BATCHES = 256
const ROWS = 4096
const KEYS = 10_000
const ROUNDS = 7

const types: readonly LogicalType[] = [stringType(), bigintType(), timestampType(3), bigintType()]

function buildBatches(): Batch[] {
  let seed = 42
  const random = () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) | 0
    return (seed >>> 8) / 16777216
  }
  return Array.from({ length: BATCHES }, (_, b) => {
    const batch = new BatchBuilder(types, ROWS)
    for (let i = 0; i < ROWS; i++) {
      const key = Math.floor(random() * KEYS)
      const row = batch.addRow()
      writePlain(batch.columns[0]!, row, `10.0.${String(key).padStart(7, '0')}`)
      writePlain(batch.columns[1]!, row, BigInt(key) * 1_000_003n)
      writePlain(batch.columns[2]!, row, b * 10)
      writePlain(batch.columns[3]!, row, BigInt(i))
    }
    return batch
  })
}

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
const countDistinct: AggregateCall = { ...count, arguments: [1], distinct: true }

const context: OperatorContext = {
  output: { emit() {}, emitWatermark() {} },
  metrics: { lateRecordsDropped() {}, set() {} },
  subtask: 0,
  parallelism: 1,
  keyGroups: { first: 0, last: 127, max: 128 },
  timeZone: 'UTC',
  now: () => 0,
  requestTimer() {},
}

function createOperator(key: number, aggregates: readonly AggregateCall[]): Operator {
  const outputTypes = [types[key]!, ...aggregates.map(call => call.type), timestampType(3), timestampType(3)]
  const node: WindowAggregateNode = {
    kind: 'WindowAggregate',
    id: 'bench',
    label: 'bench',
    inputs: [],
    output: outputTypes.map((type, c) => ({ name: `c${c}`, type })),
    changes: { updateBefore: false, updateAfter: false, delete: false },
    parallelism: 1,
    time: {
      kind: 'assign',
      window: { kind: 'tumble', sizeMs: 3_600_000, offsetMs: 0 },
      timeColumn: 2,
      attribute: 'rowtime',
      localTimeZone: false,
    },
    keys: [key],
    aggregates,
    properties: ['start', 'end'],
    emit: { allowedLatenessMs: 0, earlyDelayMs: null, lateDelayMs: null },
    inputRetracts: false,
  }
  return createWindowAggregateOperator(node, types, context)
}

function measure(
  name: string,
  batches: readonly Batch[],
  key: number,
  aggregates: readonly AggregateCall[],
): void {
  const operator = createOperator(key, aggregates)
  const rates: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now()
    for (const batch of batches) operator.processBatch(batch, 0)
    rates.push((batches.length * ROWS) / (performance.now() - start) / 1000)
  }
  const steady = rates.slice(2).toSorted((a, b) => a - b)
  const median = steady[Math.floor(steady.length / 2)]!
  console.log(
    `${name.padEnd(44)} ${median.toFixed(1).padStart(6)} M rows/s  ${(1000 / median).toFixed(1)} ns/row`,
  )
}

const batches = buildBatches()
measure('COUNT(*) by BIGINT', batches, 1, [count])
measure('COUNT(*) by 12-byte STRING', batches, 0, [count])
measure('COUNT(*), SUM(BIGINT) by BIGINT', batches, 1, [count, sum])
measure('COUNT(*), SUM(BIGINT) by 12-byte STRING', batches, 0, [count, sum])
measure('COUNT(DISTINCT BIGINT) by 12-byte STRING', batches.slice(0, 64), 0, [countDistinct])

/** Hash aggregation alone: through the window operator, without anything before or behind it. */
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
import { type Contender, type ContenderBenchmark, scaled } from './harness.ts'

const BATCHES = 256
const ROWS = 4096
const KEYS = 10_000

const types: readonly LogicalType[] = [stringType(), bigintType(), timestampType(3), bigintType()]

function buildBatches(numBatches: number): Batch[] {
  let seed = 42
  const random = () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) | 0
    return (seed >>> 8) / 16777216
  }
  return Array.from({ length: numBatches }, (_, b) => {
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
    localPhase: false,
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

export const aggregate: ContenderBenchmark = {
  kind: 'contenders',
  name: 'aggregate',
  title: `GROUP BY over batches of ${ROWS} rows and ${KEYS} keys, through the operator`,
  contenders(scale) {
    const all = buildBatches(scaled(BATCHES, scale))
    const contender = (
      name: string,
      key: number,
      aggregates: readonly AggregateCall[],
      batches = all,
    ): Contender => {
      const operator = createOperator(key, aggregates)
      return {
        name,
        run() {
          for (const batch of batches) operator.processBatch(batch, 0)
          return batches.length * ROWS
        },
      }
    }
    return Promise.resolve({
      contenders: [
        contender('COUNT(*) by BIGINT', 1, [count]),
        contender('COUNT(*) by 12-byte STRING', 0, [count]),
        contender('COUNT(*), SUM(BIGINT) by BIGINT', 1, [count, sum]),
        contender('COUNT(*), SUM(BIGINT) by 12-byte STRING', 0, [count, sum]),
        contender('COUNT(DISTINCT) by 12-byte STRING', 0, [countDistinct], all.slice(0, 64)),
      ],
    })
  },
}

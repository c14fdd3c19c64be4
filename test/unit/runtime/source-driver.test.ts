import { expect, it } from 'vitest'
import type { SourceBatch } from '../../../src/connectors/contract/index.ts'
import { OperatorMetricGroup } from '../../../src/metrics/operator-metrics.ts'
import { ChainOutput } from '../../../src/runtime/task/chain-output.ts'
import { SourceDriver } from '../../../src/runtime/task/source-driver.ts'
import { SplitWatermarks } from '../../../src/runtime/task/split-watermarks.ts'
import { integerType } from '../../../src/types/index.ts'
import { toBatch } from '../../support/memory-connector.ts'

function drive(batches: SourceBatch[], restoredWatermark: number | null = null) {
  const seen: number[] = []
  const metrics = new OperatorMetricGroup()
  const output = new ChainOutput(metrics)
  output.addOperator({
    nodeId: 'end',
    metrics: new OperatorMetricGroup(),
    operator: { processBatch() {}, processWatermark: timestampMs => seen.push(timestampMs) },
  })
  const splits = [...new Set(batches.map(({ split }) => split))]
  const driver = new SourceDriver({
    nodeId: 'scan',
    reader: {
      poll: () => batches.shift() ?? null,
      ready: async () => {},
      finished: false,
      splits: () =>
        splits.map(split => ({
          split,
          caughtUp: false,
          neverHeldRecords: false,
          finished: false,
          lag: null,
        })),
      snapshot: () => [],
      close: async () => {},
    },
    kernel: { process: batch => batch, maxWatermark: Number.NEGATIVE_INFINITY },
    output,
    metrics,
    watermarks: new SplitWatermarks(0, () => 0),
    hasWatermark: false,
    restored:
      restoredWatermark === null
        ? null
        : {
            splits: [],
            watermarks: splits.map(split => ({ split, watermark: restoredWatermark })),
            watermark: restoredWatermark,
          },
  })
  return { driver, seen }
}

const batch = toBatch([integerType()], [[1]])

it('takes stated watermarks per split: one that is ahead does not make the others late', () => {
  const { driver, seen } = drive([
    { split: 'a', batch, watermark: 100 },
    { split: 'b', batch, watermark: 5 },
    { split: 'b', batch, watermark: 120 },
  ])
  while (driver.step());
  expect(seen).toEqual([5, 100])
})

it('emits the restored watermark before the first row', () => {
  const { driver, seen } = drive([{ split: 'a', batch }], 50)
  expect(driver.advance()).toBe(true)
  expect(driver.advance()).toBe(false)
  expect(seen).toEqual([50])
})

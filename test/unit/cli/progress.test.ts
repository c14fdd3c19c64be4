import { expect, it } from 'vitest'
import { ProgressMeter } from '../../../src/cli/progress.ts'
import type { JobMetrics, SourceStatus } from '../../../src/runtime/job/job-metrics.ts'

const source = (node: string, overrides: Partial<SourceStatus>): SourceStatus => ({
  node,
  label: node,
  subtask: 0,
  watermark: null,
  watermarkLag: null,
  sourceIdleTime: 0,
  heldBy: null,
  idle: false,
  pendingRecords: 0,
  ...overrides,
})

function read(sources: readonly SourceStatus[]) {
  const metrics: JobMetrics = {
    numRecordsIn: 0,
    numRecordsOut: 0,
    numLateRecordsDropped: 0,
    numRestarts: 0,
    uptime: 0,
    downtime: 0,
    busiestTask: null,
    operators: [],
    sources,
    tasks: [],
    checkpoints: null,
  }
  const { watermark, heldBy } = new ProgressMeter({
    name: 'j',
    status: 'RUNNING',
    metrics: () => metrics,
  }).read(0)
  return [watermark, heldBy]
}

it('names the split that holds the lowest watermark, of all sources', () => {
  expect(
    read([source('a', { watermark: 9000, heldBy: 'a-0' }), source('b', { watermark: 4000, heldBy: 'b-1' })]),
  ).toEqual(['1970-01-01T00:00:04.000Z', 'b-1'])
})

it('has no watermark while a split has none, and names it', () => {
  expect(read([source('a', { watermark: 9000, heldBy: 'a-0' }), source('b', { heldBy: 'b-1' })])).toEqual([
    null,
    'b-1',
  ])
})

it('leaves out sources that are idle or have no time', () => {
  expect(
    read([
      source('a', { watermark: 9000, heldBy: 'a-0' }),
      source('b', { watermark: 1000, idle: true }),
      source('c', {}),
    ]),
  ).toEqual(['1970-01-01T00:00:09.000Z', 'a-0'])
})

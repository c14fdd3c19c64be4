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

function read(sources: readonly SourceStatus[], busiestTask: JobMetrics['busiestTask'] = null) {
  const metrics: JobMetrics = {
    numRecordsIn: 0,
    numRecordsOut: 0,
    numLateRecordsDropped: 0,
    numRestarts: 0,
    uptime: 0,
    downtime: 0,
    busiestTask,
    operators: [],
    sources,
    tasks: [],
    checkpoints: null,
  }
  return new ProgressMeter({ name: 'j', status: 'RUNNING', metrics: () => metrics }).read(0)
}

function heldBy(sources: readonly SourceStatus[]) {
  const progress = read(sources)
  return [progress.watermark, progress.heldBy]
}

it('says which sink a task waits for, or what the task does itself', () => {
  const task = { label: 'Sink(s)', subtask: 0, waitsForSink: true, busyTimeMsPerSecond: 974 }
  expect(read([], task).busiest).toBe('waits for Sink(s) 97 %')
  expect(read([], { ...task, label: 'Scan(a)', waitsForSink: false }).busiest).toBe('Scan(a) 97 %')
})

it('names the split that holds the lowest watermark, of all sources', () => {
  expect(
    heldBy([
      source('a', { watermark: 9000, heldBy: 'a-0' }),
      source('b', { watermark: 4000, heldBy: 'b-1' }),
    ]),
  ).toEqual(['1970-01-01T00:00:04.000Z', 'b-1'])
})

it('has no watermark while a split has none, and names it', () => {
  expect(heldBy([source('a', { watermark: 9000, heldBy: 'a-0' }), source('b', { heldBy: 'b-1' })])).toEqual([
    null,
    'b-1',
  ])
})

it('leaves out sources that are idle or have no time', () => {
  expect(
    heldBy([
      source('a', { watermark: 9000, heldBy: 'a-0' }),
      source('b', { watermark: 1000, idle: true }),
      source('c', {}),
    ]),
  ).toEqual(['1970-01-01T00:00:09.000Z', 'a-0'])
})

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Logger } from '../../../src/logger/logger.ts'
import { DropLog } from '../../../src/runtime/job/drop-log.ts'

let lines: { message: string; count: unknown; total: unknown }[]
let late: number
let log: DropLog

const logger: Logger = {
  debug() {},
  info() {},
  warn: (message, fields) => lines.push({ message, count: fields?.['count'], total: fields?.['total'] }),
  error() {},
  child: () => logger,
}

beforeEach(() => {
  vi.useFakeTimers()
  lines = []
  late = 0
  log = new DropLog(logger, () => [
    { node: 'n1', label: 'Window', subtask: 0, values: { numLateRecordsDropped: late, numRecordsIn: 100 } },
    { node: 'n1', label: 'Window', subtask: 1, values: { numLateRecordsDropped: 1 } },
    { node: 'n2', label: 'Scan', subtask: 0, values: { numRecordsInErrors: 0 } },
  ])
})
afterEach(() => {
  log.close()
  vi.useRealTimers()
})

test('the first drop is said at once, later ones once a minute with their number', () => {
  vi.advanceTimersByTime(1000)
  expect(lines).toEqual([{ message: expect.stringContaining('late rows dropped'), count: 1, total: 1 }])
  late = 5
  vi.advanceTimersByTime(30_000)
  late = 7
  expect(lines).toHaveLength(1)
  vi.advanceTimersByTime(35_000)
  expect(lines.slice(1)).toEqual([{ message: lines[0]!.message, count: 7, total: 8 }])
  vi.advanceTimersByTime(300_000)
  expect(lines).toHaveLength(2)
})

test('what is not yet said at the end is said then', () => {
  vi.advanceTimersByTime(1000)
  late = 3
  log.close()
  expect(lines.map(line => line.count)).toEqual([1, 3])
})

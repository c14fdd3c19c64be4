/** What can be said of bench/flink without Kafka and Java: its files plan, its records are what its tables say. */
import { describe, expect, it, test } from 'vitest'
import type { Cost } from '../../../bench/flink/measured-process.ts'
import { parseOptions } from '../../../bench/flink/options.ts'
import { queries, sqlOf } from '../../../bench/flink/queries.ts'
import { ratiosOf, summarize } from '../../../bench/flink/results.ts'
import { silentLogger } from '../../../src/logger/logger.ts'
import { builtInConnectors, builtInFormats } from '../../../src/session/built-ins.ts'
import { Session } from '../../../src/session/session.ts'

const params: Readonly<Record<string, string>> = { BOOTSTRAP: 'x:1', SOURCE: 'in', SINK: 'out' }

test.each(queries)('$name plans', query => {
  const session = new Session({
    logger: silentLogger,
    findConnector: builtInConnectors,
    findFormat: builtInFormats,
    findParam: name => params[name],
  })
  const results = [...session.execute({ text: sqlOf(query), name: query.name })]
  expect(results.filter(({ kind }) => kind === 'job')).toHaveLength(1)
})

test.each(queries)('$name: records have the columns of the table, and their size', query => {
  const records = Array.from({ length: 1_000 }, (_, n) => query.record(n * 997))
  const columns = [
    ...sqlOf(query)
      .split(') WITH')[0]!
      .matchAll(/^ {2}`?([a-z_]+)`? [A-Z]+/gm),
  ].map(m => m[1]!)
  expect(columns.length).toBeGreaterThan(3)
  for (const record of records)
    expect(Object.keys(JSON.parse(record))).toEqual(expect.arrayContaining(columns))
  const meanBytes = records.reduce((sum, record) => sum + record.length, 0) / records.length
  expect(Math.abs(meanBytes - (query.name === 'ip-count' ? 165 : 200))).toBeLessThan(10)
})

test('every address has five records in a window, one bid in 123 passes', () => {
  const [ipCount, filter] = queries
  const ips = new Map<string, number>()
  for (let n = 0; n < 50_000; n++) {
    const { ip } = JSON.parse(ipCount!.record(n)) as { ip: string }
    ips.set(ip, (ips.get(ip) ?? 0) + 1)
  }
  expect([ips.size, ...new Set(ips.values())]).toEqual([10_000, 5])
  let passing = 0
  for (let n = 0; n < 123_000; n++)
    if ((JSON.parse(filter!.record(n)) as { auction: number }).auction % 123 === 0) passing++
  expect(Math.abs(passing - 1_000)).toBeLessThan(150)
})

describe('options', () => {
  it('take all by default', () => {
    expect(parseOptions([])).toMatchObject({ numRecords: 6_000_000, rounds: 3, queries, json: null })
  })

  it.each([
    ['--only', 'nothing'],
    ['--contenders', 'millrace,spark'],
    ['--records', '12'],
    ['--rounds', 'two'],
    ['--fast', 'yes'],
  ])('%s %s is refused', (option, value) => {
    expect(() => parseOptions([option, value])).toThrow(option)
  })
})

test('ratios are of the same round, and memory is better when it is less', () => {
  const cost = (cpuSeconds: number, peakBytes: number): Cost => ({
    cpuSeconds,
    wallSeconds: cpuSeconds,
    peakBytes,
  })
  const sizes = { numRecords: 300, numRecordsShort: 100 }
  const ours = [
    { short: cost(1, 5), long: cost(2, 10) },
    { short: cost(2, 5), long: cost(4, 10) },
  ]
  const theirs = [
    { short: cost(10, 50), long: cost(26, 60) },
    { short: cost(20, 50), long: cost(60, 60) },
  ]
  const results = [summarize('millrace', 'ours', ours, sizes), summarize('flink', 'theirs', theirs, sizes)]
  const [whole, warm, memory, ...others] = ratiosOf(queries[0]!, results, sizes)
  expect(others).toEqual([])
  expect(whole).toMatchObject({ median: 14, min: 13, max: 15, isReached: true })
  expect(warm).toMatchObject({ median: 18, min: 16, max: 20, isReached: true })
  expect(memory).toMatchObject({ median: 10 / 60, isReached: true })
})

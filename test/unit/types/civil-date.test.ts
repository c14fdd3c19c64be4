import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addMonthsToDays,
  dayOfMonth,
  dayOfYear,
  daysFromCivil,
  formatDate,
  formatTimestamp,
  isoDayOfWeek,
  isoWeek,
  isoWeekYear,
  MS_PER_DAY,
  monthOf,
  parseDate,
  parseInterval,
  parseTimestamp,
  readTimestamp,
  yearOf,
} from '../../../src/types/index.ts'

const day = fc.integer({ min: -719162, max: 2932896 })

describe('civil dates', () => {
  it('agree with Date from 0001 to 9999', () => {
    fc.assert(
      fc.property(day, epochDay => {
        const date = new Date(epochDay * MS_PER_DAY)
        expect([yearOf(epochDay), monthOf(epochDay), dayOfMonth(epochDay)]).toEqual([
          date.getUTCFullYear(),
          date.getUTCMonth() + 1,
          date.getUTCDate(),
        ])
        expect(daysFromCivil(yearOf(epochDay), monthOf(epochDay), dayOfMonth(epochDay))).toBe(epochDay)
        expect(isoDayOfWeek(epochDay) % 7).toBe(date.getUTCDay())
        expect(formatDate(epochDay)).toBe(date.toISOString().slice(0, 10))
        expect(parseDate(formatDate(epochDay))).toBe(epochDay)
      }),
    )
  })

  it.each([
    ['2021-01-03', 53, 2020],
    ['2021-01-04', 1, 2021],
    ['2024-12-30', 1, 2025],
    ['2020-12-31', 53, 2020],
  ])('%s is in ISO week %d of %d', (text, week, year) => {
    const epochDay = parseDate(text)!
    expect([isoWeek(epochDay), isoWeekYear(epochDay)]).toEqual([week, year])
  })

  it('adds months at the ends of months', () => {
    expect(formatDate(addMonthsToDays(parseDate('2024-01-31')!, 1))).toBe('2024-02-29')
    expect(formatDate(addMonthsToDays(parseDate('2024-03-31')!, -13))).toBe('2023-02-28')
    expect(dayOfYear(parseDate('2024-12-31')!)).toBe(366)
  })
})

describe('timestamp text', () => {
  it('is read from bytes as from text', () => {
    const anyText = fc.oneof(
      fc
        .tuple(day, fc.integer({ min: 0, max: MS_PER_DAY - 1 }), fc.constantFrom(0, 1, 3, 6, 9))
        .map(([d, ms, p]) => formatTimestamp(d * MS_PER_DAY + ms, 123456, p)),
      fc.constantFrom(
        '2024-02-30 00:00:00',
        '2024-01-01 24:00:00',
        '2024-01-01 00:00:0x',
        '2024-01-01 00:00:00.',
      ),
    )
    fc.assert(
      fc.property(anyText, text => {
        const bytes = Buffer.from(text)
        const cell = { nanos: 0 }
        const ms = readTimestamp(bytes, 0, bytes.length, cell)
        const plain = parseTimestamp(text)
        if (!Number.isNaN(ms)) expect([ms, cell.nanos]).toEqual(plain)
        else if (!text.endsWith('.')) expect(plain).toBeUndefined()
      }),
    )
  })
})

describe('intervals', () => {
  it.each([
    ['90', 'MINUTE', undefined, 5_400_000],
    ['1.5', 'SECOND', undefined, 1500],
    ['-1', 'DAY', undefined, -86_400_000],
    ['1 02:03:04.5', 'DAY', 'SECOND', 93_784_500],
    ['02:03', 'HOUR', 'MINUTE', 7_380_000],
    ['1-2', 'YEAR', 'MONTH', 14],
    ['2', 'QUARTER', undefined, 6],
    ['1', 'WEEK', undefined, 604_800_000],
    ['1-13', 'YEAR', 'MONTH', undefined],
    ['x', 'DAY', undefined, undefined],
  ] as const)('%j %s %s is %j', (text, start, end, expected) => {
    expect(parseInterval(text, start, end)).toBe(expected)
  })
})

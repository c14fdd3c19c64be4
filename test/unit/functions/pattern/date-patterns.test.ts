/** Conformance table: java.time.format.DateTimeFormatter, ResolverStyle.SMART, Locale.US. */
import { describe, expect, it } from 'vitest'
import { DatePrinter } from '../../../../src/functions/pattern/date-printer.ts'
import { DateReader } from '../../../../src/functions/pattern/date-reader.ts'
import {
  ByteSink,
  decodeUtf8,
  encodeUtf8,
  formatTimestamp,
  parseTimestamp,
} from '../../../../src/types/index.ts'

function print(pattern: string, text: string, offsetMs: number | null = null): string {
  const [ms, nanos] = parseTimestamp(text)!
  const out = new ByteSink()
  new DatePrinter(pattern).print(out, ms, nanos, offsetMs)
  return decodeUtf8(out.bytes, 0, out.length)
}

function read(pattern: string, text: string): string | null {
  const reader = new DateReader(pattern)
  const bytes = encodeUtf8(text)
  const ms = reader.read(bytes, 0, bytes.length)
  return Number.isNaN(ms) ? null : formatTimestamp(ms, reader.nanos, 9)
}

const AT = '2024-03-05 07:08:09.012345678'

describe('printing by Java patterns', () => {
  it.each([
    ['yyyy-MM-dd HH:mm:ss.SSSSSSSSS', '2024-03-05 07:08:09.012345678'],
    ['y/M/d H:m:s', '2024/3/5 7:8:9'],
    ['yy', '24'],
    ['yyyyy', '02024'],
    ['SSS S', '012 0'],
    ['MMM MMMM MMMMM', 'Mar March M'],
    ['E EEEE EEEEE', 'Tue Tuesday T'],
    ['DDD Q', '065 1'],
    ["hh 'o''clock' a", "07 o'clock AM"],
    ['K k', '7 7'],
    ["''yy", "'24"],
    ['uuuuMMdd[HH]', '2024030507'],
    ['G', 'AD'],
    ['n', '12345678'],
  ])('%s', (pattern, expected) => {
    expect(print(pattern, AT)).toBe(expected)
  })

  it('prints noon, midnight and offsets', () => {
    expect(print('h a K k H', '2024-01-01 00:00:00')).toBe('12 AM 0 24 0')
    expect(print('h a', '2024-01-01 12:00:00')).toBe('12 PM')
    expect(print('X XX XXX x Z', AT, 5.5 * 3600000)).toBe('+0530 +0530 +05:30 +0530 +0530')
    expect(print('X x', AT, 0)).toBe('Z +00')
    expect(() => print('X', AT)).toThrow(/has a zone/)
  })

  it.each(['w', 'Y', 'z', 'hhh', 'SSSSSSSSSS', "'open", 'a]', '{'])('refuses %s', pattern => {
    expect(() => new DatePrinter(pattern)).toThrow(expect.objectContaining({ code: 'MR_EXPR_ARGUMENT' }))
  })
})

describe('reading by Java patterns', () => {
  it.each([
    ['yyyy-MM-dd', '2024-03-05', '2024-03-05 00:00:00.000000000'],
    ['yyyyMMddHHmmss', '20240305070809', '2024-03-05 07:08:09.000000000'],
    ['yyyyMMddHHmmssSSS', '20240305070809012', '2024-03-05 07:08:09.012000000'],
    ['d/M/yy', '5/3/24', '2024-03-05 00:00:00.000000000'],
    ['MMM d, yyyy h:mm a', 'Mar 5, 2024 12:08 PM', '2024-03-05 12:08:00.000000000'],
    ['MMMM d yyyy', 'March 5 2024', '2024-03-05 00:00:00.000000000'],
    ["yyyy-MM-dd'T'HH:mm:ss[.SSS]X", '2024-03-05T07:08:09Z', '2024-03-05 07:08:09.000000000'],
    ["yyyy-MM-dd'T'HH:mm:ss[.SSS]X", '2024-03-05T07:08:09.012+01', '2024-03-05 07:08:09.012000000'],
    ['yyyy-DDD', '2024-065', '2024-03-05 00:00:00.000000000'],
    ['HH:mm', '07:08', '1970-01-01 07:08:00.000000000'],
    ['yyyy-MM-dd', '2024-02-31', '2024-02-29 00:00:00.000000000'],
    ['EEE yyyy-MM-dd', 'Tue 2024-03-05', '2024-03-05 00:00:00.000000000'],
    ['yyyy-MM-dd', '2024-3-5', null],
    ['yyyy-MM-dd', '2024-13-05', null],
    ['yyyy-MM-dd', '2024-03-05 ', null],
    ['yyyy-MM-dd', '24-03-05', null],
    ['HH:mm', '24:00', null],
    ['EEE yyyy-MM-dd', 'Mon 2024-03-05', null],
    ['h:mm a', '13:00 PM', null],
    ['MMM', 'mar', null],
    ['yyyy', '', null],
  ])('%s of %j', (pattern, text, expected) => {
    expect(read(pattern, text)).toBe(expected)
  })
})

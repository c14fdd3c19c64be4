/** Values of casts, as Flink 2.1 gives them. */
import { describe, expect, it } from 'vitest'
import { bindSql } from '../../../support/expressions/bind-sql.ts'
import { runOne, show, testEnvironment } from '../../../support/expressions/run-kernel.ts'

const berlin = { ...testEnvironment, timeZone: 'Europe/Berlin' }

describe('CAST', () => {
  it.each([
    ["CAST('12.7' AS INT)", '12'],
    ["CAST(' 5 ' AS BIGINT)", '5n'],
    ["CAST('-9223372036854775808' AS BIGINT)", '-9223372036854775808n'],
    ['CAST(300 AS TINYINT)', '44'],
    ['CAST(1e20 AS INT)', '2147483647'],
    ["CAST(CAST('NaN' AS DOUBLE) AS BIGINT)", '0n'],
    ['CAST(-1.5 AS INT)', '-1'],
    ['CAST(123.456 AS DECIMAL(4, 1))', '1235n'],
    ['CAST(99999 AS DECIMAL(4, 1))', 'null'],
    ["CAST('1e2' AS DECIMAL(5, 1))", '1000n'],
    ['CAST(TRUE AS INT)', '1'],
    ['CAST(2 AS BOOLEAN)', 'true'],
    ["CAST('Yes' AS BOOLEAN)", 'true'],
    ['CAST(FALSE AS STRING)', '"FALSE"'],
    ['CAST(1e10 AS STRING)', '"1.0E10"'],
    ['CAST(0.1e0 AS STRING)', '"0.1"'],
    ['CAST(CAST(0.1e0 AS FLOAT) AS STRING)', '"0.1"'],
    ['CAST(1.50 AS STRING)', '"1.50"'],
    ["CAST('abcdef' AS CHAR(3))", '"abc"'],
    ["CAST('a' AS CHAR(3))", '"a  "'],
    ["CAST('2024-2-9' AS DATE)", '19762'],
    ["CAST('2024-02-09 10:11:12' AS DATE)", '19762'],
    ["CAST('10:11' AS TIME)", '36660000'],
    ["CAST(TIMESTAMP '2024-01-01 10:11:12.345' AS TIME)", '36672000'],
    ["CAST(CAST('2024-01-01 10:11:12.3456' AS TIMESTAMP(3)) AS STRING)", '"2024-01-01 10:11:12.345"'],
    ["CAST(CAST('2024-1-1' AS TIMESTAMP(3)) AS STRING)", '"2024-01-01 00:00:00.000"'],
    ["CAST(INTERVAL '1-2' YEAR TO MONTH AS STRING)", '"+1-02"'],
    ["CAST(INTERVAL '1 02:03:04.5' DAY TO SECOND AS STRING)", '"+1 02:03:04.500"'],
    ['CAST(ARRAY[1, NULL] AS STRING)', '"[1, NULL]"'],
    ["CAST(MAP['a', 1] AS STRING)", '"{a=1}"'],
    ["CAST(X'6162' AS STRING)", '"ab"'],
    ["CAST('ab' AS BYTES)", "x'6162'"],
    ["TRY_CAST('x' AS INT)", 'null'],
    ["TRY_CAST('2024-02-30' AS DATE)", 'null'],
    ["TRY_CAST('2024-01-01T00:00:00' AS TIMESTAMP(3))", 'null'],
  ])('%s is %s', (sql, expected) => {
    expect(show(runOne(bindSql(sql)))).toBe(expected)
  })

  it.each([
    // The gap of 2024-03-31 moves forward, the overlap of 2024-10-27 is its first hour.
    ["CAST(TIMESTAMP '2024-03-31 02:30:00' AS TIMESTAMP_LTZ(3))", '1711848600000'],
    ["CAST(TIMESTAMP '2024-10-27 02:30:00' AS TIMESTAMP_LTZ(3))", '1729989000000'],
    ["CAST(CAST('2024-07-01 12:00:00' AS TIMESTAMP_LTZ(3)) AS STRING)", '"2024-07-01 12:00:00.000"'],
    ["CAST(TIMESTAMP_LTZ '2024-12-31 23:30:00.000' AS DATE)", '20089'],
  ])('in Europe/Berlin %s is %s', (sql, expected) => {
    expect(show(runOne(bindSql(sql), berlin))).toBe(expected)
  })

  it.each([
    ["CAST('x' AS INT)", "cannot cast 'x' to INT"],
    ["CAST('128' AS TINYINT)", "cannot cast '128' to TINYINT"],
    ["CAST('2024-13-01' AS DATE)", "cannot cast '2024-13-01' to DATE"],
    ["CAST('' AS DOUBLE)", "cannot cast '' to DOUBLE"],
    ["CAST('maybe' AS BOOLEAN)", "cannot cast 'maybe' to BOOLEAN"],
  ])('%s fails', (sql, message) => {
    expect(() => runOne(bindSql(sql))).toThrow(
      expect.objectContaining({ code: 'MR_EXPR_CAST', family: 'runtime', message }),
    )
  })
})

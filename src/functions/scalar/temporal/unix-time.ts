/** FROM_UNIXTIME, UNIX_TIMESTAMP, CONVERT_TZ: texts and epoch seconds, in the session zone. */
import { timeZoneOf } from '../../../types/index.ts'
import type { ScalarSpec } from '../../function-spec.ts'
import { printTime } from './date-format.ts'
import { sessionZone } from './local-time.ts'
import { readTime } from './to-timestamp.ts'

const DEFAULT_PATTERN = 'yyyy-MM-dd HH:mm:ss'

export const fromUnixtime: ScalarSpec = {
  names: ['FROM_UNIXTIME'],
  signatures: ['(BIGINT) -> STRING', '(BIGINT, STRING) -> STRING'],
  nulls: 'propagate',
  naive: ([seconds, pattern], call) => {
    const ms = Number(seconds) * 1000
    const offset = sessionZone(call).offsetAt(ms)
    return printTime((pattern as string | undefined) ?? DEFAULT_PATTERN, ms + offset, 0, offset)
  },
  doc: "Epoch seconds as text in the session zone, by a Java date pattern ('yyyy-MM-dd HH:mm:ss' when left out).",
  examples: [
    { sql: 'FROM_UNIXTIME(44)', result: "'1970-01-01 00:00:44'" },
    { sql: "FROM_UNIXTIME(1710074096, 'HH:mm X')", result: "'12:34 Z'" },
  ],
}

/** What Flink gives for a text that does not fit. */
const UNREADABLE = -9223372036854775808n

export const unixTimestamp: ScalarSpec = {
  names: ['UNIX_TIMESTAMP'],
  signatures: ['() -> BIGINT', '(STRING) -> BIGINT', '(STRING, STRING) -> BIGINT'],
  nulls: 'propagate',
  // The form without arguments reads the clock.
  deterministic: false,
  naive: ([text, pattern], call) => {
    if (text === undefined) return BigInt(Math.floor(call.environment.now() / 1000))
    const local = readTime(text as string, (pattern as string | undefined) ?? DEFAULT_PATTERN)
    if (Number.isNaN(local)) return UNREADABLE
    return BigInt(Math.floor(sessionZone(call).toUtc(local) / 1000))
  },
  doc: 'Epoch seconds of a text in the session zone; the smallest BIGINT for a text that does not fit, as in Flink. UNIX_TIMESTAMP() is the current time.',
  examples: [
    { sql: 'UNIX_TIMESTAMP()', result: 'CAST(1710074096 AS BIGINT)' },
    { sql: "UNIX_TIMESTAMP('1970-01-01 00:00:44')", result: 'CAST(44 AS BIGINT)' },
    { sql: "UNIX_TIMESTAMP('01.02.1970', 'dd.MM.yyyy')", result: 'CAST(2678400 AS BIGINT)' },
  ],
}

export const convertTz: ScalarSpec = {
  names: ['CONVERT_TZ'],
  signatures: ['(STRING, STRING, STRING) -> STRING'],
  nulls: 'propagate',
  nullability: 'always',
  naive: ([text, from, to]) => {
    const local = readTime(text as string, DEFAULT_PATTERN)
    if (Number.isNaN(local)) return null
    const instant = timeZoneOf(from as string).toUtc(local)
    return printTime(DEFAULT_PATTERN, timeZoneOf(to as string).toLocal(instant), 0, null)
  },
  doc: 'A local time text of one zone as the local time text of another.',
  examples: [
    {
      sql: "CONVERT_TZ('1970-01-01 00:00:00', 'UTC', 'America/Los_Angeles')",
      result: "'1969-12-31 16:00:00'",
    },
    { sql: "CONVERT_TZ('x', 'UTC', 'UTC')", result: 'CAST(NULL AS STRING)' },
  ],
}

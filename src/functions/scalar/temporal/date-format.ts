/** DATE_FORMAT(time, pattern): Java patterns (pattern/java-date-pattern.ts). */
import {
  ByteSink,
  decodeUtf8,
  instantOf,
  parseTimestamp,
  storageOf,
  type TimeZone,
} from '../../../types/index.ts'
import { type CallContext, kernel, type ScalarSpec } from '../../function-spec.ts'
import { DatePrinter } from '../../pattern/date-printer.ts'
import { constantText, remembered } from '../../pattern/pattern-cache.ts'
import { localPlain, sessionZone } from './local-time.ts'

const printerOf = remembered(pattern => new DatePrinter(pattern))
const scratch = new ByteSink()

/** Text by a Java pattern. `offsetMs` is null where the time has no zone. */
export function printTime(pattern: string, localMs: number, nanos: number, offsetMs: number | null): string {
  scratch.length = 0
  printerOf(pattern).print(scratch, localMs, nanos, offsetMs)
  return decodeUtf8(scratch.bytes, 0, scratch.length)
}

function implement(call: CallContext) {
  const pattern = constantText(call, 1)
  const type = call.argumentTypes[0]!
  if (pattern === undefined || storageOf(type) !== 'f64') return undefined
  return kernel('sink', () => {
    const zone: TimeZone | null = type.kind === 'TIMESTAMP_LTZ' ? sessionZone(call) : null
    const printer = remembered(() => new DatePrinter(pattern))
    return (ms: number, _b: Uint8Array, _s: number, _e: number, out: ByteSink) => {
      const offset = zone === null ? null : zone.offsetAt(ms)
      printer('').print(out, ms + (offset ?? 0), 0, offset)
    }
  })
}

export const dateFormat: ScalarSpec = {
  names: ['DATE_FORMAT'],
  signatures: ['(timestamp, STRING) -> STRING', '(STRING, STRING) -> STRING'],
  nulls: 'propagate',
  nullability: args => args.some(arg => arg.type.nullable) || args[0]!.type.kind.endsWith('CHAR'),
  implement,
  naive: ([value, pattern], call) => {
    const type = call.argumentTypes[0]!
    if (typeof value === 'string') {
      const instant = parseTimestamp(value)
      return instant === undefined ? null : printTime(pattern as string, instant[0], instant[1], null)
    }
    const zone = sessionZone(call)
    const [local, nanos] = localPlain(value!, type, zone)
    const offset = type.kind === 'TIMESTAMP_LTZ' ? local - instantOf(value!)[0] : null
    return printTime(pattern as string, local, nanos, offset)
  },
  doc: 'The time as text by a Java date pattern. A text in the form of a timestamp is taken as one.',
  examples: [
    {
      sql: "DATE_FORMAT(TIMESTAMP '2024-03-10 12:34:56.789', 'yyyy-MM-dd HH:mm:ss.SSS')",
      result: "'2024-03-10 12:34:56.789'",
    },
    {
      sql: "DATE_FORMAT(TIMESTAMP '2024-03-10 02:04:05', 'yy/M/d h:m a, EEE dd MMM')",
      result: "'24/3/10 2:4 AM, Sun 10 Mar'",
    },
    {
      sql: "DATE_FORMAT(TIMESTAMP '2024-03-10 12:34:56.123456', 'yyyyMMdd''T''HHmmss SSSSSS')",
      result: "'20240310T123456 123456'",
    },
    { sql: "DATE_FORMAT('2024-03-10 12:34:56', 'yyyy-MM')", result: "'2024-03'" },
  ],
}

/** CAST(x AS STRING) of any plain value. */
import {
  decimalToString,
  decodeUtf8,
  doubleToString,
  formatDate,
  formatDayTime,
  formatMonths,
  formatTime,
  formatTimestamp,
  instantOf,
  type LogicalType,
  type PlainValue,
  type TimeZone,
} from '../../types/index.ts'

/** `zone` is the session's, for TIMESTAMP_LTZ. */
export function plainToText(value: PlainValue, type: LogicalType, zone: TimeZone): string {
  if (value === null) return 'NULL'
  const nested = (part: PlainValue, partType: LogicalType): string => plainToText(part, partType, zone)
  switch (type.kind) {
    case 'BOOLEAN':
      return value === true ? 'TRUE' : 'FALSE'
    case 'DECIMAL':
      return decimalToString(value as bigint, type.scale)
    case 'FLOAT':
      return doubleToString(value as number, true)
    case 'DOUBLE':
      return doubleToString(value as number)
    case 'BINARY':
    case 'VARBINARY':
      return decodeUtf8(value as Uint8Array, 0, (value as Uint8Array).length)
    case 'DATE':
      return formatDate(value as number)
    case 'TIME':
      return formatTime(value as number, 0, type.precision)
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ': {
      const [ms, nanos] = instantOf(value)
      return formatTimestamp(type.kind === 'TIMESTAMP' ? ms : zone.toLocal(ms), nanos, type.precision)
    }
    case 'INTERVAL_YEAR_MONTH':
      return formatMonths(value as number)
    case 'INTERVAL_DAY_TIME':
      return formatDayTime(value as number)
    case 'ARRAY':
      return `[${(value as readonly PlainValue[]).map(item => nested(item, type.element)).join(', ')}]`
    case 'ROW':
      return `(${(value as readonly PlainValue[]).map((item, i) => nested(item, type.fields[i]!.type)).join(', ')})`
    case 'MAP': {
      const entries = [...(value as ReadonlyMap<PlainValue, PlainValue>)]
      return `{${entries.map(([key, item]) => `${nested(key, type.key)}=${nested(item, type.value)}`).join(', ')}}`
    }
    case 'MULTISET': {
      const entries = [...(value as ReadonlyMap<PlainValue, PlainValue>)]
      return `{${entries.map(([item, count]) => `${nested(item, type.element)}=${String(count)}`).join(', ')}}`
    }
    default:
      return String(value)
  }
}

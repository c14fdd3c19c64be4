/** A change as Flink's print sink writes it: `+I[1, abc, 2020-01-01T00:00, null]`. */
import {
  type Batch,
  dateText,
  decimalToString,
  doubleToString,
  type LogicalType,
  type PlainValue,
  readPlain,
  rowKindNames,
  timestampText,
  timeText,
} from '../../types/index.ts'

/** java.time's `toString`: no seconds when everything below minutes is zero, fractions in groups of three digits. */
function javaTime(text: string, keepSeconds: boolean): string {
  const [clock = '', fraction] = text.split('.')
  if (fraction === undefined) return !keepSeconds && clock.endsWith(':00') ? clock.slice(0, -3) : clock
  return `${clock}.${fraction.padEnd(Math.ceil(fraction.length / 3) * 3, '0')}`
}

const listText = (items: Iterable<string>): string => [...items].join(', ')

/** Java's `toString` of a value of the type, as Row.toString shows it. */
export function valueText(value: PlainValue, type: LogicalType): string {
  if (value === null) return 'null'
  switch (type.kind) {
    case 'FLOAT':
    case 'DOUBLE':
      return doubleToString(value as number, type.kind === 'FLOAT')
    case 'DECIMAL':
      return decimalToString(value as bigint, type.scale)
    case 'BINARY':
    case 'VARBINARY':
      return `[${listText([...(value as Uint8Array)].map(byte => String((byte << 24) >> 24)))}]`
    case 'DATE':
      return dateText(value as number)
    case 'TIME':
      return javaTime(timeText(value as number), false)
    case 'TIMESTAMP':
      return javaTime(timestampText(value, 'T'), false)
    case 'TIMESTAMP_LTZ':
      return `${javaTime(timestampText(value, 'T'), true)}Z`
    case 'ARRAY':
      return `[${listText((value as readonly PlainValue[]).map(item => valueText(item, type.element)))}]`
    case 'MAP':
    case 'MULTISET': {
      const keyType = type.kind === 'MAP' ? type.key : type.element
      const itemType: LogicalType = type.kind === 'MAP' ? type.value : { kind: 'INTEGER', nullable: false }
      const entries = [...(value as ReadonlyMap<PlainValue, PlainValue>)]
      return `{${listText(entries.map(([key, item]) => `${valueText(key, keyType)}=${valueText(item, itemType)}`))}}`
    }
    case 'ROW':
      return `+I[${listText(type.fields.map((field, i) => valueText((value as readonly PlainValue[])[i] ?? null, field.type)))}]`
    default:
      return String(value)
  }
}

/** One line without its end. */
export function changeText(batch: Batch, row: number, types: readonly LogicalType[]): string {
  const kind = rowKindNames[batch.kinds?.[row] ?? 0]!
  return `${kind}[${listText(types.map((type, c) => valueText(readPlain(batch.columns[c]!, row, type), type)))}]`
}

import { assertNever } from '../../errors/index.ts'
import type { IntervalQualifier, TypeField, TypeName } from '../ast/index.ts'
import { listed, parenthesized, printIdentifier, printName, printString, spaced } from './words.ts'

/** `DECIMAL(10, 2) NOT NULL` */
export function printType(type: TypeName): string {
  return type.nullable ? printBase(type) : `${printBase(type)} NOT NULL`
}

const sized = (name: string, ...sizes: readonly (number | undefined)[]): string => {
  const given = sizes.filter(size => size !== undefined)
  return given.length === 0 ? name : `${name}(${given.join(', ')})`
}

function printBase(type: TypeName): string {
  switch (type.kind) {
    case 'SimpleType':
      return type.name
    case 'CharacterType':
    case 'BinaryType':
      return sized(type.name, type.length)
    case 'DecimalType':
      return sized('DECIMAL', type.precision, type.scale)
    case 'TimeType':
      return sized('TIME', type.precision)
    case 'TimestampType':
      if (type.zone === 'local') return sized('TIMESTAMP_LTZ', type.precision)
      return spaced(sized('TIMESTAMP', type.precision), type.zone === 'with' && 'WITH TIME ZONE')
    case 'IntervalType':
      return `INTERVAL ${printQualifier(type.qualifier)}`
    case 'ArrayType':
      return `ARRAY<${printType(type.element)}>`
    case 'MultisetType':
      return `MULTISET<${printType(type.element)}>`
    case 'MapType':
      return `MAP<${printType(type.key)}, ${printType(type.value)}>`
    case 'RowType':
      return `ROW<${listed(type.fields, printField)}>`
    case 'StructuredType':
      return `STRUCTURED<${[printString(type.className), ...type.fields.map(printField)].join(', ')}>`
    case 'RawType':
      return `RAW${parenthesized([type.className, type.serializer], printString)}`
    case 'NamedType':
      return printName(type.name)
    default:
      return assertNever(type, 'type')
  }
}

const printField = ({ name, type, comment }: TypeField) =>
  spaced(printIdentifier(name), printType(type), comment && printString(comment))

/** `DAY(3) TO SECOND(6)` */
export function printQualifier(qualifier: IntervalQualifier): string {
  const { start, end, precision, fractionalPrecision } = qualifier
  if (end === undefined) return sized(start, precision, fractionalPrecision)
  return `${sized(start, precision)} TO ${sized(end, fractionalPrecision)}`
}

import { assertNever } from '../../errors/index.ts'
import type { TypeName } from '../../parser/index.ts'
import * as t from '../../types/index.ts'
import { bindError, unsupported } from './bind-error.ts'

/**
 * The type a type name means, with the defaults of Flink's FlinkTypeSystem: CHAR(1), VARCHAR and VARBINARY without
 * limit, DECIMAL(10, 0), TIME(0), TIMESTAMP(6).
 */
export function bindType(name: TypeName): t.LogicalType {
  const { nullable } = name
  switch (name.kind) {
    case 'SimpleType':
      return simpleType(name)
    case 'CharacterType':
      if (name.name === 'STRING') return t.stringType(nullable)
      checkRange(name, 'length', name.length, 1, t.MAX_LENGTH)
      return name.name === 'CHAR'
        ? t.charType(name.length ?? 1, nullable)
        : t.varcharType(name.length ?? t.MAX_LENGTH, nullable)
    case 'BinaryType':
      if (name.name === 'BYTES') return t.bytesType(nullable)
      checkRange(name, 'length', name.length, 1, t.MAX_LENGTH)
      return name.name === 'BINARY'
        ? t.binaryType(name.length ?? 1, nullable)
        : t.varbinaryType(name.length ?? t.MAX_LENGTH, nullable)
    case 'DecimalType': {
      const precision = name.precision ?? 10
      checkRange(name, 'precision', precision, 1, 38)
      checkRange(name, 'scale', name.scale, 0, precision)
      return t.decimalType(precision, name.scale ?? 0, nullable)
    }
    case 'TimeType':
      checkRange(name, 'precision', name.precision, 0, 9)
      return t.timeType(name.precision ?? 0, nullable)
    case 'TimestampType':
      checkRange(name, 'precision', name.precision, 0, 9)
      if (name.zone === 'with') {
        throw unsupported(
          'TIMESTAMP WITH TIME ZONE is not a type of Flink SQL',
          name.position,
          'use TIMESTAMP_LTZ(3)',
        )
      }
      return name.zone === 'local'
        ? t.timestampLtzType(name.precision ?? 6, nullable)
        : t.timestampType(name.precision ?? 6, nullable)
    case 'IntervalType': {
      const { start } = name.qualifier
      return start === 'YEAR' || start === 'MONTH' || start === 'QUARTER'
        ? t.yearMonthType(nullable)
        : t.dayTimeType(nullable)
    }
    case 'ArrayType':
      return t.arrayType(bindType(name.element), nullable)
    case 'MultisetType':
      return t.multisetType(bindType(name.element), nullable)
    case 'MapType':
      return t.mapType(bindType(name.key), bindType(name.value), nullable)
    case 'RowType':
      return t.rowType(
        name.fields.map(f => ({ name: f.name.name, type: bindType(f.type) })),
        nullable,
      )
    case 'StructuredType':
      throw unsupported('STRUCTURED types are not supported', name.position, 'use ROW<field type, …>')
    case 'RawType':
      throw unsupported('RAW types exist on the JVM only', name.position, 'use BYTES')
    case 'NamedType':
      throw bindError(
        'MR_BIND_UNKNOWN_TYPE',
        `there is no type '${name.name.map(part => part.name).join('.')}'`,
        name.position,
        { hint: 'for example INT, BIGINT, STRING, DECIMAL(10, 2), TIMESTAMP(3), ROW<a INT>' },
      )
    default:
      return assertNever(name, 'type name')
  }
}

function simpleType(name: TypeName & { readonly kind: 'SimpleType' }): t.LogicalType {
  const { nullable } = name
  switch (name.name) {
    case 'BOOLEAN':
      return t.booleanType(nullable)
    case 'TINYINT':
      return t.tinyintType(nullable)
    case 'SMALLINT':
      return t.smallintType(nullable)
    case 'INT':
      return t.integerType(nullable)
    case 'BIGINT':
      return t.bigintType(nullable)
    case 'FLOAT':
      return t.floatType(nullable)
    case 'DOUBLE':
      return t.doubleType(nullable)
    case 'DATE':
      return t.dateType(nullable)
    case 'NULL':
      return t.nullType
    case 'VARIANT':
    case 'BITMAP':
      throw unsupported(`the type ${name.name} is not supported yet`, name.position, 'use STRING or BYTES')
    default:
      return assertNever(name.name, 'type word')
  }
}

function checkRange(
  name: TypeName,
  what: string,
  value: number | undefined,
  low: number,
  high: number,
): void {
  if (value === undefined || (value >= low && value <= high)) return
  throw bindError('MR_BIND_TYPE_RANGE', `the ${what} ${value} of the type is out of range`, name.position, {
    expected: [`${low} to ${high}`],
  })
}

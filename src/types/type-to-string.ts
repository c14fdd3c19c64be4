/** The text of a type as Flink's `asSummaryString` writes it: `STRING`, `DECIMAL(10, 2) NOT NULL`, `ROW<`a` INT>`. */
import { assertNever } from '../errors/index.ts'
import { type LogicalType, MAX_LENGTH } from './logical-type.ts'

function nameOf(type: LogicalType): string {
  switch (type.kind) {
    case 'BOOLEAN':
    case 'TINYINT':
    case 'SMALLINT':
    case 'BIGINT':
    case 'FLOAT':
    case 'DOUBLE':
    case 'DATE':
    case 'NULL':
      return type.kind
    case 'INTEGER':
      return 'INT'
    case 'DECIMAL':
      return `DECIMAL(${type.precision}, ${type.scale})`
    case 'CHAR':
    case 'BINARY':
      return `${type.kind}(${type.length})`
    case 'VARCHAR':
      return type.length === MAX_LENGTH ? 'STRING' : `VARCHAR(${type.length})`
    case 'VARBINARY':
      return type.length === MAX_LENGTH ? 'BYTES' : `VARBINARY(${type.length})`
    case 'TIME':
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      return `${type.kind}(${type.precision})`
    case 'INTERVAL_YEAR_MONTH':
      return 'INTERVAL YEAR(4) TO MONTH'
    case 'INTERVAL_DAY_TIME':
      return 'INTERVAL DAY(3) TO SECOND(3)'
    case 'ARRAY':
    case 'MULTISET':
      return `${type.kind}<${typeToString(type.element)}>`
    case 'MAP':
      return `MAP<${typeToString(type.key)}, ${typeToString(type.value)}>`
    case 'ROW':
      return `ROW<${type.fields.map(f => `\`${f.name.replaceAll('`', '``')}\` ${typeToString(f.type)}`).join(', ')}>`
    default:
      return assertNever(type, 'type')
  }
}

export const typeToString = (type: LogicalType): string =>
  type.nullable ? nameOf(type) : `${nameOf(type)} NOT NULL`

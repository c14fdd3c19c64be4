/** SQL types as plain JSON-safe data. One closed union; constructors below it. Nullable unless said otherwise. */
export type LogicalType =
  | { readonly kind: 'BOOLEAN'; readonly nullable: boolean }
  | { readonly kind: 'TINYINT'; readonly nullable: boolean }
  | { readonly kind: 'SMALLINT'; readonly nullable: boolean }
  | { readonly kind: 'INTEGER'; readonly nullable: boolean }
  | { readonly kind: 'BIGINT'; readonly nullable: boolean }
  | { readonly kind: 'FLOAT'; readonly nullable: boolean }
  | { readonly kind: 'DOUBLE'; readonly nullable: boolean }
  | {
      readonly kind: 'DECIMAL'
      readonly nullable: boolean
      readonly precision: number
      readonly scale: number
    }
  | { readonly kind: 'CHAR'; readonly nullable: boolean; readonly length: number }
  /** STRING is VARCHAR with `length` = MAX_LENGTH. Lengths count code points. */
  | { readonly kind: 'VARCHAR'; readonly nullable: boolean; readonly length: number }
  | { readonly kind: 'BINARY'; readonly nullable: boolean; readonly length: number }
  /** BYTES is VARBINARY with `length` = MAX_LENGTH. */
  | { readonly kind: 'VARBINARY'; readonly nullable: boolean; readonly length: number }
  | { readonly kind: 'DATE'; readonly nullable: boolean }
  | { readonly kind: 'TIME'; readonly nullable: boolean; readonly precision: number }
  | { readonly kind: 'TIMESTAMP'; readonly nullable: boolean; readonly precision: number }
  | { readonly kind: 'TIMESTAMP_LTZ'; readonly nullable: boolean; readonly precision: number }
  | { readonly kind: 'INTERVAL_YEAR_MONTH'; readonly nullable: boolean }
  | { readonly kind: 'INTERVAL_DAY_TIME'; readonly nullable: boolean }
  | { readonly kind: 'ARRAY'; readonly nullable: boolean; readonly element: LogicalType }
  | {
      readonly kind: 'MAP'
      readonly nullable: boolean
      readonly key: LogicalType
      readonly value: LogicalType
    }
  | { readonly kind: 'MULTISET'; readonly nullable: boolean; readonly element: LogicalType }
  | { readonly kind: 'ROW'; readonly nullable: boolean; readonly fields: readonly RowField[] }
  /** The type of a bare NULL literal; coerces to anything. */
  | { readonly kind: 'NULL'; readonly nullable: true }

export interface RowField {
  readonly name: string
  readonly type: LogicalType
}

export type TypeKind = LogicalType['kind']
export type TypeOfKind<K extends TypeKind> = Extract<LogicalType, { kind: K }>

export const MAX_LENGTH = 2147483647

type SimpleKind = 'BOOLEAN' | 'TINYINT' | 'SMALLINT' | 'INTEGER' | 'BIGINT' | 'FLOAT' | 'DOUBLE' | 'DATE'
const simple =
  <K extends SimpleKind>(kind: K) =>
  (nullable = true): { readonly kind: K; readonly nullable: boolean } => ({ kind, nullable })

export const booleanType = simple('BOOLEAN')
export const tinyintType = simple('TINYINT')
export const smallintType = simple('SMALLINT')
export const integerType = simple('INTEGER')
export const bigintType = simple('BIGINT')
export const floatType = simple('FLOAT')
export const doubleType = simple('DOUBLE')
export const dateType = simple('DATE')

export const decimalType = (precision: number, scale: number, nullable = true): LogicalType => ({
  kind: 'DECIMAL',
  nullable,
  precision,
  scale,
})
export const charType = (length: number, nullable = true): LogicalType => ({ kind: 'CHAR', nullable, length })
export const varcharType = (length: number, nullable = true): LogicalType => ({
  kind: 'VARCHAR',
  nullable,
  length,
})
export const stringType = (nullable = true): LogicalType => varcharType(MAX_LENGTH, nullable)
export const binaryType = (length: number, nullable = true): LogicalType => ({
  kind: 'BINARY',
  nullable,
  length,
})
export const varbinaryType = (length: number, nullable = true): LogicalType => ({
  kind: 'VARBINARY',
  nullable,
  length,
})
export const bytesType = (nullable = true): LogicalType => varbinaryType(MAX_LENGTH, nullable)
export const timeType = (precision = 0, nullable = true): LogicalType => ({
  kind: 'TIME',
  nullable,
  precision,
})
export const timestampType = (precision = 6, nullable = true): LogicalType => ({
  kind: 'TIMESTAMP',
  nullable,
  precision,
})
export const timestampLtzType = (precision = 6, nullable = true): LogicalType => ({
  kind: 'TIMESTAMP_LTZ',
  nullable,
  precision,
})
export const yearMonthType = (nullable = true): LogicalType => ({ kind: 'INTERVAL_YEAR_MONTH', nullable })
export const dayTimeType = (nullable = true): LogicalType => ({ kind: 'INTERVAL_DAY_TIME', nullable })
export const arrayType = (element: LogicalType, nullable = true): LogicalType => ({
  kind: 'ARRAY',
  nullable,
  element,
})
export const mapType = (key: LogicalType, value: LogicalType, nullable = true): LogicalType => ({
  kind: 'MAP',
  nullable,
  key,
  value,
})
export const multisetType = (element: LogicalType, nullable = true): LogicalType => ({
  kind: 'MULTISET',
  nullable,
  element,
})
export const rowType = (fields: readonly RowField[], nullable = true): LogicalType => ({
  kind: 'ROW',
  nullable,
  fields,
})
export const nullType: LogicalType = { kind: 'NULL', nullable: true }

/** The same type with the given nullability; the same object when nothing changes. */
export function withNullable(type: LogicalType, nullable: boolean): LogicalType {
  if (type.nullable === nullable || type.kind === 'NULL') return type
  return { ...type, nullable } as LogicalType
}

import type { AstNode, Identifier, QualifiedName, StringLiteral } from './node.ts'

/** A type as written. `nullable` is false only after NOT NULL. Omitted precisions stay undefined: defaults are the binder's. */
export type TypeName =
  | SimpleTypeName
  | CharacterTypeName
  | BinaryTypeName
  | DecimalTypeName
  | TimeTypeName
  | TimestampTypeName
  | IntervalTypeName
  | ArrayTypeName
  | MultisetTypeName
  | MapTypeName
  | RowTypeName
  | StructuredTypeName
  | RawTypeName
  | NamedTypeName

interface TypeNode extends AstNode {
  readonly nullable: boolean
}

export const simpleTypeNames = [
  'BOOLEAN',
  'TINYINT',
  'SMALLINT',
  'INT',
  'BIGINT',
  'FLOAT',
  'DOUBLE',
  'DATE',
  'VARIANT',
  'BITMAP',
  'NULL',
] as const
export type SimpleTypeWord = (typeof simpleTypeNames)[number]

/** INTEGER is read as INT, DOUBLE PRECISION as DOUBLE. */
export interface SimpleTypeName extends TypeNode {
  readonly kind: 'SimpleType'
  readonly name: SimpleTypeWord
}

/** STRING never has a length. CHARACTER [VARYING] is read as CHAR or VARCHAR. */
export interface CharacterTypeName extends TypeNode {
  readonly kind: 'CharacterType'
  readonly name: 'CHAR' | 'VARCHAR' | 'STRING'
  readonly length: number | undefined
}

/** BYTES never has a length. */
export interface BinaryTypeName extends TypeNode {
  readonly kind: 'BinaryType'
  readonly name: 'BINARY' | 'VARBINARY' | 'BYTES'
  readonly length: number | undefined
}

/** DEC and NUMERIC are read as DECIMAL. */
export interface DecimalTypeName extends TypeNode {
  readonly kind: 'DecimalType'
  readonly precision: number | undefined
  readonly scale: number | undefined
}

export interface TimeTypeName extends TypeNode {
  readonly kind: 'TimeType'
  readonly precision: number | undefined
}

/** `local` is TIMESTAMP_LTZ or TIMESTAMP WITH LOCAL TIME ZONE; `with` is TIMESTAMP WITH TIME ZONE. */
export interface TimestampTypeName extends TypeNode {
  readonly kind: 'TimestampType'
  readonly precision: number | undefined
  readonly zone: 'without' | 'local' | 'with'
}

export interface IntervalTypeName extends TypeNode {
  readonly kind: 'IntervalType'
  readonly qualifier: IntervalQualifier
}

/** Both `ARRAY<t>` and `t ARRAY`. */
export interface ArrayTypeName extends TypeNode {
  readonly kind: 'ArrayType'
  readonly element: TypeName
}

/** Both `MULTISET<t>` and `t MULTISET`. */
export interface MultisetTypeName extends TypeNode {
  readonly kind: 'MultisetType'
  readonly element: TypeName
}

export interface MapTypeName extends TypeNode {
  readonly kind: 'MapType'
  readonly key: TypeName
  readonly value: TypeName
}

export interface RowTypeName extends TypeNode {
  readonly kind: 'RowType'
  readonly fields: readonly TypeField[]
}

export interface TypeField extends AstNode {
  readonly kind: 'TypeField'
  readonly name: Identifier
  readonly type: TypeName
  readonly comment: StringLiteral | undefined
}

export interface StructuredTypeName extends TypeNode {
  readonly kind: 'StructuredType'
  readonly className: StringLiteral
  readonly fields: readonly TypeField[]
}

/** RAW('class', 'serializer snapshot'): parsed, since it appears in Flink's own DDL; the binder refuses it. */
export interface RawTypeName extends TypeNode {
  readonly kind: 'RawType'
  readonly className: StringLiteral
  readonly serializer: StringLiteral
}

/** Any other name: a user-defined type, or a misspelt one. */
export interface NamedTypeName extends TypeNode {
  readonly kind: 'NamedType'
  readonly name: QualifiedName
}

export const intervalUnits = ['YEAR', 'QUARTER', 'MONTH', 'WEEK', 'DAY', 'HOUR', 'MINUTE', 'SECOND'] as const
export type IntervalUnit = (typeof intervalUnits)[number]

/** `DAY(3) TO SECOND(6)`: `end` is undefined for a single unit. Plural units are read as singular ones. */
export interface IntervalQualifier extends AstNode {
  readonly kind: 'IntervalQualifier'
  readonly start: IntervalUnit
  readonly end: IntervalUnit | undefined
  /** Digits of the leading field: `DAY(3)`. */
  readonly precision: number | undefined
  /** Digits after the point: `SECOND(p, 3)` or `TO SECOND(3)`. */
  readonly fractionalPrecision: number | undefined
}

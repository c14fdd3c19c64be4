import * as fc from 'fast-check'
import type {
  AlterTable,
  ColumnDefinition,
  CreateTable,
  CreateView,
  Expression,
  Insert,
  PrimaryKeyDefinition,
  Statement,
  WatermarkDefinition,
} from '../../../../src/parser/index.ts'
import { identifier, list, maybe, position, properties, qualifiedName, string } from './basics.ts'
import { generators } from './queries.ts'
import { typeName } from './types.ts'

const placed = <T extends object>(fields: fc.Arbitrary<T>) => fields.map(values => ({ ...values, position }))
const kind = <K extends string>(name: K) => fc.constant(name)
const flag = fc.boolean()

/** Kept small: expressions and queries have properties of their own. */
const expression: fc.Arbitrary<Expression> = generators.expression
const query = generators.query

const column: fc.Arbitrary<ColumnDefinition> = fc.oneof(
  placed(
    fc.record({ kind: kind('PhysicalColumn'), name: identifier, type: typeName, comment: maybe(string) }),
  ),
  placed(
    fc.record({
      kind: kind('MetadataColumn'),
      name: identifier,
      type: typeName,
      key: maybe(string),
      virtual: flag,
      comment: maybe(string),
    }),
  ),
  placed(fc.record({ kind: kind('ComputedColumn'), name: identifier, expression, comment: maybe(string) })),
)
const watermark: fc.Arbitrary<WatermarkDefinition> = placed(
  fc.record({ kind: kind('WatermarkDefinition'), column: qualifiedName, expression }),
)
const primaryKey: fc.Arbitrary<PrimaryKeyDefinition> = placed(
  fc.record({ kind: kind('PrimaryKeyDefinition'), name: maybe(identifier), columns: list(identifier, 1) }),
)
const distribution = fc.oneof(
  placed(
    fc.record({
      kind: kind('Distribution'),
      algorithm: maybe(fc.constantFrom('HASH' as const, 'RANGE' as const)),
      columns: list(identifier, 1),
      buckets: maybe(fc.nat(100)),
    }),
  ),
  fc.nat(100).map(buckets => ({
    kind: 'Distribution' as const,
    algorithm: undefined,
    columns: [],
    buckets,
    position,
  })),
)
const like = placed(
  fc.record({
    kind: kind('LikeClause'),
    source: qualifiedName,
    options: list(
      placed(
        fc.record({
          kind: kind('LikeOption'),
          strategy: fc.constantFrom('INCLUDING' as const, 'EXCLUDING' as const, 'OVERWRITING' as const),
          feature: fc.constantFrom(
            'ALL' as const,
            'GENERATED' as const,
            'METADATA' as const,
            'OPTIONS' as const,
          ),
        }),
      ),
    ),
  }),
)

const createTable: fc.Arbitrary<CreateTable> = placed(
  fc.record({
    kind: kind('CreateTable'),
    name: qualifiedName,
    temporary: flag,
    ifNotExists: flag,
    replace: fc.constant(undefined),
    columns: list(column),
    columnNames: fc.constant([]),
    watermarks: list(watermark, 0, 2),
    primaryKeys: list(primaryKey, 0, 2),
    comment: maybe(string),
    distribution: maybe(distribution),
    partitionedBy: list(identifier, 0, 2),
    options: properties,
    source: fc.oneof(
      fc.constant({ like: undefined, query: undefined }),
      like.map(clause => ({ like: clause, query: undefined })),
      query.map(select => ({ like: undefined, query: select })),
    ),
  }),
).map(({ source, ...table }) => ({ ...table, ...source }))

const alterTable: fc.Arbitrary<AlterTable> = placed(
  fc.record({
    kind: kind('AlterTable'),
    name: qualifiedName,
    ifExists: flag,
    action: fc.oneof(
      fc.record({ kind: kind('RenameTable'), to: qualifiedName }),
      fc.record({ kind: kind('RenameColumn'), from: qualifiedName, to: identifier }),
      fc.record({ kind: kind('DropColumns'), columns: list(qualifiedName, 1) }),
      fc.record({ kind: kind('SetOptions'), options: properties }),
      fc.record({ kind: kind('ResetOptions'), keys: list(string, 1) }),
      fc.record({
        kind: fc.constantFrom('Add' as const, 'Modify' as const),
        columns: list(
          placed(
            fc.record({
              kind: kind('AlteredColumn'),
              definition: column,
              place: fc.oneof(
                fc.constant(undefined),
                fc.constant({ kind: 'First' as const }),
                identifier.map(after => ({ kind: 'After' as const, column: after })),
              ),
            }),
          ),
          1,
        ),
        watermarks: list(watermark, 0, 1),
        primaryKeys: list(primaryKey, 0, 1),
        distribution: maybe(distribution),
      }),
    ),
  }),
)

const createView: fc.Arbitrary<CreateView> = placed(
  fc.record({
    kind: kind('CreateView'),
    name: qualifiedName,
    temporary: flag,
    ifNotExists: flag,
    columns: list(identifier),
    comment: maybe(string),
    query,
  }),
)

const insert: fc.Arbitrary<Insert> = placed(
  fc.record({
    kind: kind('Insert'),
    target: qualifiedName,
    hints: fc.constant([]),
    overwrite: flag,
    partition: list(fc.record({ column: identifier, value: maybe(string) }), 0, 2),
    columns: list(identifier),
    query,
    onConflict: maybe(fc.constantFrom('ERROR' as const, 'NOTHING' as const, 'DEDUPLICATE' as const)),
  }),
)

export const ddlAndDml: fc.Arbitrary<Statement> = fc.oneof(
  createTable,
  alterTable,
  createView,
  insert,
  placed(fc.record({ kind: kind('StatementSet'), inserts: list(insert, 1, 2) })),
  placed(
    fc.record({
      kind: kind('Explain'),
      details: fc.subarray(['ESTIMATED_COST', 'CHANGELOG_MODE', 'PLAN_ADVICE'] as const),
      statement: fc.oneof(insert, query, createTable),
    }),
  ),
)

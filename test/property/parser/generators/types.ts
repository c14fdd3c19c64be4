import * as fc from 'fast-check'
import {
  type IntervalQualifier,
  intervalUnits,
  simpleTypeNames,
  type TypeField,
  type TypeName,
} from '../../../../src/parser/index.ts'
import { identifier, list, maybe, node, position, string } from './basics.ts'

const size = maybe(fc.integer({ min: 0, max: 40 }))
const nullable = fc.boolean()

export const intervalQualifier: fc.Arbitrary<IntervalQualifier> = fc.oneof(
  fc.record({ start: fc.constantFrom(...intervalUnits), precision: size }).map(({ start, precision }) => ({
    kind: 'IntervalQualifier' as const,
    start,
    end: undefined,
    precision,
    fractionalPrecision: undefined,
    position,
  })),
  fc.record({ precision: size, fractionalPrecision: size }).map(sizes => ({
    kind: 'IntervalQualifier' as const,
    start: 'DAY' as const,
    end: 'SECOND' as const,
    ...sizes,
    position,
  })),
)

const leafType: fc.Arbitrary<TypeName> = fc.oneof(
  fc
    .record({ name: fc.constantFrom(...simpleTypeNames.filter(name => name !== 'NULL')), nullable })
    .map(fields => ({ kind: 'SimpleType' as const, ...fields, position })),
  node<'CharacterType', { name: 'CHAR' | 'VARCHAR'; length: number | undefined; nullable: boolean }>(
    'CharacterType',
    { name: fc.constantFrom('CHAR', 'VARCHAR'), length: size, nullable },
  ),
  node<'CharacterType', { name: 'STRING'; length: undefined; nullable: boolean }>('CharacterType', {
    name: fc.constant('STRING'),
    length: fc.constant(undefined),
    nullable,
  }),
  node<'BinaryType', { name: 'BINARY' | 'VARBINARY'; length: number | undefined; nullable: boolean }>(
    'BinaryType',
    { name: fc.constantFrom('BINARY', 'VARBINARY'), length: size, nullable },
  ),
  fc
    .record({ precision: fc.integer({ min: 1, max: 38 }), scale: size, nullable })
    .map(fields => ({ kind: 'DecimalType' as const, ...fields, position })),
  node<'TimeType', { precision: number | undefined; nullable: boolean }>('TimeType', {
    precision: size,
    nullable,
  }),
  node<
    'TimestampType',
    { precision: number | undefined; zone: 'without' | 'local' | 'with'; nullable: boolean }
  >('TimestampType', { precision: size, zone: fc.constantFrom('without', 'local', 'with'), nullable }),
  node<'IntervalType', { qualifier: IntervalQualifier; nullable: boolean }>('IntervalType', {
    qualifier: intervalQualifier,
    nullable,
  }),
)

export const typeName: fc.Arbitrary<TypeName> = fc.letrec<{ type: TypeName; field: TypeField }>(tie => ({
  type: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leafType,
    fc
      .record({
        kind: fc.constantFrom('ArrayType' as const, 'MultisetType' as const),
        element: tie('type'),
        nullable,
      })
      .map(fields => ({ ...fields, position })),
    fc
      .record({ key: tie('type'), value: tie('type'), nullable })
      .map(fields => ({ kind: 'MapType' as const, ...fields, position })),
    fc
      .record({ fields: list(tie('field')), nullable })
      .map(fields => ({ kind: 'RowType' as const, ...fields, position })),
    fc
      .record({ className: string, fields: list(tie('field')), nullable })
      .map(fields => ({ kind: 'StructuredType' as const, ...fields, position })),
  ),
  field: fc
    .record({ name: identifier, type: tie('type'), comment: maybe(string) })
    .map(fields => ({ kind: 'TypeField' as const, ...fields, position })),
})).type

import * as fc from 'fast-check'
import {
  type Argument,
  type BinaryOperator,
  type Expression,
  type FunctionCall,
  type GroupingElement,
  type Hint,
  type NumberLiteral,
  type OrderItem,
  type Query,
  type QueryBody,
  type Relation,
  type Select,
  timeUnits,
  type WindowSpecification,
} from '../../../../src/parser/index.ts'
import { identifier, list, maybe, position, properties, qualifiedName, string } from './basics.ts'
import { intervalQualifier, typeName } from './types.ts'

const negated = fc.boolean()
const of = <T extends object>(fields: fc.Arbitrary<T>) => fields.map(values => ({ ...values, position }))
const kind = <K extends string>(name: K) => fc.constant(name)

const number: fc.Arbitrary<NumberLiteral> = fc
  .oneof(
    fc.constantFrom('0', '42', '9223372036854775808').map(text => ({ text, form: 'integer' as const })),
    fc.constantFrom('1.50', '.5', '0.1').map(text => ({ text, form: 'decimal' as const })),
    fc.constantFrom('1e10', '2.5E-3').map(text => ({ text, form: 'double' as const })),
  )
  .map(fields => ({ kind: 'NumberLiteral', ...fields, position }))

const interval = of(
  fc.record({
    kind: kind('IntervalLiteral'),
    negative: fc.boolean(),
    text: fc.constantFrom('5', '1-2', '-3'),
    qualifier: intervalQualifier,
  }),
)

const leaf: fc.Arbitrary<Expression> = fc.oneof(
  number,
  string,
  interval,
  of(fc.record({ kind: kind('BinaryLiteral'), hex: fc.constantFrom('', '0aFF') })),
  of(fc.record({ kind: kind('BooleanLiteral'), value: fc.constantFrom(true, false, null) })),
  of(fc.record({ kind: kind('NullLiteral') })),
  of(
    fc.record({
      kind: kind('DateTimeLiteral'),
      type: fc.constantFrom('DATE' as const, 'TIME' as const, 'TIMESTAMP' as const, 'TIMESTAMP_LTZ' as const),
      text: fc.constant('2024-01-01'),
    }),
  ),
  of(fc.record({ kind: kind('ColumnReference'), path: qualifiedName })),
)

const operators: BinaryOperator[] = [
  'OR',
  'AND',
  '=',
  '<>',
  '<',
  '<=',
  '>',
  '>=',
  '+',
  '-',
  '*',
  '/',
  '%',
  '||',
]

interface Grammar {
  expression: Expression
  call: FunctionCall
  argument: Argument
  order: OrderItem
  window: WindowSpecification
  body: QueryBody
  select: Select
  query: Query
  relation: Relation
}

/** One bound for everything that nests, so that a case stays readable and quick. */
const nesting = { maxDepth: 3, depthIdentifier: 'sql', withCrossShrink: true } as const

const hints: fc.Arbitrary<Hint[]> = list(
  of(fc.record({ kind: kind('Hint'), name: identifier, properties, args: fc.constant([]) })),
  0,
  2,
)
const alias = of(fc.record({ kind: kind('TableAlias'), name: identifier, columns: list(identifier) }))

export const generators = fc.letrec<Grammar>((tie: fc.LetrecTypedTie<Grammar>) => {
  const e = tie('expression')
  const over = maybe(
    fc.oneof(tie('window'), of(fc.record({ kind: kind('WindowReference'), name: identifier }))),
  )
  const entry = fc.record({ key: e, value: e })
  const keys = of(
    fc.record({
      kind: kind('GroupingExpressions'),
      expressions: fc.oneof(list(leaf.filter(isKey), 1, 1), list(leaf.filter(isKey), 2, 3), fc.constant([])),
    }),
  )
  const grouping: fc.Arbitrary<GroupingElement> = fc.oneof(
    keys,
    of(fc.record({ kind: kind('Rollup'), elements: list(keys, 1, 2) })),
    of(fc.record({ kind: kind('Cube'), elements: list(keys, 1, 2) })),
    of(fc.record({ kind: kind('GroupingSets'), elements: list(keys, 1, 3) })),
  )
  return {
    expression: fc.oneof(
      nesting,
      leaf,
      tie('call'),
      of(
        fc.record({
          kind: kind('BinaryOperation'),
          operator: fc.constantFrom(...operators),
          left: e,
          right: e,
        }),
      ),
      of(
        fc.record({
          kind: kind('UnaryOperation'),
          operator: fc.constantFrom('+' as const, '-' as const, 'NOT' as const),
          operand: e,
        }),
      ),
      of(
        fc.record({
          kind: kind('IsTest'),
          operand: e,
          test: fc.constantFrom('NULL' as const, 'TRUE' as const, 'UNKNOWN' as const),
          negated,
        }),
      ),
      of(fc.record({ kind: kind('IsDistinctFrom'), left: e, right: e, negated })),
      of(
        fc.record({
          kind: kind('IsJson'),
          operand: e,
          jsonType: fc.constantFrom('VALUE' as const, 'OBJECT' as const),
          negated,
        }),
      ),
      of(fc.record({ kind: kind('Between'), operand: e, low: e, high: e, symmetric: fc.boolean(), negated })),
      of(
        fc.record({
          kind: kind('Like'),
          operator: fc.constantFrom('LIKE' as const, 'SIMILAR TO' as const),
          operand: e,
          pattern: e,
          escape: maybe(e),
          negated,
        }),
      ),
      of(
        fc.record({
          kind: kind('InList'),
          operand: e,
          items: list(
            e.filter(item => item.kind !== 'ScalarSubquery'),
            1,
          ),
          negated,
        }),
      ),
      of(fc.record({ kind: kind('InSubquery'), operand: e, query: tie('query'), negated })),
      of(
        fc.record({
          kind: kind('QuantifiedComparison'),
          operator: fc.constantFrom('=' as const, '>' as const),
          quantifier: fc.constantFrom('ANY' as const, 'ALL' as const),
          operand: e,
          query: tie('query'),
        }),
      ),
      of(fc.record({ kind: kind('Exists'), query: tie('query') })),
      of(fc.record({ kind: kind('ScalarSubquery'), query: tie('query') })),
      of(fc.record({ kind: kind('Overlaps'), leftStart: e, leftEnd: e, rightStart: e, rightEnd: e })),
      of(
        fc.record({
          kind: kind('Case'),
          operand: maybe(e),
          branches: list(fc.record({ when: e, result: e }), 1),
          otherwise: maybe(e),
        }),
      ),
      of(fc.record({ kind: kind('Cast'), operand: e, type: typeName, safe: fc.boolean() })),
      of(
        fc.record({
          kind: kind('Trim'),
          side: fc.constantFrom('BOTH' as const, 'LEADING' as const),
          characters: maybe(e),
          operand: e,
        }),
      ),
      of(fc.record({ kind: kind('RowConstructor'), fields: list(e, 1) })),
      of(fc.record({ kind: kind('ArrayConstructor'), elements: list(e) })),
      of(fc.record({ kind: kind('MapConstructor'), entries: list(entry) })),
      of(fc.record({ kind: kind('ElementAccess'), base: e, index: e })),
      of(
        fc.record({
          kind: kind('FieldAccess'),
          base: e.filter(base => base.kind !== 'ColumnReference'),
          field: identifier,
        }),
      ),
      of(
        fc.record({
          kind: kind('JsonValue'),
          input: e,
          path: string,
          returning: maybe(typeName),
          onEmpty: maybe(fc.constant({ kind: 'Null' as const })),
          onError: maybe(e.map(value => ({ kind: 'Default' as const, value }))),
        }),
      ),
      of(
        fc.record({
          kind: kind('JsonObject'),
          entries: list(entry),
          onNull: maybe(fc.constantFrom('NULL' as const, 'ABSENT' as const)),
        }),
      ),
    ),
    call: of(
      fc.record({
        kind: kind('FunctionCall'),
        name: fc.oneof(
          qualifiedName,
          fc
            .constantFrom('COUNT', 'LEFT', 'my_f')
            .map(name => [{ kind: 'Identifier', name, quoted: false, position }] as const),
        ),
        args: list(tie('argument')),
        distinct: fc.boolean(),
        withinGroup: list(tie('order'), 0, 1),
        filter: maybe(e),
        nullTreatment: maybe(fc.constantFrom('IGNORE NULLS' as const, 'RESPECT NULLS' as const)),
        over,
      }),
    ),
    argument: of(
      fc.record({
        kind: kind('Argument'),
        name: maybe(identifier),
        value: fc.oneof(
          e,
          of(fc.record({ kind: kind('Descriptor'), columns: list(identifier, 1) })),
          of(
            fc.record({
              kind: kind('TableArgument'),
              table: qualifiedName,
              partitionBy: list(e.filter(isKey)),
              orderBy: list(tie('order'), 0, 2),
            }),
          ),
        ),
      }),
    ),
    order: of(
      fc.record({
        kind: kind('OrderItem'),
        expression: e,
        descending: fc.boolean(),
        nulls: maybe(fc.constantFrom('FIRST' as const, 'LAST' as const)),
      }),
    ),
    window: of(
      fc.record({
        kind: kind('WindowSpecification'),
        base: maybe(identifier),
        partitionBy: list(e.filter(isKey)),
        orderBy: list(tie('order'), 0, 2),
        frame: maybe(
          of(
            fc.record({
              kind: kind('WindowFrame'),
              unit: fc.constantFrom('ROWS' as const, 'RANGE' as const),
              start: fc.oneof(
                fc.constant({ kind: 'UnboundedPreceding' as const }),
                number.map(offset => ({ kind: 'Preceding' as const, offset })),
              ),
              end: maybe(fc.constant({ kind: 'CurrentRow' as const })),
            }),
          ),
        ),
      }),
    ),
    select: of(
      fc.record({
        kind: kind('Select'),
        hints,
        distinct: fc.boolean(),
        items: list(
          fc.oneof(
            of(fc.record({ kind: kind('SelectExpression'), expression: e, alias: maybe(identifier) })),
            of(fc.record({ kind: kind('Star'), qualifier: list(identifier, 0, 2) })),
          ),
          1,
        ),
        from: maybe(tie('relation')),
        where: maybe(e),
        groupBy: maybe(list(grouping, 1)),
        having: maybe(e),
        windows: list(
          of(fc.record({ kind: kind('NamedWindow'), name: identifier, specification: tie('window') })),
          0,
          1,
        ),
        qualify: maybe(e),
      }),
    ),
    body: fc.oneof(
      nesting,
      tie('select'),
      of(
        fc.record({
          kind: kind('Values'),
          rows: list(of(fc.record({ kind: kind('ValuesRow'), fields: list(leaf, 1) })), 1),
        }),
      ),
      of(
        fc.record({
          kind: kind('SetOperation'),
          operator: fc.constantFrom('UNION' as const, 'INTERSECT' as const, 'EXCEPT' as const),
          all: fc.boolean(),
          left: tie('body'),
          right: tie('body'),
        }),
      ),
      tie('query').filter(query => query.with.length + query.orderBy.length > 0 || query.limit !== undefined),
    ),
    query: of(
      fc.record({
        kind: kind('Query'),
        with: list(
          of(
            fc.record({
              kind: kind('CommonTableExpression'),
              name: identifier,
              columns: list(identifier),
              query: tie('query'),
            }),
          ),
          0,
          1,
        ),
        body: tie('body'),
        orderBy: list(tie('order'), 0, 2),
        offset: maybe(number),
        limit: maybe(number),
      }),
    ).map(unwrapped),
    relation: fc.oneof(
      nesting,
      of(
        fc.record({
          kind: kind('TableReference'),
          name: qualifiedName,
          hints,
          systemTime: maybe(e),
          alias: maybe(alias),
        }),
      ),
      of(
        fc.record({
          kind: kind('DerivedTable'),
          query: tie('query'),
          lateral: fc.boolean(),
          alias: maybe(alias),
        }),
      ),
      of(
        fc.record({
          kind: kind('TableFunction'),
          call: tie('call'),
          lateral: fc.boolean(),
          alias: maybe(alias),
        }),
      ),
      of(
        fc.record({
          kind: kind('Unnest'),
          operands: list(e, 1, 2),
          withOrdinality: fc.boolean(),
          alias: maybe(alias),
        }),
      ),
      of(
        fc.record({
          kind: kind('Join'),
          joinType: fc.constantFrom('INNER' as const, 'LEFT' as const, 'FULL' as const),
          natural: fc.constant(false),
          left: tie('relation'),
          right: tie('relation'),
          condition: fc.oneof(
            of(fc.record({ kind: kind('JoinOn'), expression: e })),
            of(fc.record({ kind: kind('JoinUsing'), columns: list(identifier, 1) })),
          ),
        }),
      ),
      of(
        fc.record({
          kind: kind('Join'),
          joinType: fc.constantFrom('CROSS' as const, 'COMMA' as const),
          natural: fc.constant(false),
          left: tie('relation'),
          right: tie('relation'),
          condition: fc.constant(undefined),
        }),
      ),
    ),
  }
})

/** In a list of keys, `(a, b)` and `((SELECT …))` would be read as the list itself. */
function isKey(expression: Expression): boolean {
  return expression.kind !== 'RowConstructor' && expression.kind !== 'ScalarSubquery'
}

/** As the parser does: a query that only wraps another one is that other one. */
function unwrapped(query: Query): Query {
  const hasClauses =
    query.with.length + query.orderBy.length > 0 || query.limit !== undefined || query.offset !== undefined
  return !hasClauses && query.body.kind === 'Query' ? query.body : query
}

export const timeUnit = fc.constantFrom(...timeUnits)

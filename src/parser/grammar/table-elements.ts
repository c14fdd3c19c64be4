import type { IToken } from 'chevrotain'
import type {
  ColumnDefinition,
  Distribution,
  Identifier,
  LikeOption,
  PrimaryKeyDefinition,
  WatermarkDefinition,
} from '../ast/index.ts'
import { k, t } from '../tokens.ts'
import type { Grammar } from './grammar.ts'
import type { ColumnElement, Rules, TableElement, TableElements } from './rules.ts'

/** What a table is declared with: columns, watermark, primary key, distribution, LIKE. */
export function defineTableElementRules(p: Grammar, r: Rules): void {
  r.tableElements = p.rule('tableElements', () => {
    const elements = p.parenthesized(0, () => p.sub(r.tableElement))
    return collectElements(elements)
  })

  r.tableElement = p.rule('tableElement', () =>
    p.alt<TableElement>(0, [
      { ALT: () => p.sub(r.watermark) },
      { ALT: () => p.sub(r.primaryKey) },
      {
        ALT: () => ({ kind: 'NameOnly', name: p.name() }),
        GATE: () => p.isAt(2, t.Comma) || p.isAt(2, t.RightParen),
      },
      { ALT: () => p.sub(r.columnDefinition) },
    ]),
  )

  r.columnDefinition = p.rule('columnDefinition', () => {
    const start = p.mark()
    const name = p.name()
    return p.alt<ColumnElement>(0, [
      {
        ALT: () => {
          p.take(k.AS)
          const expression = p.sub(r.expression)
          const comment = commentClause(p, r, 1)
          const position = p.span(start)
          return column({ kind: 'ComputedColumn', name, expression, comment, position })
        },
      },
      {
        ALT: () => {
          const type = p.sub(r.typeName)
          return p.alt<ColumnElement>(2, [
            {
              ALT: () => {
                p.take(k.METADATA)
                const key = p.opt(3, () => {
                  p.take(k.FROM)
                  return p.sub(r.string)
                })
                const virtual = p.has(4, k.VIRTUAL)
                const comment = commentClause(p, r, 5)
                const position = p.span(start)
                return column({ kind: 'MetadataColumn', name, type, key, virtual, comment, position })
              },
            },
            {
              ALT: () => {
                const primaryKey = p.opt(6, () => columnPrimaryKey(p, name))
                const comment = commentClause(p, r, 7)
                const position = p.span(start)
                return column({ kind: 'PhysicalColumn', name, type, comment, position }, primaryKey)
              },
            },
          ])
        },
      },
    ])
  })

  r.watermark = p.rule('watermark', (): WatermarkDefinition => {
    const start = p.mark()
    p.words(k.WATERMARK, k.FOR)
    const column = p.sub(r.qualifiedName)
    p.take(k.AS)
    const expression = p.sub(r.expression)
    return { kind: 'WatermarkDefinition', column, expression, position: p.span(start) }
  })

  r.primaryKey = p.rule('primaryKey', (): PrimaryKeyDefinition => {
    const start = p.mark()
    const name = p.opt(0, () => {
      p.take(k.CONSTRAINT)
      return p.name()
    })
    p.act(() => refuseUnique(p))
    p.words(k.PRIMARY, k.KEY)
    const columns = p.sub(r.nameList)
    notEnforced(p, start)
    return { kind: 'PrimaryKeyDefinition', name, columns, position: p.span(start) }
  })

  r.distribution = p.rule('distribution', () => distribution(p, r))
  r.likeClause = p.rule('likeClause', () => {
    const start = p.mark()
    p.take(k.LIKE)
    const source = p.sub(r.qualifiedName)
    const options: LikeOption[] = []
    p.opt(0, () => {
      p.take(t.LeftParen)
      p.rep(1, () => options.push(likeOption(p)))
      p.take(t.RightParen)
    })
    return { kind: 'LikeClause', source, options, position: p.span(start) }
  })
}

export function commentClause(p: Grammar, r: Rules, index: number) {
  return p.opt(index, () => {
    p.take(k.COMMENT)
    return p.sub(r.string)
  })
}

const column = (definition: ColumnDefinition, primaryKey?: PrimaryKeyDefinition): ColumnElement => ({
  kind: 'Column',
  definition,
  primaryKey,
  position: definition.position,
})

function columnPrimaryKey(p: Grammar, name: Identifier): PrimaryKeyDefinition {
  const start = p.mark()
  const constraint = p.opt(10, () => {
    p.take(k.CONSTRAINT)
    return p.name()
  })
  p.act(() => refuseUnique(p))
  p.words(k.PRIMARY, k.KEY)
  notEnforced(p, start)
  return { kind: 'PrimaryKeyDefinition', name: constraint, columns: [name], position: p.span(start) }
}

function refuseUnique(p: Grammar): void {
  if (!p.isAt(1, k.UNIQUE)) return
  p.refuse(
    'MR_PARSE_UNSUPPORTED',
    'UNIQUE constraints are not supported',
    p.peek(1),
    'use PRIMARY KEY (…) NOT ENFORCED',
  )
}

/** NOT ENFORCED must be there: the key is trusted, never checked, and the word says so. */
function notEnforced(p: Grammar, key: IToken): void {
  p.act(() => {
    if (p.ahead(k.NOT, k.ENFORCED)) return
    const [at, message] = p.isAt(1, k.ENFORCED)
      ? [p.peek(1), 'an ENFORCED primary key is not supported']
      : [key, 'a primary key must say NOT ENFORCED']
    p.refuse(
      'MR_PARSE_KEY_ENFORCED',
      message,
      at,
      'write PRIMARY KEY (…) NOT ENFORCED: the engine trusts the key and never checks it',
    )
  })
  p.words(k.NOT, k.ENFORCED)
}

/** Sorts what stands between the parentheses into its kinds; keys of columns and of the table become one list. */
function collectElements(elements: readonly TableElement[]): TableElements {
  const columns: ColumnDefinition[] = []
  const columnNames: Identifier[] = []
  const watermarks: WatermarkDefinition[] = []
  const primaryKeys: PrimaryKeyDefinition[] = []
  for (const element of elements) {
    if (element.kind === 'NameOnly') columnNames.push(element.name)
    else if (element.kind === 'WatermarkDefinition') watermarks.push(element)
    else if (element.kind === 'PrimaryKeyDefinition') primaryKeys.push(element)
    else if (element.kind === 'Column') {
      columns.push(element.definition)
      if (element.primaryKey !== undefined) primaryKeys.push(element.primaryKey)
    }
  }
  return { columns, columnNames, watermarks, primaryKeys }
}

/** `DISTRIBUTED [BY [HASH | RANGE] (…)] [INTO n BUCKETS]`; the first word is DISTRIBUTION after ALTER … ADD. */
function distribution(p: Grammar, r: Rules): Distribution {
  const start = p.mark()
  p.oneOf(0, [
    [k.DISTRIBUTED, 0],
    [k.DISTRIBUTION, 0],
  ])
  let algorithm: Distribution['algorithm']
  let columns: readonly Identifier[] = []
  p.opt(1, () => {
    p.take(k.BY)
    algorithm = p.opt(2, () =>
      p.oneOf(2, [
        [k.HASH, 'HASH' as const],
        [k.RANGE, 'RANGE' as const],
      ]),
    )
    columns = p.sub(r.nameList)
  })
  const buckets = p.opt(3, () => {
    p.take(k.INTO)
    const count = p.sub(r.unsignedInteger)
    p.take(k.BUCKETS)
    return count
  })
  return { kind: 'Distribution', algorithm, columns, buckets, position: p.span(start) }
}

function likeOption(p: Grammar): LikeOption {
  const start = p.mark()
  const strategy = p.oneOf(2, [
    [k.INCLUDING, 'INCLUDING' as const],
    [k.EXCLUDING, 'EXCLUDING' as const],
    [k.OVERWRITING, 'OVERWRITING' as const],
  ])
  const feature = p.oneOf(3, [
    [k.ALL, 'ALL' as const],
    [k.CONSTRAINTS, 'CONSTRAINTS' as const],
    [k.DISTRIBUTION, 'DISTRIBUTION' as const],
    [k.GENERATED, 'GENERATED' as const],
    [k.METADATA, 'METADATA' as const],
    [k.OPTIONS, 'OPTIONS' as const],
    [k.PARTITIONS, 'PARTITIONS' as const],
    [k.WATERMARKS, 'WATERMARKS' as const],
  ])
  return { kind: 'LikeOption', strategy, feature, position: p.span(start) }
}

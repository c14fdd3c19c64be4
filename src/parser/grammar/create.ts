import type { IToken } from 'chevrotain'
import type {
  CreateTable,
  FunctionLanguage,
  FunctionResource,
  Identifier,
  LikeClause,
  Property,
  Query,
  Statement,
} from '../ast/index.ts'
import { k, t } from '../tokens.ts'
import type { Grammar } from './grammar.ts'
import type { Rules, TableElements } from './rules.ts'
import { commentClause } from './table-elements.ts'

/** The words between CREATE and the kind of object; each kind takes only some of them. */
interface Modifiers {
  readonly start: IToken
  readonly or: 'REPLACE' | 'ALTER' | undefined
  readonly temporary: boolean
  readonly system: boolean
}

export function defineCreateRules(p: Grammar, r: Rules): void {
  r.createStatement = p.rule('createStatement', () => {
    const start = p.mark()
    p.take(k.CREATE)
    const or = p.opt(0, () => {
      p.take(k.OR)
      return p.oneOf(0, [
        [k.REPLACE, 'REPLACE' as const],
        [k.ALTER, 'ALTER' as const],
      ])
    })
    const temporary = p.has(1, k.TEMPORARY)
    const system = p.has(2, k.SYSTEM)
    const modifiers: Modifiers = { start, or, temporary, system }
    const allow = (...words: (keyof Omit<Modifiers, 'start'>)[]) =>
      p.act(() => refuseModifiers(p, modifiers, words))
    return p.alt<Statement>(1, [
      {
        ALT: () => {
          allow('or', 'temporary')
          const replace = or === undefined ? undefined : ('CREATE OR REPLACE' as const)
          return createTable(p, r, modifiers.start, temporary, replace)
        },
      },
      {
        ALT: () => {
          allow('or')
          return createMaterializedTable(p, r, modifiers)
        },
      },
      {
        ALT: () => {
          allow('temporary')
          return createView(p, r, modifiers)
        },
      },
      {
        ALT: () => {
          allow('temporary', 'system')
          return createFunction(p, r, modifiers)
        },
      },
      {
        ALT: () => {
          allow()
          return createCatalog(p, r, start)
        },
      },
      {
        ALT: () => {
          allow()
          return createDatabase(p, r, start)
        },
      },
    ])
  })

  /** REPLACE TABLE … AS. */
  r.replaceTable = p.rule('replaceTable', () => {
    const start = p.mark()
    p.take(k.REPLACE)
    return createTable(p, r, start, false, 'REPLACE')
  })

  r.functionLanguage = p.rule('functionLanguage', () => {
    p.take(k.LANGUAGE)
    return p.oneOf<FunctionLanguage>(0, [
      [k.JAVA, 'JAVA'],
      [k.SCALA, 'SCALA'],
      [k.PYTHON, 'PYTHON'],
      [k.JAVASCRIPT, 'JAVASCRIPT'],
      [k.TYPESCRIPT, 'TYPESCRIPT'],
    ])
  })
}

function refuseModifiers(p: Grammar, given: Modifiers, allowed: readonly string[]): void {
  const object = p.peek(1)
  const refuse = (word: string) =>
    p.refuse('MR_PARSE_MODIFIER', `CREATE ${object.image} does not take ${word}`, given.start)
  if (given.or !== undefined && !allowed.includes('or')) refuse(`OR ${given.or}`)
  if (given.temporary && !allowed.includes('temporary')) refuse('TEMPORARY')
  if (given.system && !allowed.includes('system')) refuse('SYSTEM')
}

const noElements: TableElements = { columns: [], columnNames: [], watermarks: [], primaryKeys: [] }

function createTable(
  p: Grammar,
  r: Rules,
  start: IToken,
  temporary: boolean,
  replace: CreateTable['replace'],
): CreateTable {
  p.take(k.TABLE)
  const ifNotExists = p.sub(r.ifNotExists)
  const name = p.sub(r.qualifiedName)
  const elements = p.opt(10, () => p.sub(r.tableElements)) ?? noElements
  const clauses = tableClauses(p, r, 11)
  let like: LikeClause | undefined
  let query: Query | undefined
  p.opt(16, () =>
    p.alt<void>(16, [
      {
        ALT: () => {
          like = p.sub(r.likeClause)
        },
      },
      {
        ALT: () => {
          p.take(k.AS)
          query = p.sub(r.query)
        },
      },
    ]),
  )
  p.act(() => {
    const [onlyName] = elements.columnNames
    if (onlyName !== undefined && query === undefined)
      p.refuseAt('MR_PARSE_COLUMN_TYPE', `column '${onlyName.name}' has no type`, onlyName.position)
    if (replace !== undefined && query === undefined)
      p.refuse('MR_PARSE_REPLACE', `${replace} TABLE needs AS SELECT …`, start)
  })
  return {
    kind: 'CreateTable',
    name,
    temporary,
    ifNotExists,
    replace,
    ...elements,
    ...clauses,
    like,
    query,
    position: p.span(start),
  }
}

/** `[COMMENT] [DISTRIBUTED …] [PARTITIONED BY (…)] [WITH (…)]`; uses five indexes from `index`. */
function tableClauses(p: Grammar, r: Rules, index: number) {
  const comment = commentClause(p, r, index)
  const distribution = p.opt(index + 1, () => p.sub(r.distribution))
  const partitionedBy: readonly Identifier[] =
    p.opt(index + 2, () => {
      p.words(k.PARTITIONED, k.BY)
      return p.sub(r.nameList)
    }) ?? []
  const options = withClause(p, r, index + 3)
  return { comment, distribution, partitionedBy, options }
}

function withClause(p: Grammar, r: Rules, index: number): readonly Property[] {
  return (
    p.opt(index, () => {
      p.take(k.WITH)
      return p.sub(r.properties)
    }) ?? []
  )
}

function createMaterializedTable(p: Grammar, r: Rules, modifiers: Modifiers): Statement {
  p.words(k.MATERIALIZED, k.TABLE)
  const name = p.sub(r.qualifiedName)
  const elements = p.opt(20, () => p.sub(r.tableElements)) ?? noElements
  const clauses = tableClauses(p, r, 21)
  const freshness = p.opt(26, () => {
    p.words(k.FRESHNESS, t.Equals)
    return p.sub(r.intervalLiteral)
  })
  const refreshMode = p.opt(27, () => {
    p.words(k.REFRESH_MODE, t.Equals)
    return p.oneOf(27, [
      [k.CONTINUOUS, 'CONTINUOUS' as const],
      [k.FULL, 'FULL' as const],
    ])
  })
  p.take(k.AS)
  const query = p.sub(r.query)
  return {
    kind: 'CreateMaterializedTable',
    name,
    orAlter: modifiers.or === 'ALTER',
    ...elements,
    ...clauses,
    freshness,
    refreshMode,
    query,
    position: p.span(modifiers.start),
  }
}

function createView(p: Grammar, r: Rules, { start, temporary }: Modifiers): Statement {
  p.take(k.VIEW)
  const ifNotExists = p.sub(r.ifNotExists)
  const name = p.sub(r.qualifiedName)
  const columns = p.opt(30, () => p.sub(r.nameList)) ?? []
  const comment = commentClause(p, r, 31)
  p.take(k.AS)
  const query = p.sub(r.query)
  return {
    kind: 'CreateView',
    name,
    temporary,
    ifNotExists,
    columns,
    comment,
    query,
    position: p.span(start),
  }
}

function createFunction(p: Grammar, r: Rules, { start, temporary, system }: Modifiers): Statement {
  p.take(k.FUNCTION)
  const ifNotExists = p.sub(r.ifNotExists)
  const name = p.sub(r.qualifiedName)
  p.take(k.AS)
  const identifier = p.sub(r.string)
  const language = p.opt(40, () => p.sub(r.functionLanguage))
  const using: FunctionResource[] = []
  p.opt(41, () => {
    p.take(k.USING)
    p.list(42, () => using.push(functionResource(p, r)))
  })
  const options = withClause(p, r, 43)
  return {
    kind: 'CreateFunction',
    name,
    temporary,
    system,
    ifNotExists,
    identifier,
    language,
    using,
    options,
    position: p.span(start),
  }
}

function functionResource(p: Grammar, r: Rules): FunctionResource {
  const start = p.mark()
  const type = p.oneOf(44, [
    [k.JAR, 'JAR' as const],
    [k.FILE, 'FILE' as const],
    [k.ARTIFACT, 'ARTIFACT' as const],
  ])
  const path = p.sub(r.string)
  return { kind: 'FunctionResource', type, path, position: p.span(start) }
}

function createCatalog(p: Grammar, r: Rules, start: IToken): Statement {
  p.take(k.CATALOG)
  const ifNotExists = p.sub(r.ifNotExists)
  const name = p.name()
  const comment = commentClause(p, r, 50)
  const options = withClause(p, r, 51)
  return { kind: 'CreateCatalog', name, ifNotExists, comment, options, position: p.span(start) }
}

function createDatabase(p: Grammar, r: Rules, start: IToken): Statement {
  p.take(k.DATABASE)
  const ifNotExists = p.sub(r.ifNotExists)
  const name = p.sub(r.qualifiedName)
  const comment = commentClause(p, r, 60)
  const options = withClause(p, r, 61)
  return { kind: 'CreateDatabase', name, ifNotExists, comment, options, position: p.span(start) }
}

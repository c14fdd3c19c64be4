import type {
  CompilePlan,
  CreateTable,
  Explain,
  ExplainDetail,
  Identifier,
  Insert,
  Statement,
} from '../ast/index.ts'
import { k, t } from '../tokens.ts'
import type { Grammar } from './grammar.ts'
import type { Rules } from './rules.ts'

/** INSERT, statement sets, EXECUTE, COMPILE PLAN and EXPLAIN. */
export function defineDmlRules(p: Grammar, r: Rules): void {
  r.insert = p.rule('insert', (): Insert => {
    const start = p.mark()
    p.take(k.INSERT)
    const overwrite = p.oneOf(0, [
      [k.INTO, false],
      [k.OVERWRITE, true],
    ])
    const target = p.sub(r.qualifiedName)
    const hints = p.opt(0, () => p.sub(r.hints)) ?? []
    const partition = p.opt(1, () => {
      p.take(k.PARTITION)
      return p.sub(r.partitionEntries)
    })
    const columns: readonly Identifier[] =
      p.opt(
        2,
        () => p.sub(r.nameList),
        () => p.isAt(2, t.Identifier),
      ) ?? []
    const query = p.sub(r.query)
    const onConflict = p.opt(3, () => {
      p.words(k.ON, k.CONFLICT, k.DO)
      return p.oneOf(3, [
        [k.ERROR, 'ERROR' as const],
        [k.NOTHING, 'NOTHING' as const],
        [k.DEDUPLICATE, 'DEDUPLICATE' as const],
      ])
    })
    return {
      kind: 'Insert',
      target,
      hints,
      overwrite,
      partition: partition ?? [],
      columns,
      query,
      onConflict,
      position: p.span(start),
    }
  })

  /** `BEGIN insert; …; END`, after STATEMENT SET. */
  r.statementSet = p.rule('statementSet', () => {
    p.take(k.BEGIN)
    return insertsUntilEnd(p, r)
  })

  /** The older spelling: `BEGIN STATEMENT SET; insert; …; END`. */
  r.beginStatementSet = p.rule('beginStatementSet', () => {
    const start = p.mark()
    p.words(k.BEGIN, k.STATEMENT, k.SET, t.Semicolon)
    const inserts = insertsUntilEnd(p, r)
    return { kind: 'StatementSet', inserts, position: p.span(start) }
  })

  r.executeStatement = p.rule('executeStatement', () => {
    const start = p.mark()
    p.take(k.EXECUTE)
    return p.alt<Statement>(0, [
      {
        ALT: () => {
          p.words(k.STATEMENT, k.SET)
          return { kind: 'StatementSet', inserts: p.sub(r.statementSet), position: p.span(start) }
        },
      },
      {
        ALT: () => {
          p.take(k.PLAN)
          const path = p.sub(r.string)
          return { kind: 'ExecutePlan', path, position: p.span(start) }
        },
      },
      { ALT: () => ({ ...p.sub(r.insert), position: p.span(start) }) },
      { ALT: () => ({ ...p.sub(r.query), position: p.span(start) }) },
    ])
  })

  r.compilePlan = p.rule('compilePlan', () => {
    const start = p.mark()
    p.take(k.COMPILE)
    const execute = p.has(0, k.AND, k.EXECUTE)
    p.take(k.PLAN)
    const path = p.sub(r.string)
    const ifNotExists = p.sub(r.ifNotExists)
    p.take(k.FOR)
    const statement = p.alt<CompilePlan['statement']>(0, [
      { ALT: () => p.sub(r.insert) },
      { ALT: () => bareStatementSet(p, r) },
    ])
    return { kind: 'CompilePlan', path, ifNotExists, execute, statement, position: p.span(start) }
  })

  r.explain = p.rule('explain', () => {
    const start = p.mark()
    p.take(k.EXPLAIN)
    const details: ExplainDetail[] = []
    p.opt(0, () =>
      p.alt<void>(0, [
        { ALT: () => p.words(k.PLAN, k.FOR) },
        {
          ALT: () => {
            p.list(1, () => details.push(explainDetail(p)))
          },
        },
      ]),
    )
    const statement = p.alt<Explain['statement']>(2, [
      { ALT: () => p.sub(r.insert) },
      { ALT: () => bareStatementSet(p, r) },
      { ALT: () => p.sub(r.createStatement) as CreateTable },
      { ALT: () => p.sub(r.executeStatement) as Insert },
      { ALT: () => p.sub(r.query) },
    ])
    p.act(() => {
      if (!explainable.includes(statement.kind))
        p.refuse(
          'MR_PARSE_EXPLAIN',
          `EXPLAIN takes a query, an INSERT, a statement set or CREATE TABLE AS`,
          start,
        )
    })
    return { kind: 'Explain', details, statement, position: p.span(start) }
  })
}

const explainable: readonly string[] = ['Insert', 'StatementSet', 'CreateTable', 'Query']

function explainDetail(p: Grammar): ExplainDetail {
  return p.oneOf<ExplainDetail>(1, [
    [k.ESTIMATED_COST, 'ESTIMATED_COST'],
    [k.CHANGELOG_MODE, 'CHANGELOG_MODE'],
    [k.JSON_EXECUTION_PLAN, 'JSON_EXECUTION_PLAN'],
    [k.PLAN_ADVICE, 'PLAN_ADVICE'],
  ])
}

function insertsUntilEnd(p: Grammar, r: Rules): readonly Insert[] {
  const inserts: Insert[] = []
  p.atLeastOnce(0, () => {
    inserts.push(p.sub(r.insert))
    p.take(t.Semicolon)
  })
  p.take(k.END)
  return inserts
}

/** `STATEMENT SET BEGIN … END`, as EXPLAIN and COMPILE PLAN take it. */
function bareStatementSet(p: Grammar, r: Rules) {
  const start = p.mark()
  p.words(k.STATEMENT, k.SET)
  const inserts = p.sub(r.statementSet)
  return { kind: 'StatementSet' as const, inserts, position: p.span(start) }
}

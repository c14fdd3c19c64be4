import type { Describe, QualifiedName, ShowCreate, ShowLike, ShowObject, Statement } from '../ast/index.ts'
import { k, t } from '../tokens.ts'
import type { Grammar } from './grammar.ts'
import type { Rules } from './rules.ts'

/** SET, RESET, USE, SHOW, DESCRIBE, CALL and the statements about jobs. */
export function defineSessionRules(p: Grammar, r: Rules): void {
  r.set = p.rule('set', () => {
    const start = p.mark()
    p.take(k.SET)
    const pair = p.opt(0, () => {
      const key = p.sub(r.string)
      p.take(t.Equals)
      return { key, value: p.sub(r.string) }
    })
    return { kind: 'Set', key: pair?.key, value: pair?.value, position: p.span(start) }
  })

  r.reset = p.rule('reset', () => {
    const start = p.mark()
    p.take(k.RESET)
    const key = p.opt(0, () => p.sub(r.string))
    return { kind: 'Reset', key, position: p.span(start) }
  })

  r.use = p.rule('use', () => {
    const start = p.mark()
    p.take(k.USE)
    return p.alt<Statement>(0, [
      {
        ALT: () => {
          p.take(k.CATALOG)
          const name = p.name()
          return { kind: 'UseCatalog', name, position: p.span(start) }
        },
        GATE: () => p.isAt(2, t.Identifier),
      },
      {
        ALT: () => {
          const name = p.sub(r.qualifiedName)
          return { kind: 'UseDatabase', name, position: p.span(start) }
        },
      },
    ])
  })

  defineShowRules(p, r)

  r.describe = p.rule('describe', () => {
    const start = p.mark()
    p.oneOf(0, [
      [k.DESCRIBE, 0],
      [k.DESC, 0],
    ])
    return p.alt<Statement>(1, [
      {
        ALT: () => {
          p.take(k.JOB)
          const jobId = p.sub(r.string)
          return { kind: 'DescribeJob', jobId, position: p.span(start) }
        },
        GATE: () => p.isAt(2, t.String),
      },
      {
        ALT: () => {
          const object = p.oneOf<Describe['object']>(2, [
            [k.CATALOG, 'CATALOG'],
            [k.DATABASE, 'DATABASE'],
            [k.FUNCTION, 'FUNCTION'],
          ])
          const extended = p.has(1, k.EXTENDED)
          const name = p.sub(r.qualifiedName)
          return { kind: 'Describe', object, extended, name, position: p.span(start) }
        },
        GATE: () => p.isAt(1, k.FUNCTION) || p.isAt(2, t.Identifier) || p.isAt(2, k.EXTENDED),
      },
      {
        ALT: () => {
          const extended = p.has(2, k.EXTENDED)
          const name = p.sub(r.qualifiedName)
          return { kind: 'Describe', object: 'TABLE', extended, name, position: p.span(start) }
        },
      },
    ])
  })

  r.stopJob = p.rule('stopJob', () => {
    const start = p.mark()
    p.words(k.STOP, k.JOB)
    const jobId = p.sub(r.string)
    let withSavepoint = false
    let withDrain = false
    p.rep(0, () => {
      p.take(k.WITH)
      const isDrain = p.oneOf(0, [
        [k.SAVEPOINT, false],
        [k.DRAIN, true],
      ])
      if (isDrain) withDrain = true
      else withSavepoint = true
    })
    return { kind: 'StopJob', jobId, withSavepoint, withDrain, position: p.span(start) }
  })

  r.call = p.rule('call', () => {
    const start = p.mark()
    p.take(k.CALL)
    const call = p.sub(r.functionCall)
    return { kind: 'Call', procedure: call.name, args: call.args, position: p.span(start) }
  })
}

function defineShowRules(p: Grammar, r: Rules): void {
  r.show = p.rule('show', () => {
    const start = p.mark()
    p.take(k.SHOW)
    return p.alt<Statement>(0, [
      { ALT: () => ({ ...p.sub(r.showCreate), position: p.span(start) }) },
      {
        ALT: () => {
          p.take(k.PARTITIONS)
          const from = p.sub(r.qualifiedName)
          return { kind: 'Show', object: 'PARTITIONS', from, like: undefined, position: p.span(start) }
        },
      },
      {
        ALT: () => {
          const object = showObject(p)
          const from = p.opt(1, () => {
            p.oneOf(10, [
              [k.FROM, 0],
              [k.IN, 0],
            ])
            return p.sub(r.qualifiedName)
          })
          const like = showLike(p, r)
          p.act(() => {
            if (object === 'COLUMNS' && from === undefined)
              p.refuse(
                'MR_PARSE_SHOW_FROM',
                'SHOW COLUMNS needs a table',
                start,
                'SHOW COLUMNS FROM table_name',
              )
          })
          return { kind: 'Show', object, from, like, position: p.span(start) }
        },
      },
    ])
  })

  r.showCreate = p.rule('showCreate', (): ShowCreate => {
    const start = p.mark()
    p.take(k.CREATE)
    const object = p.alt<ShowCreate['object']>(0, [
      {
        ALT: () =>
          p.oneOf(1, [
            [k.TABLE, 'TABLE' as const],
            [k.VIEW, 'VIEW' as const],
            [k.CATALOG, 'CATALOG' as const],
            [k.MODEL, 'MODEL' as const],
          ]),
      },
      {
        ALT: () => {
          p.words(k.MATERIALIZED, k.TABLE)
          return 'MATERIALIZED TABLE'
        },
      },
    ])
    const name: QualifiedName = p.sub(r.qualifiedName)
    return { kind: 'ShowCreate', object, name, position: p.span(start) }
  })
}

function showObject(p: Grammar): ShowObject {
  return p.alt<ShowObject>(20, [
    {
      ALT: () =>
        p.oneOf<ShowObject>(21, [
          [k.CATALOGS, 'CATALOGS'],
          [k.DATABASES, 'DATABASES'],
          [k.TABLES, 'TABLES'],
          [k.VIEWS, 'VIEWS'],
          [k.COLUMNS, 'COLUMNS'],
          [k.FUNCTIONS, 'FUNCTIONS'],
          [k.PROCEDURES, 'PROCEDURES'],
          [k.MODULES, 'MODULES'],
          [k.MODELS, 'MODELS'],
          [k.CONNECTIONS, 'CONNECTIONS'],
          [k.JARS, 'JARS'],
          [k.JOBS, 'JOBS'],
        ]),
    },
    {
      ALT: () => {
        p.take(k.CURRENT)
        return p.oneOf<ShowObject>(22, [
          [k.CATALOG, 'CURRENT CATALOG'],
          [k.DATABASE, 'CURRENT DATABASE'],
        ])
      },
    },
    {
      ALT: () => {
        p.words(k.USER, k.FUNCTIONS)
        return 'USER FUNCTIONS'
      },
    },
    {
      ALT: () => {
        p.words(k.FULL, k.MODULES)
        return 'FULL MODULES'
      },
    },
    {
      ALT: () => {
        p.words(k.MATERIALIZED, k.TABLES)
        return 'MATERIALIZED TABLES'
      },
    },
  ])
}

function showLike(p: Grammar, r: Rules): ShowLike | undefined {
  return p.opt(30, () => {
    const negated = p.has(31, k.NOT)
    const caseInsensitive = p.oneOf(30, [
      [k.LIKE, false],
      [k.ILIKE, true],
    ])
    return { pattern: p.sub(r.string), negated, caseInsensitive }
  })
}

import type { IToken } from 'chevrotain'
import type { Statement } from '../ast/index.ts'
import { k } from '../tokens.ts'
import type { Grammar } from './grammar.ts'
import type { Rules } from './rules.ts'

export function defineDropRules(p: Grammar, r: Rules): void {
  r.dropStatement = p.rule('dropStatement', () => {
    const start = p.mark()
    p.take(k.DROP)
    return p.alt<Statement>(0, [
      { ALT: () => dropTemporary(p, r, start) },
      {
        ALT: () => {
          const kind = p.oneOf(1, [
            [k.TABLE, 'DropTable' as const],
            [k.VIEW, 'DropView' as const],
          ])
          const ifExists = p.sub(r.ifExists)
          const name = p.sub(r.qualifiedName)
          return { kind, name, temporary: false, ifExists, position: p.span(start) }
        },
      },
      { ALT: () => dropFunction(p, r, start, false, false) },
      {
        ALT: () => {
          p.words(k.MATERIALIZED, k.TABLE)
          const ifExists = p.sub(r.ifExists)
          const name = p.sub(r.qualifiedName)
          return { kind: 'DropMaterializedTable', name, ifExists, position: p.span(start) }
        },
      },
      {
        ALT: () => {
          p.take(k.CATALOG)
          const ifExists = p.sub(r.ifExists)
          const name = p.name()
          return { kind: 'DropCatalog', name, ifExists, position: p.span(start) }
        },
      },
      {
        ALT: () => {
          p.take(k.DATABASE)
          const ifExists = p.sub(r.ifExists)
          const name = p.sub(r.qualifiedName)
          const cascade = p.opt(2, () =>
            p.oneOf(2, [
              [k.CASCADE, true],
              [k.RESTRICT, false],
            ]),
          )
          return { kind: 'DropDatabase', name, ifExists, cascade: cascade === true, position: p.span(start) }
        },
      },
    ])
  })
}

function dropTemporary(p: Grammar, r: Rules, start: IToken): Statement {
  p.take(k.TEMPORARY)
  return p.alt<Statement>(10, [
    {
      ALT: () => {
        const kind = p.oneOf(11, [
          [k.TABLE, 'DropTable' as const],
          [k.VIEW, 'DropView' as const],
        ])
        const ifExists = p.sub(r.ifExists)
        const name = p.sub(r.qualifiedName)
        return { kind, name, temporary: true, ifExists, position: p.span(start) }
      },
    },
    {
      ALT: () => {
        const system = p.has(12, k.SYSTEM)
        return dropFunction(p, r, start, true, system)
      },
    },
  ])
}

function dropFunction(p: Grammar, r: Rules, start: IToken, temporary: boolean, system: boolean): Statement {
  p.take(k.FUNCTION)
  const ifExists = p.sub(r.ifExists)
  const name = p.sub(r.qualifiedName)
  return { kind: 'DropFunction', name, temporary, system, ifExists, position: p.span(start) }
}

import type { Property, QualifiedName, StringLiteral } from '../ast/index.ts'
import { k, t, tokenValue } from '../tokens.ts'
import { type Grammar, positionOf } from './grammar.ts'
import type { Rules } from './rules.ts'

/** Names, strings, property lists, and the small clauses many statements share. */
export function defineNameRules(p: Grammar, r: Rules): void {
  r.qualifiedName = p.rule('qualifiedName', () => {
    const parts = [p.name()]
    p.rep(0, () => {
      p.take(t.Dot)
      parts.push(p.name())
    })
    return parts as unknown as QualifiedName
  })

  r.nameList = p.rule('nameList', () => p.parenthesized(0, () => p.name()))

  r.string = p.rule('string', (): StringLiteral => {
    const token = p.take(t.String)
    return { kind: 'StringLiteral', value: tokenValue(token), position: positionOf(token) }
  })

  r.properties = p.rule('properties', () => {
    const properties: Property[] = []
    p.take(t.LeftParen)
    p.opt(0, () => {
      p.list(0, () => {
        const start = p.mark()
        const key = p.sub(r.string)
        p.take(t.Equals)
        const value = p.sub(r.string)
        properties.push({ kind: 'Property', key, value, position: p.span(start) })
      })
    })
    p.take(t.RightParen)
    return properties
  })

  r.unsignedInteger = p.rule('unsignedInteger', () => Number(p.take(t.Integer).image))
  // IF is not reserved: `DROP TABLE if` drops a table.
  r.ifExists = p.rule('ifExists', () => {
    const given = p.opt(
      0,
      () => {
        p.words(k.IF, k.EXISTS)
        return true
      },
      () => p.isAt(2, k.EXISTS),
    )
    return given === true
  })
  r.ifNotExists = p.rule('ifNotExists', () => {
    const given = p.opt(
      0,
      () => {
        p.words(k.IF, k.NOT, k.EXISTS)
        return true
      },
      () => p.isAt(2, k.NOT),
    )
    return given === true
  })
}

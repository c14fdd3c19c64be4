import { expect, test } from 'vitest'
import { sqlParser } from '../../../src/parser/sql-parser.ts'

interface Production {
  readonly type: string
  readonly idx?: number
  readonly definition?: readonly Production[]
}

/**
 * Chevrotain's own validation is switched off, since it costs start-up time; the one mistake that would
 * silently take a wrong decision is the same index used for two different productions of one rule. (A list
 * records its item twice, with the same content.)
 */
test('no rule uses an index for two different decisions', () => {
  const repeated: string[] = []
  for (const rule of sqlParser().grammar.getSerializedGastProductions() as unknown as (Production & {
    readonly name: string
  })[]) {
    const seen = new Map<string, string>()
    const visit = (production: Production) => {
      const isDecision = ['Option', 'Alternation', 'Repetition', 'RepetitionMandatory'].includes(
        production.type,
      )
      const key = `${production.type} ${production.idx}`
      const content = JSON.stringify(production)
      if (isDecision && (seen.get(key) ?? content) !== content) repeated.push(`${rule.name}: ${key}`)
      if (isDecision) seen.set(key, content)
      for (const inner of production.definition ?? []) visit(inner)
    }
    visit(rule)
  }
  expect(repeated).toEqual([])
})

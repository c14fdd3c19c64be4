import type { ILookaheadStrategy, IProduction, Rule, TokenType } from 'chevrotain'
import {
  Alternation,
  type Alternative,
  NonTerminal,
  Option,
  Repetition,
  RepetitionMandatory,
  Terminal,
} from 'chevrotain'

/**
 * Ordered choice on one token: an alternative is taken if its gate passes and the next token can start it; the
 * first such one wins. Deeper decisions are gates that say what they look for. Decision tables are built when a
 * production is first reached, so that loading the parser does not pay for statements a script never uses.
 */
export function orderedChoice(): ILookaheadStrategy {
  const starts = new StartSets()
  return {
    validate: () => [],
    buildLookaheadForAlternation({ rule, prodOccurrence }) {
      let tables: readonly StartTable[] | undefined
      return function (this: LookaheadHost, alternatives) {
        tables ??= (findProduction(rule, Alternation, prodOccurrence).definition as Alternative[]).map(
          alternative => starts.tableOf(alternative.definition),
        )
        return choose(this, alternatives ?? [], tables)
      }
    },
    buildLookaheadForOptional({ rule, prodOccurrence, prodType }) {
      let table: StartTable | undefined
      return function (this: LookaheadHost) {
        table ??= starts.tableOf(findProduction(rule, optionalClass(prodType), prodOccurrence).definition)
        this.noteExpected(table)
        return table.has[this.nextTypeIndex()] === 1
      }
    },
  }
}

/** What the parser offers the strategy: the next token, and a place to note what would have been right there. */
export interface LookaheadHost {
  nextTypeIndex(): number
  noteExpected(table: StartTable): void
  /** None of these could be taken: the parse fails here. */
  noteRequired(tables: readonly StartTable[]): void
}

/** The tokens a production can start with; `has` is indexed by token type and includes category members. */
export interface StartTable {
  readonly types: ReadonlySet<TokenType>
  readonly has: Uint8Array
  readonly canBeEmpty: boolean
}

function choose(
  host: LookaheadHost,
  alternatives: readonly { readonly GATE?: () => boolean }[],
  tables: readonly StartTable[],
): number | undefined {
  const next = host.nextTypeIndex()
  for (let i = 0; i < tables.length; i++) {
    const gate = alternatives[i]!.GATE
    if (gate !== undefined && !gate.call(host)) continue
    const table = tables[i]!
    host.noteExpected(table)
    if (table.canBeEmpty || table.has[next] === 1) return i
  }
  host.noteRequired(tables)
  return undefined
}

const optionalClasses = { Option, Repetition, RepetitionMandatory } as const

function optionalClass(prodType: string) {
  const found = optionalClasses[prodType as keyof typeof optionalClasses]
  if (found === undefined) throw new Error(`the grammar uses ${prodType}, which orderedChoice does not build`)
  return found
}

type ProductionClass<T> = new (...args: never[]) => T
interface Composite extends IProduction {
  readonly definition: IProduction[]
}

function findProduction<T extends IProduction & { readonly idx: number }>(
  rule: Rule,
  wanted: ProductionClass<T>,
  occurrence: number,
): T {
  const search = (productions: readonly IProduction[]): T | undefined => {
    for (const production of productions) {
      if (production instanceof wanted && production.idx === occurrence) return production
      if (production instanceof NonTerminal || production instanceof Terminal) continue
      const inner = search((production as Composite).definition)
      if (inner !== undefined) return inner
    }
    return undefined
  }
  const found = search(rule.definition)
  if (found === undefined) throw new Error(`rule ${rule.name} has no production ${occurrence}`)
  return found
}

interface Start {
  readonly types: Set<TokenType>
  canBeEmpty: boolean
}

class StartSets {
  readonly #ofRule = new Map<Rule, Start>()

  tableOf(sequence: readonly IProduction[]): StartTable {
    const { types, canBeEmpty } = this.#ofSequence(sequence)
    const indexes = [...types].flatMap(type => [type.tokenTypeIdx!, ...(type.categoryMatches ?? [])])
    const has = new Uint8Array(Math.max(0, ...indexes) + 1)
    for (const index of indexes) has[index] = 1
    return { types, has, canBeEmpty }
  }

  #ofSequence(sequence: readonly IProduction[]): Start {
    const start: Start = { types: new Set(), canBeEmpty: true }
    for (const production of sequence) {
      const inner = this.#ofProduction(production)
      for (const type of inner.types) start.types.add(type)
      if (!inner.canBeEmpty) {
        start.canBeEmpty = false
        break
      }
    }
    return start
  }

  #ofProduction(production: IProduction): Start {
    if (production instanceof Terminal)
      return { types: new Set([production.terminalType]), canBeEmpty: false }
    if (production instanceof NonTerminal) return this.#ofReferencedRule(production.referencedRule)
    if (production instanceof Alternation) {
      const start: Start = { types: new Set(), canBeEmpty: false }
      for (const alternative of production.definition as Alternative[]) {
        const inner = this.#ofSequence(alternative.definition)
        for (const type of inner.types) start.types.add(type)
        start.canBeEmpty ||= inner.canBeEmpty
      }
      return start
    }
    const start = this.#ofSequence((production as Composite).definition)
    if (!(production instanceof RepetitionMandatory)) start.canBeEmpty = true
    return start
  }

  #ofReferencedRule(rule: Rule): Start {
    let start = this.#ofRule.get(rule)
    if (start === undefined) {
      start = this.#ofSequence(rule.definition)
      this.#ofRule.set(rule, start)
    }
    return start
  }
}

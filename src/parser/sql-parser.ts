import { MillraceError, parseError, type SourceText } from '../errors/index.ts'
import { describeFailure } from './errors/describe.ts'
import { defineAlterRules } from './grammar/alter.ts'
import { defineCallRules } from './grammar/call.ts'
import { defineCreateRules } from './grammar/create.ts'
import { defineDmlRules } from './grammar/dml.ts'
import { defineDropRules } from './grammar/drop.ts'
import { defineExpressionRules } from './grammar/expression.ts'
import { Grammar, positionOf, type RuleOf } from './grammar/grammar.ts'
import { defineJsonRules } from './grammar/json-call.ts'
import { defineMatchRecognizeRules } from './grammar/match-recognize.ts'
import { defineNameRules } from './grammar/name.ts'
import { definePrimaryRules } from './grammar/primary.ts'
import { defineQueryRules } from './grammar/query.ts'
import { defineRelationRules } from './grammar/relation.ts'
import type { Rules } from './grammar/rules.ts'
import { defineSessionRules } from './grammar/session.ts'
import { defineSpecialCallRules } from './grammar/special-call.ts'
import { defineStatementRules } from './grammar/statement.ts'
import { defineTableElementRules } from './grammar/table-elements.ts'
import { defineTypeRules } from './grammar/type.ts'
import { defineWindowRules } from './grammar/window.ts'
import { tokenize } from './lexer.ts'

const grammarParts = [
  defineStatementRules,
  defineNameRules,
  defineTypeRules,
  defineExpressionRules,
  definePrimaryRules,
  defineCallRules,
  defineSpecialCallRules,
  defineJsonRules,
  defineQueryRules,
  defineRelationRules,
  defineWindowRules,
  defineMatchRecognizeRules,
  defineTableElementRules,
  defineCreateRules,
  defineAlterRules,
  defineDropRules,
  defineDmlRules,
  defineSessionRules,
]

export interface SqlParser {
  readonly grammar: Grammar
  readonly rules: Rules
}

let shared: SqlParser | undefined

/** The one parser of this isolate, built at first use. Parsing is synchronous, so sharing it is safe. */
export function sqlParser(): SqlParser {
  shared ??= buildParser()
  return shared
}

/** Gives its memory back, some megabytes; the next text builds it anew, in some 70 ms. */
export function forgetParser(): void {
  shared = undefined
}

function buildParser(): SqlParser {
  const grammar = new Grammar()
  const rules = {} as Rules
  for (const define of grammarParts) define(grammar, rules)
  grammar.complete()
  return { grammar, rules }
}

export type EntryRule = 'script' | 'singleStatement' | 'singleExpression' | 'singleTypeName'

/** Parses a whole text by one rule; throws the ParseError of the first place that is wrong. */
export function parseWith<E extends EntryRule>(source: SourceText, entry: E): ReturnType<Rules[E]> {
  const { grammar, rules } = sqlParser()
  const tokens = tokenize(source)
  const rule: RuleOf<unknown> = rules[entry]
  try {
    grammar.input = tokens
    const result = rule.call(grammar)
    const [failure] = grammar.errors
    if (failure === undefined) return result as ReturnType<Rules[E]>
    throw describeFailure({ grammar, rule, tokens, failure, source })
  } catch (thrown) {
    if (thrown instanceof MillraceError) throw thrown.withSource(source)
    if (thrown instanceof RangeError) throw tooDeep(grammar, source)
    throw thrown
  }
}

/** Each level of nesting takes some forty stack frames; what overflows the stack is no query a person wrote. */
function tooDeep(grammar: Grammar, source: SourceText): MillraceError {
  return parseError('MR_PARSE_TOO_DEEP', 'this is nested too deeply', {
    position: positionOf(grammar.peek(1)),
    source,
    hint: 'split it into views or WITH tables',
  })
}

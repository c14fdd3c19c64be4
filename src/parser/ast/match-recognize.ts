import type { Expression, IntervalLiteral } from './expression.ts'
import type { AstNode, Identifier } from './node.ts'
import type { OrderItem, Relation, TableAlias } from './query.ts'

/** Flink's subset: one row per match, a pattern of variables in sequence with quantifiers. */
export interface MatchRecognize extends AstNode {
  readonly kind: 'MatchRecognize'
  readonly input: Relation
  readonly partitionBy: readonly Expression[]
  readonly orderBy: readonly OrderItem[]
  readonly measures: readonly Measure[]
  /** Undefined when the clause was left out: Flink then skips to the next row. */
  readonly afterMatch: AfterMatch | undefined
  readonly pattern: readonly PatternVariable[]
  readonly within: IntervalLiteral | undefined
  readonly definitions: readonly PatternDefinition[]
  readonly alias: TableAlias | undefined
}

export interface Measure extends AstNode {
  readonly kind: 'Measure'
  readonly expression: Expression
  readonly semantics: 'RUNNING' | 'FINAL' | undefined
  readonly alias: Identifier
}

export type AfterMatch =
  | { readonly kind: 'SkipPastLastRow' | 'SkipToNextRow' }
  | { readonly kind: 'SkipToFirst' | 'SkipToLast'; readonly variable: Identifier }

/** A variable with its quantifier; without one, min = max = 1. `max` undefined means unbounded. */
export interface PatternVariable extends AstNode {
  readonly kind: 'PatternVariable'
  readonly name: Identifier
  readonly min: number
  readonly max: number | undefined
  readonly reluctant: boolean
}

export interface PatternDefinition extends AstNode {
  readonly kind: 'PatternDefinition'
  readonly variable: Identifier
  readonly condition: Expression
}

/** Text → AST and back. The only folder that knows Chevrotain. Knows no catalog and no types. */
import type { SourceText } from '../errors/index.ts'
import type { Expression, Statement, TypeName } from './ast/index.ts'
import { parseWith } from './sql-parser.ts'

export * from './ast/index.ts'
export { type SubstitutedSource, substituteParams } from './params.ts'
export { printExpression, printQuery, printStatement, printType } from './print/index.ts'
export { forgetParser } from './sql-parser.ts'

/**
 * All statements of a script, in order. Throws the ParseError of the first place that is wrong.
 */
export function parseScript(source: SourceText): readonly Statement[] {
  return parseWith(source, 'script')
}

/** Exactly one statement; semicolons may follow it. Throws a ParseError. */
export function parseStatement(source: SourceText): Statement {
  return parseWith(source, 'singleStatement')
}

/** An expression alone, as in a computed column. Throws a ParseError. */
export function parseExpression(source: SourceText): Expression {
  return parseWith(source, 'singleExpression')
}

/** A type alone: `DECIMAL(10, 2) NOT NULL`. Throws a ParseError. */
export function parseTypeName(source: SourceText): TypeName {
  return parseWith(source, 'singleTypeName')
}

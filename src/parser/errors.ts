import type { IToken, TokenType } from 'chevrotain'
import type { MillraceError, SourceText } from '../errors/index.ts'
import { parseError } from '../errors/index.ts'
import type { Grammar, RuleOf } from './grammar/grammar.ts'

export function describeFailure(
  grammar: Grammar,
  rule: RuleOf<unknown>,
  tokens: IToken[],
  index: number,
  source: SourceText,
): MillraceError {
  const expected = grammar.expectedAt(index, tokens, () => rule.call(grammar))
  const token = tokens[index]
  return parseError('MR_PARSE_UNEXPECTED', `unexpected ${token?.image ?? 'end'}`, {
    expected: [...expected].map((type: TokenType) => type.name),
    source,
  })
}

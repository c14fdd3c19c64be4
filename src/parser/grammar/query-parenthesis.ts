import { k, t } from '../tokens.ts'
import type { Grammar } from './grammar.ts'

/**
 * Whether the `(` at `offset` opens a query: `(SELECT …`, `((VALUES 1) UNION …`, but not `((SELECT 1) + 1)` and
 * not `((SELECT …) AS t JOIN …)`.
 */
export function isQueryParenthesis(p: Grammar, offset: number): boolean {
  if (!p.isAt(offset, t.LeftParen)) return false
  if (queryStarts.some(word => p.isAt(offset + 1, word))) return true
  if (!isQueryParenthesis(p, offset + 1)) return false
  const after = closingParenthesis(p, offset + 1) + 1
  return queryContinuations.some(type => p.isAt(after, type))
}

const queryStarts = [k.SELECT, k.VALUES, k.WITH]
const queryContinuations = [t.RightParen, k.UNION, k.INTERSECT, k.EXCEPT, k.ORDER, k.LIMIT, k.OFFSET, k.FETCH]

/** Offset of the `)` that closes the `(` at `offset`; the end of input when there is none. */
function closingParenthesis(p: Grammar, offset: number): number {
  let depth = 0
  for (let at = offset; !p.isAt(at, t.End); at++) {
    if (p.isAt(at, t.LeftParen)) depth++
    else if (p.isAt(at, t.RightParen) && --depth === 0) return at
  }
  return Number.MAX_SAFE_INTEGER
}

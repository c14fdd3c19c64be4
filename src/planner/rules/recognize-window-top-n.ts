import { validationError } from '../../errors/index.ts'
import type { BoundExpression } from '../../expressions/bound-expression.ts'
import { conjunction, conjuncts, constantInteger, inputRef } from '../expression-rewrite.ts'
import { filter, type LogicalPlan, project, type RowNumber, windowTopN } from '../logical/index.ts'
import { windowColumns } from '../traits/window-columns.ts'
import { nodeRule } from './rule.ts'

/** Filter(rownum <= n, RowNumber partitioned by both window bounds) → WindowTopN. */
export const recognizeWindowTopN = nodeRule('recognize-window-top-n', node => {
  if (node.kind !== 'Filter' || node.input.kind !== 'RowNumber') return node
  const ranked = node.input
  const all = conjuncts(node.condition)
  const range = rankRange(all, ranked.output.length - 1)
  if (range === undefined) return node
  const top = toWindowTopN(ranked, range)
  const rest = conjunction(all.filter(e => boundOf(e, ranked.output.length - 1) === undefined))
  const named = withRankName(top, ranked)
  return rest === null ? named : filter(named, rest)
})

interface RankRange {
  readonly from: number
  readonly to: number
}

/** [from, to] that the conditions on the row number allow, or undefined without an upper bound. */
function rankRange(all: readonly BoundExpression[], rank: number): RankRange | undefined {
  let from = 1
  let to = Number.POSITIVE_INFINITY
  for (const e of all) {
    const bound = boundOf(e, rank)
    if (bound === undefined) continue
    from = Math.max(from, bound.from)
    to = Math.min(to, bound.to)
  }
  return Number.isFinite(to) ? { from, to } : undefined
}

const mirrored: Readonly<Record<string, string>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=', '=': '=' }

/** What one comparison of the row number with a constant allows; undefined for any other condition. */
function boundOf(e: BoundExpression, rank: number): RankRange | undefined {
  if (e.kind !== 'Call' || mirrored[e.function] === undefined || e.arguments.length !== 2) return undefined
  const [left, right] = e.arguments
  const forward = isRank(left!, rank)
  if (!forward && !isRank(right!, rank)) return undefined
  const n = constantInteger(forward ? right! : left!)
  if (n === undefined) return undefined
  switch (forward ? e.function : mirrored[e.function]) {
    case '<':
      return { from: 1, to: n - 1 }
    case '<=':
      return { from: 1, to: n }
    case '>':
      return { from: n + 1, to: Number.POSITIVE_INFINITY }
    case '>=':
      return { from: n, to: Number.POSITIVE_INFINITY }
    default:
      return { from: n, to: n }
  }
}

const isRank = (e: BoundExpression, rank: number): boolean =>
  e.kind === 'Cast' ? isRank(e.operand, rank) : e.kind === 'InputRef' && e.index === rank

function toWindowTopN(ranked: RowNumber, range: RankRange): LogicalPlan {
  const window = windowColumns(ranked.input)
  const start = ranked.partitionKeys.find(k => window?.start.has(k))
  const end = ranked.partitionKeys.find(k => window?.end.has(k))
  if (window === undefined || start === undefined || end === undefined) {
    throw validationError('MR_PLAN_UNSUPPORTED', 'Top-N without a window is not supported yet', {
      position: ranked.position,
      hint: 'supported: ROW_NUMBER() OVER (PARTITION BY window_start, window_end[, k] ORDER BY …) on rows of a window function or window aggregate',
    })
  }
  if (window.attribute === 'proctime') {
    throw validationError('MR_PLAN_UNSUPPORTED', 'Top-N on processing-time windows is not supported yet', {
      position: ranked.position,
      hint: 'use windows over a column that has a WATERMARK',
    })
  }
  if (range.to < range.from) {
    throw validationError('MR_PLAN_EMPTY_TOP_N', 'no row number passes the condition', {
      position: ranked.position,
      hint: 'row numbers start at 1',
    })
  }
  const isBound = (k: number) => window.start.has(k) || window.end.has(k) || window.time.has(k)
  return windowTopN({
    input: ranked.input,
    startColumn: start,
    endColumn: end,
    localTimeZone: window.localTimeZone,
    partitionKeys: ranked.partitionKeys.filter(k => !isBound(k)),
    sortKeys: ranked.sortKeys,
    from: range.from,
    to: range.to,
    outputRowNumber: true,
    position: ranked.position,
  })
}

/** The row number under the name and type the query gave it. */
function withRankName(top: LogicalPlan, ranked: RowNumber): LogicalPlan {
  const names = ranked.output.map(f => f.name)
  if (top.output.every((f, i) => f.name === names[i])) return top
  return project(
    top,
    top.output.map((f, i) => inputRef(i, f.type)),
    names,
  )
}

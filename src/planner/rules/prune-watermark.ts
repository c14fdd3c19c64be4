import type { BoundExpression } from '../../expressions/index.ts'
import { partsOf } from '../expression-rewrite.ts'
import { inputsOf, type LogicalPlan, withInputs } from '../logical/index.ts'
import type { Rule } from './rule.ts'

/** A scan makes watermarks only for plans that use event time: else its time column need not be read. */
export const pruneWatermark: Rule = { name: 'prune-watermark', rewrite: plan => prune(plan, false) }

function prune(plan: LogicalPlan, neededAbove: boolean): LogicalPlan {
  const needed = neededAbove || usesEventTime(plan)
  if (plan.kind === 'Scan') return needed || plan.watermark === null ? plan : { ...plan, watermark: null }
  return withInputs(
    plan,
    inputsOf(plan).map(input => prune(input, needed)),
  )
}

function usesEventTime(plan: LogicalPlan): boolean {
  switch (plan.kind) {
    case 'WindowTableFunction':
      return plan.time.attribute === 'rowtime'
    case 'WindowAggregate':
      return plan.time.kind === 'attached' || plan.time.attribute === 'rowtime'
    case 'WindowTopN':
      return true
    case 'Filter':
      return readsWatermark(plan.condition)
    case 'Project':
      return plan.projections.some(readsWatermark)
    case 'Scan':
      return [plan.condition, ...plan.projections].some(e => e !== null && readsWatermark(e))
    default:
      return false
  }
}

const readsWatermark = (e: BoundExpression): boolean =>
  (e.kind === 'Call' && e.function === 'CURRENT_WATERMARK') || partsOf(e).some(readsWatermark)

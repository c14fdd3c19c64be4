/** The rules in the order they run. The pushing rules repeat until nothing changes. */
import type { BoundExpression } from '../../expressions/bound-expression.ts'
import type { LogicalPlan } from '../logical/index.ts'
import { mergeFilters } from './merge-filters.ts'
import { mergeProjects } from './merge-projects.ts'
import { pruneColumns } from './prune-columns.ts'
import { pruneScanColumns } from './prune-scan-columns.ts'
import { pruneWatermark } from './prune-watermark.ts'
import { pushFilterIntoScan } from './push-filter-into-scan.ts'
import { pushFilterThroughProject } from './push-filter-through-project.ts'
import { pushFilterThroughWindow } from './push-filter-through-window.ts'
import { pushProjectIntoScan } from './push-project-into-scan.ts'
import { pushThroughUnion } from './push-through-union.ts'
import { recognizeWindowAggregate } from './recognize-window-aggregate.ts'
import { recognizeWindowTopN } from './recognize-window-top-n.ts'
import { removeIdentityProjects } from './remove-identity-projects.ts'
import { removeTrueFilters } from './remove-true-filters.ts'
import type { Rule, RuleContext } from './rule.ts'
import { shareScans } from './share-scans.ts'
import { simplifyExpressions } from './simplify-expressions.ts'

export const pushingRules: readonly Rule[] = [
  removeTrueFilters,
  pushFilterThroughProject,
  mergeFilters,
  mergeProjects,
  pushFilterThroughWindow,
  pushThroughUnion,
  recognizeWindowTopN,
]

export const finalRules: readonly Rule[] = [
  recognizeWindowAggregate,
  pruneColumns,
  mergeProjects,
  removeIdentityProjects,
  pushFilterThroughProject,
  mergeFilters,
  pushFilterIntoScan,
  pushProjectIntoScan,
  pruneWatermark,
  pruneScanColumns,
]

const MAX_ROUNDS = 50

export interface OptimizerContext extends RuleContext {
  readonly simplify: (e: BoundExpression) => BoundExpression
  /** `table.optimizer.reuse-source-enabled`. */
  readonly reuseSources: boolean
}

/** All plans of one job at once, because scans are shared between them. */
export function optimize(plans: readonly LogicalPlan[], context: OptimizerContext): readonly LogicalPlan[] {
  const simplify = simplifyExpressions(context.simplify)
  const optimized = plans.map(plan => {
    const pushed = untilStable(simplify.rewrite(plan, context), pushingRules, context)
    const planned = finalRules.reduce((current, rule) => rule.rewrite(current, context), pushed)
    return simplify.rewrite(planned, context)
  })
  return context.reuseSources ? shareScans(optimized) : optimized
}

function untilStable(plan: LogicalPlan, rules: readonly Rule[], context: RuleContext): LogicalPlan {
  let current = plan
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const next = rules.reduce((at, rule) => rule.rewrite(at, context), current)
    if (next === current) return next
    current = next
  }
  return current
}

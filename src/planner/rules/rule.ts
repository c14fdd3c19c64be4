import { type LogicalPlan, transformUp } from '../logical/index.ts'
import type { EmitStrategy } from '../plan-graph/plan-graph.ts'

export interface RuleContext {
  /** When window aggregates speak (`table.exec.emit.*`). */
  readonly emit: EmitStrategy
}

/** A rewrite that keeps a plan's meaning. `rewrite` gives back the same object when it does not apply. */
export interface Rule {
  readonly name: string
  readonly rewrite: (plan: LogicalPlan, context: RuleContext) => LogicalPlan
}

/** A rule that looks at one node over already rewritten inputs. */
export const nodeRule = (
  name: string,
  rewriteNode: (node: LogicalPlan, context: RuleContext) => LogicalPlan,
): Rule => ({ name, rewrite: (plan, context) => transformUp(plan, node => rewriteNode(node, context)) })

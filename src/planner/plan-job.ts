/** Bound statements → one job: rules, physical nodes, checks, graph. The planner's middle, without SQL text. */
import type { Config } from '../catalog/index.ts'
import { type BoundExpression, simplify } from '../expressions/index.ts'
import { emitStrategy } from './emit-strategy.ts'
import type { LogicalPlan } from './logical/index.ts'
import { emitGraph } from './physical/emit-graph.ts'
import type { AggPhaseStrategy } from './physical/local-phase.ts'
import { PhysicalPlanner } from './physical/physical-planner.ts'
import type { PlanGraph } from './plan-graph/plan-graph.ts'
import { optimize } from './rules/rule-list.ts'
import { checkInputs, checkSink } from './traits/check-sinks.ts'

export interface JobOptions {
  /** The job's name unless `pipeline.name` is set. */
  readonly jobName: string
}

export interface PlannedJob {
  readonly graph: PlanGraph
  /** As bound, before any rule. */
  readonly bound: readonly LogicalPlan[]
  readonly optimized: readonly LogicalPlan[]
}

export function planJob(bound: readonly LogicalPlan[], config: Config, options: JobOptions): PlannedJob {
  const timeZone = config.timeZone()
  const environment = { timeZone, now: Date.now, currentWatermark: () => Number.NEGATIVE_INFINITY }
  const optimized = optimize(bound, {
    emit: emitStrategy(config),
    simplify: (e: BoundExpression) => simplify(e, environment),
    reuseSources: config.boolean('table.optimizer.reuse-source-enabled'),
  })
  const parallelism = defaultParallelism(config)
  const planner = new PhysicalPlanner({
    parallelism,
    stateTtlMs: config.durationMs('table.exec.state.ttl'),
    notNullEnforcer: config.string('table.exec.sink.not-null-enforcer') === 'DROP' ? 'drop' : 'error',
    keyedShuffle: config.string('table.exec.sink.keyed-shuffle') as 'NONE' | 'AUTO' | 'FORCE',
    aggPhaseStrategy: config.string('table.optimizer.agg-phase-strategy') as AggPhaseStrategy,
    normalizeCdc: config.boolean('table.exec.source.cdc-events-duplicate'),
  })
  const roots = optimized.map(plan => {
    const node = planner.plan(plan)
    checkInputs(node)
    if (plan.kind === 'Sink') {
      checkSink({ node, tableName: plan.table.path[2], changelogMode: plan.changelogMode })
    }
    return node
  })
  const name = config.optionalString('pipeline.name') ?? options.jobName
  return { graph: emitGraph(roots, { name, parallelism, timeZone }), bound, optimized }
}

/** `table.exec.resource.default-parallelism` when positive, else `parallelism.default`. */
function defaultParallelism(config: Config): number {
  const own = config.integer('table.exec.resource.default-parallelism')
  return own > 0 ? own : Math.max(1, config.integer('parallelism.default'))
}

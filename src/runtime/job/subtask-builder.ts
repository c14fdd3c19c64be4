/** Builds the subtasks of one attempt: operators chained, outputs wired, state restored. */
import type { RestoredState } from '../../checkpoint/state-files.ts'
import type { SinkWriter, SplitState } from '../../connectors/contract/index.ts'
import { internalError } from '../../errors/index.ts'
import { compileCalc } from '../../expressions/kernel/compile-calc.ts'
import type { KernelEnvironment } from '../../expressions/kernel/kernel.ts'
import { OperatorMetricGroup } from '../../metrics/operator-metrics.ts'
import type {
  PlanGraph,
  PlanNode,
  ScanNode,
  WindowAggregateNode,
} from '../../planner/plan-graph/plan-graph.ts'
import { keyGroupRange } from '../../state/key-groups.ts'
import type { LogicalType } from '../../types/index.ts'
import type { ExchangeWriter } from '../channels/exchange-writer.ts'
import { InputGate } from '../channels/input-gate.ts'
import { CollectOperator, type RowCollector } from '../operators/collect.ts'
import { LocalWindowAggregate } from '../operators/local-window-aggregate.ts'
import type { Operator, OperatorContext } from '../operators/operator.ts'
import { createOperator } from '../operators/operator-factory.ts'
import { SinkOperator } from '../operators/sink.ts'
import { type ChainedOperator, ChainOutput } from '../task/chain-output.ts'
import { ProcessingTimers } from '../task/processing-timers.ts'
import { mergeSourceStates, SOURCE_STATE, SourceDriver, type SourceState } from '../task/source-driver.ts'
import { SplitWatermarks } from '../task/split-watermarks.ts'
import { Subtask, type SubtaskParts } from '../task/subtask.ts'
import { createValuesReader } from '../task/values-reader.ts'
import type { Endpoints } from './endpoints.ts'
import type { Task, TaskGraph } from './task-graph.ts'
import type { Wiring } from './wiring.ts'

export interface BuildOptions {
  readonly graph: PlanGraph
  readonly taskGraph: TaskGraph
  readonly wiring: Wiring
  /** Whether a subtask is to run in this thread. */
  isOwn(task: Task, subtask: number): boolean
  readonly endpoints: Endpoints
  readonly restored: RestoredState | null
  /** Split states for scans the checkpoint knows nothing of. */
  readonly initialSplits: ReadonlyMap<string, readonly SplitState[]>
  readonly collector: RowCollector | null
  readonly maxParallelism: number
  readonly bufferTimeoutMs: number
  /** Processing time. */
  now(): number
  /** A clock nobody sets, for durations that change results. */
  steadyNow(): number
  readonly acknowledge: SubtaskParts['acknowledge']
  readonly changed?: SubtaskParts['changed']
  drained(): void
}

export interface BuiltSubtask {
  readonly task: Task
  readonly index: number
  readonly subtask: Subtask
  readonly metrics: ReadonlyMap<string, OperatorMetricGroup>
  readonly writers: readonly SinkWriter[]
}

/** What a subtask holds open outside the process. */
export function closablesOf({ subtask, writers }: BuiltSubtask): readonly { close(): Promise<void> }[] {
  const { head } = subtask.parts
  return head.kind === 'source' ? [head.source.reader, ...writers] : writers
}

/** Makes all subtasks of this thread, or none: what was opened before a failure is closed again. */
export async function buildSubtasks(options: BuildOptions): Promise<readonly BuiltSubtask[]> {
  const subtasks: BuiltSubtask[] = []
  const opened: { close(): Promise<void> }[] = []
  try {
    for (const task of options.taskGraph.tasks) {
      for (let index = 0; index < task.parallelism; index++) {
        if (options.isOwn(task, index))
          subtasks.push(await new SubtaskBuilder(options, task, index, opened).build())
      }
    }
  } catch (error) {
    await Promise.allSettled(opened.map(async part => part.close()))
    throw error
  }
  return subtasks
}

class SubtaskBuilder {
  readonly #options: BuildOptions
  readonly #task: Task
  readonly #index: number
  readonly #metrics = new Map<string, OperatorMetricGroup>()
  readonly #operators: ChainedOperator[] = []
  readonly #exchanges: ExchangeWriter[] = []
  readonly #localPhases: LocalWindowAggregate[] = []
  readonly #writers: SinkWriter[] = []
  readonly #collectors: RowCollector[] = []
  readonly #timers = new ProcessingTimers()
  /** Gets every reader and writer as soon as it is made. */
  readonly #opened: { close(): Promise<void> }[]

  constructor(options: BuildOptions, task: Task, index: number, opened: { close(): Promise<void> }[]) {
    this.#opened = opened
    this.#options = options
    this.#task = task
    this.#index = index
  }

  async build(): Promise<BuiltSubtask> {
    const { head } = this.#task
    const isSource = head.kind === 'Scan' || head.kind === 'Values'
    const parts: SubtaskParts = {
      task: this.#task.id,
      subtask: this.#index,
      head: isSource ? { kind: 'source', source: await this.#source(head) } : await this.#gate(head),
      operators: this.#operators,
      exchanges: this.#exchanges,
      localPhases: this.#localPhases,
      writers: this.#writers,
      collectors: this.#collectors,
      timers: this.#timers,
      bufferTimeoutMs: this.#options.bufferTimeoutMs,
      now: this.#options.now,
      acknowledge: this.#options.acknowledge,
      changed: this.#options.changed,
      drained: this.#options.drained,
    }
    const subtask = new Subtask(parts)
    return { task: this.#task, index: this.#index, subtask, metrics: this.#metrics, writers: this.#writers }
  }

  async #gate(head: PlanNode): Promise<SubtaskParts['head']> {
    const gate = new InputGate(this.#options.wiring.inputsOf(this.#task.id, this.#index))
    const output = new ChainOutput(new OperatorMetricGroup())
    output.addOperator(await this.#chain(head))
    return { kind: 'gate', gate, output }
  }

  #metricsOf(node: PlanNode): OperatorMetricGroup {
    const metrics = new OperatorMetricGroup()
    this.#metrics.set(node.id, metrics)
    return metrics
  }

  /** What node's rows go to: operators chained behind it and its exchanges. */
  async #output(node: PlanNode, metrics: OperatorMetricGroup): Promise<ChainOutput> {
    const output = new ChainOutput(metrics)
    for (const { writer, localPhaseOf } of this.#options.wiring.exchangesOf(node.id, this.#index)) {
      this.#exchanges.push(writer)
      if (localPhaseOf === null) output.addExchange(writer)
      else output.addOperator(this.#localPhase(localPhaseOf, node, writer))
    }
    for (const user of this.#options.taskGraph.chained.get(node.id) ?? [])
      output.addOperator(await this.#chain(user))
    return output
  }

  /** It is no node of the plan: it keeps no state and shows no metrics. */
  #localPhase(user: WindowAggregateNode, node: PlanNode, writer: ExchangeWriter): ChainedOperator {
    const metrics = new OperatorMetricGroup()
    const output = new ChainOutput(metrics)
    output.addExchange(writer)
    const types = node.output.map(field => field.type)
    const operator = new LocalWindowAggregate(user, types, { output, timeZone: this.#options.graph.timeZone })
    this.#localPhases.push(operator)
    return { nodeId: user.id, operator, metrics }
  }

  async #chain(node: PlanNode): Promise<ChainedOperator> {
    const metrics = this.#metricsOf(node)
    const output = await this.#output(node, metrics)
    let operator: Operator | null = null
    const context: OperatorContext = {
      output,
      metrics,
      subtask: this.#index,
      parallelism: this.#task.parallelism,
      keyGroups: keyGroupRange(this.#index, this.#task.parallelism, this.#options.maxParallelism),
      timeZone: this.#options.graph.timeZone,
      now: this.#options.now,
      requestTimer: timestampMs => {
        if (operator === null) throw internalError('a timer was requested before the operator was made')
        this.#timers.request(operator, timestampMs)
      },
    }
    operator = await this.#operator(node, context)
    const reader = this.#options.restored?.reader(node.id, context.keyGroups) ?? null
    if (reader !== null) operator.restore?.(reader)
    const chained: ChainedOperator = { nodeId: node.id, operator, metrics }
    this.#operators.unshift(chained)
    return chained
  }

  async #operator(node: PlanNode, context: OperatorContext): Promise<Operator> {
    switch (node.kind) {
      case 'Sink': {
        const sink = this.#options.endpoints.sinks.get(node.id)!
        const writer = await sink.createWriter({ subtask: this.#index, parallelism: this.#task.parallelism })
        this.#opened.push(writer)
        this.#writers.push(writer)
        return new SinkOperator(node, writer, context)
      }
      case 'Collect': {
        const { collector } = this.#options
        if (collector === null) throw internalError('the plan collects rows, but nobody takes them')
        this.#collectors.push(collector)
        return new CollectOperator(collector, context)
      }
      case 'Scan':
      case 'Values':
        throw internalError(`${node.kind} cannot be chained behind another node`)
      default:
        return createOperator(node, this.#inputTypes(node), context)
    }
  }

  #inputTypes(node: PlanNode): readonly LogicalType[] {
    const id = node.inputs[0]?.node
    const input = this.#options.graph.nodes.find(other => other.id === id)
    return input?.output.map(field => field.type) ?? []
  }

  async #source(node: PlanNode): Promise<SourceDriver> {
    const metrics = this.#metricsOf(node)
    const output = await this.#output(node, metrics)
    const { now, steadyNow, graph } = this.#options
    const environment: KernelEnvironment = {
      timeZone: graph.timeZone,
      now,
      currentWatermark: () => metrics.currentOutputWatermark,
    }
    const state = this.#sourceState(node.id)
    const splits = state?.splits ?? this.#options.initialSplits.get(node.id) ?? null
    const scan = node.kind === 'Scan' ? node : null
    const reader =
      node.kind === 'Values'
        ? createValuesReader(node, environment, this.#index, splits)
        : await this.#options.endpoints.sources.get(node.id)!.createReader({
            subtask: this.#index,
            parallelism: this.#task.parallelism,
            restored: splits,
          })
    this.#opened.push(reader)
    return new SourceDriver({
      nodeId: node.id,
      reader,
      kernel: compileCalc(scan === null ? identity(node) : scanSpec(scan), environment),
      output,
      metrics,
      watermarks: new SplitWatermarks(scan?.watermark?.idleTimeoutMs ?? 0, steadyNow),
      hasWatermark: scan !== null && scan.watermark !== null,
      restored: state,
    })
  }

  #sourceState(nodeId: string): SourceState | null {
    const values = this.#options.restored?.values(nodeId, SOURCE_STATE) ?? []
    return values.length === 0 ? null : mergeSourceStates(values)
  }
}

const scanSpec = (node: ScanNode) => ({
  inputTypes: node.columns.map(column => column.type),
  condition: node.condition,
  projections: node.projections,
  watermark: node.watermark?.expression ?? null,
})

const identity = (node: PlanNode) => ({
  inputTypes: node.output.map(field => field.type),
  condition: null,
  projections: node.output.map((field, index) => ({ kind: 'InputRef' as const, index, type: field.type })),
  watermark: null,
})

/** Filters and projects with a compiled kernel. No state; keeps order and row kinds. */
import { compileCalc } from '../../expressions/kernel/compile-calc.ts'
import type { CalcKernel } from '../../expressions/kernel/kernel.ts'
import type { CalcNode } from '../../planner/plan-graph/plan-graph.ts'
import type { Batch, LogicalType } from '../../types/index.ts'
import type { Operator, OperatorContext } from './operator.ts'

export function createCalcOperator(
  node: CalcNode,
  inputTypes: readonly LogicalType[],
  context: OperatorContext,
): Operator {
  return new CalcOperator(node, inputTypes, context)
}

class CalcOperator implements Operator {
  readonly #context: OperatorContext
  readonly #kernel: CalcKernel
  #watermark = -Infinity

  constructor(node: CalcNode, inputTypes: readonly LogicalType[], context: OperatorContext) {
    this.#context = context
    this.#kernel = compileCalc(
      { inputTypes, condition: node.condition, projections: node.projections, watermark: null },
      { timeZone: context.timeZone, now: () => context.now(), currentWatermark: () => this.#watermark },
    )
  }

  processBatch(batch: Batch): void {
    this.#context.output.emit(this.#kernel.process(batch))
  }

  processWatermark(timestampMs: number): void {
    this.#watermark = timestampMs
    this.#context.output.emitWatermark(timestampMs)
  }
}

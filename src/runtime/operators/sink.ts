/**
 * The end of a chain: checks NOT NULL columns and hands rows to the connector's writer. Waiting for the writer
 * is the subtask's business (`writer.ready()`); so is `flush` at barriers.
 */
import type { SinkWriter } from '../../connectors/contract/index.ts'
import type { SinkNode } from '../../planner/plan-graph/plan-graph.ts'
import type { Batch } from '../../types/index.ts'
import { NotNullEnforcer } from './not-null-enforcer.ts'
import type { Operator, OperatorContext } from './operator.ts'

export class SinkOperator implements Operator {
  readonly writer: SinkWriter
  readonly #enforcer: NotNullEnforcer
  readonly #context: OperatorContext

  constructor(node: SinkNode, writer: SinkWriter, context: OperatorContext) {
    this.writer = writer
    this.#enforcer = new NotNullEnforcer(node)
    this.#context = context
  }

  processBatch(batch: Batch): void {
    const rows = this.#enforcer.check(batch)
    if (this.#enforcer.numDropped > 0)
      this.#context.metrics.set('numNullRecordsDropped', this.#enforcer.numDropped)
    this.#context.output.emit(rows)
    if (rows.length > 0) this.writer.write(rows)
  }

  processWatermark(timestampMs: number): void {
    this.#context.output.emitWatermark(timestampMs)
  }
}

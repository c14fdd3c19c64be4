/**
 * Hands rows to a caller in the same process (a top-level SELECT). The caller says through `ready()` when it
 * can take more, so an unread query holds its source back instead of filling memory.
 */
import type { Batch } from '../../types/index.ts'
import type { Operator, OperatorContext } from './operator.ts'

export interface RowCollector {
  /** Copies or prints the rows at once; `batch` is borrowed. */
  collect(batch: Batch): void
  /** null when there is room. */
  ready(): Promise<void> | null
}

export class CollectOperator implements Operator {
  readonly collector: RowCollector
  readonly #context: OperatorContext

  constructor(collector: RowCollector, context: OperatorContext) {
    this.collector = collector
    this.#context = context
  }

  processBatch(batch: Batch): void {
    this.#context.output.emit(batch)
    this.collector.collect(batch)
  }

  processWatermark(timestampMs: number): void {
    this.#context.output.emitWatermark(timestampMs)
  }
}

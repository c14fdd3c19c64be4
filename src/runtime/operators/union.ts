/** UNION ALL: passes rows through; the gate before it merges watermarks and barriers. No state. */
import type { Batch } from '../../types/index.ts'
import type { Operator, OperatorContext } from './operator.ts'

export function createUnionOperator(context: OperatorContext): Operator {
  return {
    processBatch: (batch: Batch) => context.output.emit(batch),
    processWatermark: timestampMs => context.output.emitWatermark(timestampMs),
  }
}

/**
 * The rows of a Values node as a bounded source with one split, so that VALUES runs like any other input. Subtask 0
 * reads it; the others have no split, and so no say in what a checkpoint knows of it.
 */
import {
  nothingToRead,
  type SourceBatch,
  type SourceReader,
  type SplitState,
} from '../../connectors/contract/index.ts'
import { compileCalc } from '../../expressions/kernel/compile-calc.ts'
import type { KernelEnvironment } from '../../expressions/kernel/kernel.ts'
import type { ValuesNode } from '../../planner/plan-graph/plan-graph.ts'
import { type Batch, BatchBuilder } from '../../types/index.ts'

const SPLIT = 'values'
const ONE_ROW: Batch = { length: 1, columns: [], kinds: null }

export function createValuesReader(
  node: ValuesNode,
  environment: KernelEnvironment,
  subtask: number,
  restored: readonly SplitState[] | null,
): SourceReader {
  if (subtask !== 0) return nothingToRead
  const rows = new BatchBuilder(node.output.map(field => field.type))
  for (const projections of node.rows) {
    const kernel = compileCalc({ inputTypes: [], condition: null, projections, watermark: null }, environment)
    rows.appendBatch(kernel.process(ONE_ROW))
  }
  let finished = restored?.some(({ split, position }) => split === SPLIT && position === 'read') ?? false
  return {
    poll(): SourceBatch | null {
      if (finished) return null
      finished = true
      return { split: SPLIT, batch: rows }
    },
    ready: () => Promise.resolve(),
    get finished() {
      return finished
    },
    splits: () => [{ split: SPLIT, caughtUp: finished, neverHeldRecords: false, finished, lag: null }],
    snapshot: () => [{ split: SPLIT, position: finished ? 'read' : 'unread' }],
    close: () => Promise.resolve(),
  }
}

/**
 * `table.exec.sink.not-null-enforcer`: a NULL on its way into a NOT NULL column of a sink fails the job
 * (`error`, Flink's default) or drops the row and counts it (`drop`).
 */
import { runtimeFailure } from '../../errors/index.ts'
import type { SinkNode } from '../../planner/plan-graph/plan-graph.ts'
import { appendSelected, type Batch, BatchBuilder } from '../../types/index.ts'

export class NotNullEnforcer {
  readonly #columns: readonly number[]
  readonly #node: SinkNode
  readonly #kept: BatchBuilder | null
  #selection = new Int32Array(0)
  numDropped = 0

  constructor(node: SinkNode) {
    this.#node = node
    this.#columns = node.columns.flatMap((column, i) => (column.type.nullable ? [] : [i]))
    this.#kept =
      node.notNullEnforcer === 'drop' ? new BatchBuilder(node.columns.map(column => column.type)) : null
  }

  /** The rows that may be written; the batch itself when nothing is wrong with it. */
  check(batch: Batch): Batch {
    const suspects = this.#columns.filter(column => batch.columns[column]!.nulls !== null)
    if (suspects.length === 0) return batch
    if (this.#selection.length < batch.length) this.#selection = new Int32Array(batch.length)
    let count = 0
    for (let row = 0; row < batch.length; row++) {
      const bad = suspects.find(column => batch.columns[column]!.isNull(row))
      if (bad === undefined) this.#selection[count++] = row
      else if (this.#kept === null) throw this.#error(bad)
    }
    if (count === batch.length) return batch
    this.numDropped += batch.length - count
    this.#kept!.reset()
    appendSelected(this.#kept!, batch, this.#selection, count)
    return this.#kept!
  }

  #error(column: number): Error {
    const target = this.#node.columns[column]!
    const name = target.kind === 'physical' ? target.name : target.key
    return runtimeFailure(
      'MR_SINK_NULL_IN_NOT_NULL',
      `Column '${name}' of sink table '${this.#node.table.path[2]}' is NOT NULL, but a NULL value was to be written into it`,
      {
        hint: "SET 'table.exec.sink.not-null-enforcer' = 'DROP' drops and counts such rows; or declare the column nullable",
      },
    )
  }
}

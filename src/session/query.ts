/** A running SELECT of the library: its rows or its changelog, once, by `for await`. */
import { toMillraceError } from '../errors/index.ts'
import type { OutputField } from '../planner/plan-graph/plan-graph.ts'
import type { Job } from '../runtime/job/job.ts'
import type { JsRow } from '../types/js-value.ts'
import { type Change, ChangelogQueue } from './changelog-queue.ts'
import { type LaunchContext, launchJob, type PlannedJob } from './planned-job.ts'

export class Query implements AsyncIterable<JsRow> {
  /** Names and SQL types of the columns. */
  readonly fields: readonly OutputField[]
  readonly job: Job
  readonly #queue: ChangelogQueue

  constructor(planned: PlannedJob, context: LaunchContext) {
    this.fields = planned.graph.nodes.find(node => node.kind === 'Collect')!.output
    this.#queue = new ChangelogQueue(this.fields)
    this.job = launchJob(planned, context, this.#queue)
    this.job.wait().then(
      () => this.#queue.end(),
      error => this.#queue.end(toMillraceError(error)),
    )
  }

  /**
   * Every change with its kind (`+I`, `-U`, `+U`, `-D`). Leaving the loop cancels the query; its failure is thrown
   * by the loop. A query can be read once.
   */
  async *changelog(): AsyncGenerator<Change> {
    try {
      yield* this.#queue
    } finally {
      await this.job.cancel()
    }
  }

  /** The rows of a query that only inserts; of an updating query, the rows of `+I` and `+U`. */
  async *[Symbol.asyncIterator](): AsyncGenerator<JsRow> {
    for await (const { kind, row } of this.changelog()) if (kind === '+I' || kind === '+U') yield row
  }

  /** All rows of a bounded query, with retractions applied. */
  async rows(): Promise<JsRow[]> {
    const rows: JsRow[] = []
    const keyOf = (row: JsRow) =>
      JSON.stringify(row, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value))
    for await (const { kind, row } of this.changelog()) {
      if (kind === '+I' || kind === '+U') rows.push(row)
      else {
        const key = keyOf(row)
        const at = rows.findLastIndex(other => keyOf(other) === key)
        if (at >= 0) rows.splice(at, 1)
      }
    }
    return rows
  }
}

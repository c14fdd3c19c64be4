/** Processing-time timers of one subtask: at most one per operator, the earliest asked for. */
import type { Operator } from '../operators/operator.ts'

export class ProcessingTimers {
  readonly #due = new Map<Operator, number>()
  nextMs = Number.POSITIVE_INFINITY

  request(operator: Operator, timestampMs: number): void {
    const due = this.#due.get(operator)
    if (due !== undefined && due <= timestampMs) return
    this.#due.set(operator, timestampMs)
    if (timestampMs < this.nextMs) this.nextMs = timestampMs
  }

  /** Fires what is due at `nowMs`. False when nothing was. */
  fire(nowMs: number): boolean {
    if (nowMs < this.nextMs) return false
    const due = [...this.#due].filter(([, timestampMs]) => timestampMs <= nowMs)
    for (const [operator] of due) this.#due.delete(operator)
    this.nextMs = Math.min(Number.POSITIVE_INFINITY, ...this.#due.values())
    for (const [operator] of due) operator.processTimer?.(nowMs)
    return due.length > 0
  }
}

/** Counters and gauges of one operator in one subtask, under Flink's names. Plain fields: the hot path adds to them. */
export class OperatorMetricGroup {
  numRecordsIn = 0
  numRecordsOut = 0
  numLateRecordsDropped = 0
  currentInputWatermark = -Infinity
  currentOutputWatermark = -Infinity
  readonly #named = new Map<string, number>()

  lateRecordsDropped(count: number): void {
    this.numLateRecordsDropped += count
  }

  set(name: string, value: number): void {
    this.#named.set(name, value)
  }

  snapshot(): Record<string, number> {
    return {
      numRecordsIn: this.numRecordsIn,
      numRecordsOut: this.numRecordsOut,
      numLateRecordsDropped: this.numLateRecordsDropped,
      currentInputWatermark: this.currentInputWatermark,
      currentOutputWatermark: this.currentOutputWatermark,
      ...Object.fromEntries(this.#named),
    }
  }
}

export type TaskActivity = 'busy' | 'sinkWait' | 'idle' | 'backPressured' | 'queued'

export interface TaskShares {
  readonly busyMs: number
  readonly sinkWaitMs: number
  readonly idleMs: number
  readonly backPressuredMs: number
}

/**
 * Where a subtask's time went. Waiting for a sink's outside world is part of being busy. `queued` = ready to work while another subtask had the thread: it belongs to no
 * share, so that the busiest task is the one that uses the thread, not the one that waits for it.
 */
export class TaskTimes {
  readonly #totals: Record<TaskActivity, number> = {
    busy: 0,
    sinkWait: 0,
    idle: 0,
    backPressured: 0,
    queued: 0,
  }
  #activity: TaskActivity = 'idle'
  #since = performance.now()

  /** From now on the time counts as `activity`. */
  enter(activity: TaskActivity): void {
    const now = performance.now()
    this.#totals[this.#activity] += now - this.#since
    this.#activity = activity
    this.#since = now
  }

  /** ms so far, the running activity included. */
  snapshot(): TaskShares {
    this.enter(this.#activity)
    const { busy, sinkWait, idle, backPressured } = this.#totals
    return { busyMs: busy + sinkWait, sinkWaitMs: sinkWait, idleMs: idle, backPressuredMs: backPressured }
  }
}

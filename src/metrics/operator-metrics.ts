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

/** Where a subtask's time went, ms; the live view turns differences into busy/idle/back-pressured shares. */
export class TaskTimes {
  busyMs = 0
  idleMs = 0
  backPressuredMs = 0
}

/** Compares rows of the sink with the generator's truth as they come; what agrees is forgotten. */
import { type WindowTruth, windowKey } from './traffic.ts'

export interface WindowVerdict {
  readonly numRight: number
  /** Rows whose window was there before, or that nobody expects. */
  readonly numUnexpected: number
  readonly numWrong: number
  /** Windows that never came. */
  readonly numMissing: number
}

export class WindowCheck {
  readonly #open: Map<string, WindowTruth>
  #numRight = 0
  #numUnexpected = 0
  #numWrong = 0
  readonly examples: string[] = []

  /** `open`: the truth, from which right rows are removed. */
  constructor(open: Map<string, WindowTruth>) {
    this.#open = open
  }

  /** A row must not come before its window has ended: the truth is complete then. */
  row(text: string): void {
    const row = JSON.parse(text) as Record<string, unknown>
    const startMs = Date.parse(`${String(row['window_start']).replace(' ', 'T')}Z`)
    const key = windowKey(startMs, String(row['device']))
    const truth = this.#open.get(key)
    if (truth === undefined) {
      this.#numUnexpected++
      this.#remember(`${text}: nobody expects it, or it came before`)
      return
    }
    this.#open.delete(key)
    if (truth.num === row['num'] && truth.total === row['total']) {
      this.#numRight++
      return
    }
    this.#numWrong++
    this.#remember(`${text}: should be ${JSON.stringify(truth)}`)
  }

  #remember(example: string): void {
    if (this.examples.length < 5) this.examples.push(example)
  }

  get isComplete(): boolean {
    return this.#open.size === 0
  }

  verdict(): WindowVerdict {
    return {
      numRight: this.#numRight,
      numUnexpected: this.#numUnexpected,
      numWrong: this.#numWrong,
      numMissing: this.#open.size,
    }
  }
}

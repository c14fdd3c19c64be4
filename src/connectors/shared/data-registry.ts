/** Things of the host process (iterables, callbacks) that tables refer to by `data-id`. */
import { nearestName, validationError } from '../../errors/index.ts'

export class DataRegistry<T> {
  readonly #what: string
  readonly #register: string
  readonly #entries = new Map<string, T>()

  /** `what` and `register` (the function to call) appear in the error of an unknown id. */
  constructor(what: string, register: string) {
    this.#what = what
    this.#register = register
  }

  set(id: string, value: T): void {
    this.#entries.set(id, value)
  }

  remove(id: string): void {
    this.#entries.delete(id)
  }

  /** Throws ValidationError MR_DATA_UNKNOWN_ID. */
  get(id: string): T {
    const value = this.#entries.get(id)
    if (value !== undefined) return value
    throw validationError('MR_DATA_UNKNOWN_ID', `no ${this.#what} is registered under data-id '${id}'`, {
      expected: [...this.#entries.keys()],
      nearest: nearestName(id, this.#entries.keys()),
      hint: `Call ${this.#register} in this process before the job starts.`,
    })
  }
}

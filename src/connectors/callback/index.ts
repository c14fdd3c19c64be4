/**
 * The `callback` connector (extension, for the library): hands every change to a function of this process, one
 * after the other, and awaits what it returns. Delivery: at-least-once (changes after the last checkpoint come
 * again after a restart); a checkpoint waits until all changes before it were taken.
 */
import { type OptionSpec, parseOptions } from '../../catalog/index.ts'
import { connectorError, MillraceError } from '../../errors/index.ts'
import { type Batch, rowKindNames, rowToJs } from '../../types/index.ts'
import type { Connector, JobContext, SinkRequest, SinkWriter } from '../contract/index.ts'
import { DataRegistry } from '../shared/data-registry.ts'
import { connectorOption } from '../shared/option-specs.ts'
import type { JsChange } from '../shared/rows-to-batch.ts'

/** Takes one change; a promise holds the next one back, a rejection fails the job. */
export type ChangeCallback = (change: JsChange) => unknown

const callbacks = new DataRegistry<ChangeCallback>('callback', 'registerCallback(id, callback)')

/** Makes the function known as `data-id` = `id`, replacing what was there. */
export const registerCallback = (id: string, callback: ChangeCallback): void => callbacks.set(id, callback)
export const removeCallback = (id: string): void => callbacks.remove(id)

const optionSpecs: readonly OptionSpec[] = [
  connectorOption('callback'),
  {
    key: 'data-id',
    type: 'string',
    required: true,
    doc: 'Id under which the function is registered in this process.',
  },
  {
    key: 'sink.changelog-mode',
    type: 'enum',
    values: ['I', 'I,UA,D', 'I,UB,UA,D'],
    default: 'I,UB,UA,D',
    doc: 'Which kinds of changes the function takes.',
  },
]

const changelogModes = { I: 'insert', 'I,UA,D': 'upsert', 'I,UB,UA,D': 'retract' } as const

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'

class CallbackWriter implements SinkWriter {
  readonly #callback: ChangeCallback
  readonly #columns: SinkRequest['columns']
  readonly #fail: JobContext['fail']
  #queue: JsChange[] = []
  /** Not null while changes wait for a promise of the callback. */
  #draining: Promise<void> | null = null
  #failure: MillraceError | null = null
  #closed = false

  constructor(callback: ChangeCallback, columns: SinkRequest['columns'], fail: JobContext['fail']) {
    this.#callback = callback
    this.#columns = columns
    this.#fail = fail
  }

  write(batch: Batch): void {
    if (this.#failure !== null) throw this.#failure
    for (let row = 0; row < batch.length; row++) {
      this.#queue.push({
        kind: rowKindNames[batch.kinds?.[row] ?? 0]!,
        row: rowToJs(batch, row, this.#columns),
      })
    }
    this.#draining ??= this.#drain()
  }

  /** Starts in the call; null when the callback took everything without a promise. Never rejects. */
  #drain(): Promise<void> | null {
    let next = 0
    const takeUntilPromise = (): PromiseLike<unknown> | null => {
      while (next < this.#queue.length && !this.#closed) {
        const result = this.#callback(this.#queue[next++]!)
        if (isThenable(result)) return result
      }
      return null
    }
    const settle = () => {
      this.#queue = []
      this.#draining = null
    }
    let waiting: PromiseLike<unknown> | null
    try {
      waiting = takeUntilPromise()
    } catch (error) {
      settle()
      throw this.#remember(error)
    }
    if (waiting === null) {
      settle()
      return null
    }
    const rest = async (first: PromiseLike<unknown>) => {
      try {
        for (
          let pending: PromiseLike<unknown> | null = first;
          pending !== null;
          pending = takeUntilPromise()
        ) {
          await pending
        }
      } catch (error) {
        this.#fail(this.#remember(error))
      } finally {
        settle()
      }
    }
    return rest(waiting)
  }

  #remember(error: unknown): MillraceError {
    this.#failure ??=
      error instanceof MillraceError
        ? error
        : connectorError('MR_CALLBACK_FAILED', `the callback failed: ${String(error)}`, { cause: error })
    return this.#failure
  }

  ready(): Promise<void> | null {
    return this.#draining
  }

  async flush(): Promise<void> {
    while (this.#draining !== null) await this.#draining
    if (this.#failure !== null) throw this.#failure
  }

  finish(): Promise<void> {
    return this.flush()
  }

  async close(): Promise<void> {
    this.#closed = true
  }
}

export const callbackConnector: Connector = {
  name: 'callback',
  options: optionSpecs,
  capabilities(table) {
    const options = parseOptions(table.options, optionSpecs, 'callback connector')
    const mode = options.string('sink.changelog-mode') as keyof typeof changelogModes
    return { sink: { changelogMode: changelogModes[mode], metadata: [], deliveryGuarantee: 'at-least-once' } }
  },
  createSink(request, job) {
    const options = parseOptions(request.table.options, optionSpecs, 'callback connector')
    const callback = callbacks.get(options.string('data-id'))
    return {
      committer: null,
      createWriter: async () => new CallbackWriter(callback, request.columns, error => job.fail(error)),
      close: async () => {},
    }
  },
}

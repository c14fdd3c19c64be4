/**
 * The `print` connector: one line per change on standard output or error. Delivery: at-least-once; `flush` waits
 * until the lines were handed to the operating system. A slow reader of the output holds the job back.
 */
import type { Writable } from 'node:stream'
import { type OptionSpec, parseOptions } from '../../catalog/index.ts'
import { connectorError } from '../../errors/index.ts'
import type { Batch, LogicalType } from '../../types/index.ts'
import type { Connector, SinkRequest, SinkWriter } from '../contract/index.ts'
import { connectorOption } from '../shared/option-specs.ts'
import { changeText } from './row-text.ts'

const optionSpecs: readonly OptionSpec[] = [
  connectorOption('print'),
  { key: 'print-identifier', type: 'string', doc: 'Written before every line as `identifier> `.' },
  {
    key: 'standard-error',
    type: 'boolean',
    default: 'false',
    doc: 'Write to standard error instead of output.',
  },
  { key: 'sink.parallelism', type: 'integer', doc: 'Parallelism of the sink.' },
]

/** Where lines go; anything with Node's `write(text, callback)`. */
export type LineStream = Pick<Writable, 'write'>

export interface PrintStreams {
  readonly stdout: () => LineStream
  readonly stderr: () => LineStream
}

/** As Flink: `identifier:subtask> `, the subtask (from 1) only when there are several. */
function linePrefix(identifier: string | undefined, subtask: number, parallelism: number): string {
  const parts = [identifier ?? '', parallelism > 1 ? String(subtask + 1) : ''].filter(part => part !== '')
  return parts.length === 0 ? '' : `${parts.join(':')}> `
}

const MAX_PENDING_WRITES = 4

class PrintWriter implements SinkWriter {
  readonly #stream: LineStream
  readonly #prefix: string
  readonly #types: readonly LogicalType[]
  #numPending = 0
  #error: Error | null = null
  #waiters: (() => void)[] = []

  constructor(stream: LineStream, prefix: string, types: readonly LogicalType[]) {
    this.#stream = stream
    this.#prefix = prefix
    this.#types = types
  }

  write(batch: Batch): void {
    this.#throwFailure()
    if (batch.length === 0) return
    let text = ''
    for (let row = 0; row < batch.length; row++)
      text += `${this.#prefix}${changeText(batch, row, this.#types)}\n`
    this.#numPending++
    this.#stream.write(text, error => {
      this.#numPending--
      this.#error ??= error ?? null
      const waiters = this.#waiters
      this.#waiters = []
      for (const wake of waiters) wake()
    })
  }

  ready(): Promise<void> | null {
    return this.#numPending <= MAX_PENDING_WRITES || this.#error !== null ? null : this.#nextWrite()
  }

  #nextWrite(): Promise<void> {
    return new Promise(resolve => this.#waiters.push(resolve))
  }

  async flush(): Promise<void> {
    while (this.#numPending > 0 && this.#error === null) await this.#nextWrite()
    this.#throwFailure()
  }

  async finish(): Promise<void> {
    await this.flush()
  }

  async close(): Promise<void> {}

  #throwFailure(): void {
    if (this.#error === null) return
    throw connectorError('MR_PRINT_WRITE', `writing to the output failed: ${this.#error.message}`, {
      cause: this.#error,
    })
  }
}

/** The connector with other streams than the process's own, for tests and hosts. */
export function createPrintConnector(streams: PrintStreams): Connector {
  const parse = (options: Readonly<Record<string, string>>) =>
    parseOptions(options, optionSpecs, 'print connector')
  return {
    name: 'print',
    options: optionSpecs,
    capabilities(table) {
      parse(table.options)
      return { sink: { changelogMode: 'retract', metadata: [], deliveryGuarantee: 'at-least-once' } }
    },
    createSink(request: SinkRequest) {
      const options = parse(request.table.options)
      const stream = options.boolean('standard-error') ? streams.stderr() : streams.stdout()
      const types = request.columns.map(column => column.type)
      return {
        committer: null,
        createWriter: async ({ subtask, parallelism }) =>
          new PrintWriter(
            stream,
            linePrefix(options.optionalString('print-identifier'), subtask, parallelism),
            types,
          ),
        close: async () => {},
      }
    },
  }
}

export const printConnector: Connector = createPrintConnector({
  stdout: () => process.stdout,
  stderr: () => process.stderr,
})

/** Readers of Kafka tables, each of a job of its own, whose rows are taken as they come; and the connections they have. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import type { SourceReader } from '../../src/connectors/contract/index.ts'
import { createKafkaSource } from '../../src/connectors/kafka/table-source.ts'
import { readPlain, stringType } from '../../src/types/index.ts'
import { testJob } from './kafka-job.ts'

const column = { kind: 'physical' as const, name: 'v', type: stringType() }

/** An idle fetch waits half of it, and nothing must come for as long until a reader is silent. */
const REQUEST_TIMEOUT_MS = 3_000
export const SILENT_MS = 1_500

export interface PumpedReader {
  readonly topic: string
  readonly reader: SourceReader
  readonly rows: string[]
  /** Why it ended; null while it goes on. */
  readonly failure: { code?: string } | null
  close(): Promise<void>
}

export class PumpedReaders implements AsyncDisposable {
  readonly #bootstrap: string
  readonly #ports: readonly number[]
  readonly #all: PumpedReader[] = []
  readonly #sockets = new Set<Socket>()
  /** The most of them that were open at a time. */
  mostConnections = 0
  readonly #opened = (message: unknown): void => {
    const { socket } = message as { socket: Socket }
    this.#sockets.add(socket)
    socket.once('connect', () => {
      this.mostConnections = Math.max(this.mostConnections, this.numConnections)
    })
  }

  constructor(bootstrap: string) {
    this.#bootstrap = bootstrap
    this.#ports = bootstrap.split(',').map(address => Number(address.split(':')[1]))
    subscribe('net.client.socket', this.#opened)
  }

  /** Open connections of this process to the brokers, of those made since this was. */
  get numConnections(): number {
    for (const socket of this.#sockets) if (socket.destroyed) this.#sockets.delete(socket)
    return [...this.#sockets].filter(({ remotePort }) => this.#ports.includes(remotePort ?? 0)).length
  }

  get size(): number {
    return this.#all.length
  }

  /** Fetches that were answered to the readers themselves. */
  get numFetches(): number {
    return this.#all.reduce((sum, { reader }) => sum + (reader.metrics?.()['numFetches'] ?? 0), 0)
  }

  async open(topic: string, options: Readonly<Record<string, string>> = {}): Promise<PumpedReader> {
    const job = testJob({ jobName: `job-${this.#all.length}` })
    const table = {
      name: 'src',
      options: {
        connector: 'kafka',
        topic,
        'properties.bootstrap.servers': this.#bootstrap,
        'properties.request.timeout.ms': String(REQUEST_TIMEOUT_MS),
        format: 'text',
        'scan.startup.mode': 'earliest-offset',
        ...options,
      },
      schema: { columns: [column] },
    }
    const source = createKafkaSource({ table, columns: [column], id: 'scan' }, job, false)
    const restored = await source.initialSplits()
    const reader = await source.createReader({ subtask: 0, parallelism: 1, restored })
    const rows: string[] = []
    let failure: { code?: string } | null = null
    let isClosed = false
    const pump = async (): Promise<void> => {
      while (!isClosed) {
        const next = reader.poll()
        if (next === null) {
          await reader.ready()
          await turn()
          continue
        }
        for (let row = 0; row < next.batch.length; row++)
          rows.push(readPlain(next.batch.columns[0]!, row, column.type) as string)
      }
    }
    const pumping = pump().catch(error => {
      failure = error as { code?: string }
    })
    const pumped: PumpedReader = {
      topic,
      reader,
      rows,
      get failure() {
        return failure
      },
      close: async () => {
        isClosed = true
        await source.close()
        await job.close()
        await pumping
      },
    }
    this.#all.push(pumped)
    return pumped
  }

  /** `count` readers of each topic. */
  openAll(
    topics: readonly string[],
    count: number,
    options?: Readonly<Record<string, string>>,
  ): Promise<PumpedReader[]> {
    return Promise.all(
      topics.flatMap(topic => Array.from({ length: count }, () => this.open(topic, options))),
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const reader of this.#all) await reader.close()
    unsubscribe('net.client.socket', this.#opened)
  }
}

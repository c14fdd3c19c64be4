/** The subtasks of an attempt that run in one worker thread, as the host sees them. */
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import type { AcknowledgedSubtask } from '../../checkpoint/pending-checkpoint.ts'
import { internalError } from '../../errors/index.ts'
import type { Logger } from '../../logger/logger.ts'
import type { SubtaskGroup } from '../job/subtask-group.ts'
import type { SubtaskReport } from '../job/subtask-report.ts'
import { errorOf } from './error-data.ts'
import type { ThreadCommand, ThreadEvent, ThreadRequest } from './thread-messages.ts'
import type { PooledThread } from './thread-pool.ts'

export interface RemoteOptions {
  readonly thread: PooledThread
  readonly size: number
  readonly request: ThreadRequest
  readonly links: readonly { readonly thread: number; readonly port: MessagePort }[]
  readonly logger: Logger
  acknowledge(checkpointId: number, part: AcknowledgedSubtask, lastArrival: number): void
  drained(): void
  fail(error: unknown): void
}

export class RemoteSubtasks implements SubtaskGroup {
  readonly size: number
  readonly #options: RemoteOptions
  readonly #port: MessagePort
  readonly #leave: () => void
  readonly #built = Promise.withResolvers<void>()
  readonly #stopped = Promise.withResolvers<void>()
  readonly #closed = Promise.withResolvers<void>()
  #reports: readonly SubtaskReport[] = []
  #isAsked = false
  #isClosing = false
  #closing: Promise<void> | null = null
  isDirty = false

  constructor(options: RemoteOptions) {
    this.#options = options
    this.size = options.size
    this.#built.promise.catch(() => {})
    const { port1, port2 } = new MessageChannel()
    this.#port = port1
    port1.on('messageerror', error => this.#died(error))
    port1.on('message', (event: ThreadEvent) => this.#accept(event))
    this.#leave = options.thread.use(error => this.#died(error))
    options.thread.open({ request: options.request, port: port2, links: options.links })
  }

  /** Resolves when the thread is ready to run; rejects when it cannot be. */
  built(): Promise<void> {
    return this.#built.promise
  }

  #died(error: unknown): void {
    this.#built.reject(error)
    this.#stopped.resolve()
    this.#closed.resolve()
    this.#port.close()
    if (!this.#isClosing) this.#options.fail(error)
  }

  #send(command: ThreadCommand): void {
    this.#port.postMessage(command)
  }

  #accept(event: ThreadEvent): void {
    const { acknowledge, drained, fail, logger } = this.#options
    switch (event.kind) {
      case 'built':
        this.#built.resolve()
        return
      case 'changed':
        this.isDirty = event.isDirty
        return
      case 'acknowledged':
        acknowledge(event.checkpointId, event.part, event.lastArrival)
        return
      case 'drained':
        drained()
        return
      case 'reports':
        this.#isAsked = false
        this.#reports = event.reports
        return
      case 'stopped':
        this.#reports = event.reports
        this.#stopped.resolve()
        return
      case 'closed':
        this.#built.reject(internalError('the part of a thread was closed before it was built'))
        this.#stopped.resolve()
        this.#closed.resolve()
        return
      case 'failed': {
        const error = errorOf(event.error)
        this.#built.reject(error)
        fail(error)
        return
      }
      case 'log':
        logger[event.level](event.message, event.fields)
        return
      default:
        fail(internalError(`unknown event of a thread: ${JSON.stringify(event satisfies never)}`))
    }
  }

  run(): void {
    this.#send({ kind: 'run' })
  }

  trigger(checkpointId: number): void {
    this.#send({ kind: 'trigger', checkpointId })
  }

  pauseAfterBarrier(): void {
    this.#send({ kind: 'pause-after-barrier' })
  }

  resume(): void {
    this.#send({ kind: 'resume' })
  }

  /** The last that came, and asks for newer ones. */
  reports(): readonly SubtaskReport[] {
    if (!this.#isAsked && !this.#isClosing) {
      this.#isAsked = true
      this.#send({ kind: 'report' })
    }
    return this.#reports
  }

  /** There are no sinks in worker threads. */
  finish(): Promise<void> {
    return Promise.resolve()
  }

  stop(): Promise<void> {
    this.#isClosing = true
    this.#send({ kind: 'stop' })
    return this.#stopped.promise
  }

  /** Also while the thread builds its part: it is cut short. A `stop` that comes later has nothing to wait for. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    this.#isClosing = true
    this.#send({ kind: 'close' })
    await this.#closed.promise
    this.#leave()
    this.#port.close()
  }
}

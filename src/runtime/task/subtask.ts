/**
 * One subtask: a head (source or gate), a chain of operators, exchanges and sinks behind it, and the loop that
 * drives them. Everything in it runs in one thread and shares nothing with other subtasks but channels.
 *
 * The loop takes an element only when every exchange and sink has room, so back-pressure reaches the source. It
 * shares the event loop with the host (EventLoopTurns). After the end of input a subtask stays and still handles
 * barriers, so that checkpoints go on while others work and the final checkpoint takes the usual way.
 */
import type { SinkWriter } from '../../connectors/contract/index.ts'
import { TaskTimes } from '../../metrics/operator-metrics.ts'
import type { ExchangeWriter } from '../channels/exchange-writer.ts'
import type { InputGate } from '../channels/input-gate.ts'
import type { RowCollector } from '../operators/collect.ts'
import type { ChainedOperator, ChainOutput } from './chain-output.ts'
import { eventLoopTurns } from './event-loop-turns.ts'
import type { ProcessingTimers } from './processing-timers.ts'
import type { SourceDriver } from './source-driver.ts'
import { NodeSnapshotWriter, type SubtaskAcknowledgement } from './subtask-snapshot.ts'

export interface SubtaskParts {
  readonly task: string
  readonly subtask: number
  readonly head:
    | { readonly kind: 'source'; readonly source: SourceDriver }
    | { readonly kind: 'gate'; readonly gate: InputGate; readonly output: ChainOutput }
  /** In chain order, inputs before users; the source driver is not among them. */
  readonly operators: readonly ChainedOperator[]
  readonly exchanges: readonly ExchangeWriter[]
  /** What holds rows back in front of exchanges. */
  readonly localPhases: readonly { flush(): void }[]
  readonly writers: readonly SinkWriter[]
  readonly collectors: readonly RowCollector[]
  readonly timers: ProcessingTimers
  readonly bufferTimeoutMs: number
  now(): number
  /** Called at a barrier with the snapshot; `flushed` settles when all rows before it are acknowledged outside. */
  acknowledge(acknowledgement: SubtaskAcknowledgement, flushed: Promise<void>): void
  /** Called when `dirty` changes. */
  readonly changed?: (() => void) | undefined
  /** Called once, when all input has ended and everything was emitted. */
  drained(): void
}

export class Subtask {
  readonly parts: SubtaskParts
  readonly times = new TaskTimes()
  #dirty = false
  #stopped = false
  #wake: (() => void) | null = null
  #wakePending = false
  #readyPending = false
  #pendingCheckpoint = 0
  #ended = false
  #pausing = false
  #paused = false
  #idleSent = false
  #lastFlush = 0
  #timeout: NodeJS.Timeout | null = null

  constructor(parts: SubtaskParts) {
    this.parts = parts
    if (parts.head.kind === 'gate') parts.head.gate.onData = () => this.wake()
  }

  /**
   * Set by everything that may change state or write rows: elements, timers, time that moves because splits are
   * idle. Cleared by a barrier. An unchanged job writes no checkpoint.
   */
  get dirty(): boolean {
    return this.#dirty
  }

  #setDirty(dirty: boolean): void {
    if (dirty === this.#dirty) return
    this.#dirty = dirty
    this.parts.changed?.()
  }

  /** Resolves when stopped; rejects with what an operator, source or sink threw. */
  async run(): Promise<void> {
    this.times.enter('busy')
    try {
      while (!this.#stopped) {
        if (this.#pendingCheckpoint !== 0) this.#takePendingCheckpoint()
        const full = this.#fullExchange()
        const outside = full === null ? this.#busySink() : null
        if (full !== null) await this.#waitForRoom(full, 'backPressured')
        else if (outside !== null) await this.#waitForRoom(outside, 'sinkWait')
        else if (!this.#fireTimers() && !this.#step()) await this.#waitForInput()
        await this.#yieldIfDue()
      }
    } finally {
      this.times.enter('idle')
      if (this.#timeout !== null) clearTimeout(this.#timeout)
    }
  }

  wake(): void {
    this.#wakePending = true
    const wake = this.#wake
    this.#wake = null
    wake?.()
  }

  /** Sources only: emits the barrier before the next element. */
  triggerCheckpoint(checkpointId: number): void {
    this.#pendingCheckpoint = checkpointId
    this.wake()
  }

  /** The next barrier is the last thing a source emits: the job stops with a savepoint. */
  pauseAfterBarrier(): void {
    this.#pausing = true
  }

  /** The savepoint failed: sources go on. */
  resume(): void {
    this.#pausing = false
    this.#paused = false
    this.wake()
  }

  stop(): void {
    this.#stopped = true
    this.wake()
  }

  get ended(): boolean {
    return this.#ended
  }

  /** True when one fired. None does after the end: everything was emitted then. */
  #fireTimers(): boolean {
    if (this.#ended || !this.parts.timers.fire(this.parts.now())) return false
    this.#setDirty(true)
    return true
  }

  #step(): boolean {
    const { head } = this.parts
    return head.kind === 'source' ? this.#stepSource(head.source) : this.#stepGate(head.gate, head.output)
  }

  #stepSource(source: SourceDriver): boolean {
    if (this.#ended || this.#paused) return false
    const worked = source.step()
    if (worked || source.advance()) this.#setDirty(true)
    this.#updateIdle(source.idle)
    if (source.ended) this.#finish()
    return worked
  }

  #updateIdle(idle: boolean): void {
    if (idle === this.#idleSent) return
    this.#idleSent = idle
    // Nobody waits for an idle subtask: rows that it held back would come too late.
    if (idle) this.#flushLocalPhases()
    for (const exchange of this.parts.exchanges) exchange.broadcast({ kind: idle ? 'idle' : 'active' })
  }

  #stepGate(gate: InputGate, output: ChainOutput): boolean {
    const event = gate.poll()
    if (event === null) return false
    switch (event.kind) {
      case 'batch':
        this.#setDirty(true)
        try {
          output.emit(event.batch)
        } finally {
          gate.release(event)
        }
        return true
      case 'watermark':
        this.#setDirty(true)
        output.emitWatermark(event.timestampMs)
        return true
      case 'barrier':
        this.#barrier(event.checkpointId, gate.lastAlignmentMs)
        return true
      case 'idle':
      case 'active':
        this.#updateIdle(event.kind === 'idle')
        return true
      case 'end':
        output.emitWatermark(Number.POSITIVE_INFINITY)
        this.#finish()
        return true
    }
  }

  #finish(): void {
    this.#ended = true
    this.#setDirty(true)
    for (const { operator } of this.parts.operators) operator.finish?.()
    this.#flushLocalPhases()
    for (const exchange of this.parts.exchanges) exchange.broadcast({ kind: 'end' })
    this.parts.drained()
  }

  #takePendingCheckpoint(): void {
    const checkpointId = this.#pendingCheckpoint
    this.#pendingCheckpoint = 0
    this.#barrier(checkpointId, 0)
    this.#paused = this.#pausing
  }

  #barrier(checkpointId: number, alignmentMs: number): void {
    const { head, operators, exchanges, writers, task, subtask } = this.parts
    this.#setDirty(false)
    this.#flushLocalPhases()
    const nodes = operators.map(({ nodeId, operator }) => {
      const writer = new NodeSnapshotWriter(nodeId)
      operator.snapshot?.(writer)
      return writer.finish()
    })
    if (head.kind === 'source') {
      const writer = new NodeSnapshotWriter(head.source.nodeId)
      head.source.snapshot(writer)
      nodes.push(writer.finish())
    }
    // Async, so that a `flush` that throws leaves no other's rejection unhandled.
    const flushes = writers.map(async writer => writer.flush(checkpointId))
    for (const exchange of exchanges) exchange.broadcast({ kind: 'barrier', checkpointId })
    const flushed = Promise.all(flushes).then(() => {})
    this.parts.acknowledge({ task, subtask, checkpointId, nodes, alignmentMs }, flushed)
  }

  #flushLocalPhases(): void {
    for (const phase of this.parts.localPhases) phase.flush()
  }

  /** A promise for the first exchange without room, or null. */
  #fullExchange(): Promise<void> | null {
    for (const exchange of this.parts.exchanges) {
      const ready = exchange.ready()
      if (ready !== null) return ready
    }
    return null
  }

  /** A promise for the first sink or collector without room, or null. Waiting for it is this task's own slowness. */
  #busySink(): Promise<void> | null {
    for (const writer of this.parts.writers) {
      const ready = writer.ready()
      if (ready !== null) return ready
    }
    for (const collector of this.parts.collectors) {
      const ready = collector.ready()
      if (ready !== null) return ready
    }
    return null
  }

  async #waitForRoom(room: Promise<void>, activity: 'sinkWait' | 'backPressured'): Promise<void> {
    this.#flushExchanges()
    room.then(
      () => this.wake(),
      () => this.wake(),
    )
    await this.#sleep(activity)
  }

  async #waitForInput(): Promise<void> {
    this.#flushExchanges()
    const { head, timers, now } = this.parts
    if (head.kind === 'source' && !head.source.ended && !this.#readyPending) {
      this.#readyPending = true
      head.source.reader.ready().then(
        () => this.#sourceReady(),
        () => this.#sourceReady(),
      )
    }
    let delayMs = timers.nextMs - now()
    if (head.kind === 'source' && !head.source.ended)
      delayMs = Math.min(delayMs, head.source.watermarks.idleCheckDelayMs())
    this.#wakeAfter(delayMs)
    await this.#sleep('idle')
  }

  /** A rejected `ready` is not lost: the next `poll` throws the reader's error. */
  #sourceReady(): void {
    this.#readyPending = false
    this.wake()
  }

  #wakeAfter(delayMs: number): void {
    if (this.#timeout !== null) clearTimeout(this.#timeout)
    this.#timeout = null
    if (delayMs === Number.POSITIVE_INFINITY) return
    this.#timeout = setTimeout(() => this.wake(), Math.min(Math.max(delayMs, 0), 2 ** 31 - 1))
  }

  async #sleep(activity: 'sinkWait' | 'idle' | 'backPressured'): Promise<void> {
    this.times.enter(activity)
    if (!this.#wakePending) {
      await new Promise<void>(resolve => {
        this.#wake = resolve
      })
    }
    this.#wakePending = false
    this.times.enter('busy')
  }

  async #yieldIfDue(): Promise<void> {
    if (!eventLoopTurns.isOver()) return
    if (performance.now() - this.#lastFlush >= this.parts.bufferTimeoutMs) this.#flushExchanges()
    this.times.enter('queued')
    await eventLoopTurns.next()
    this.times.enter('busy')
  }

  #flushExchanges(): void {
    this.#lastFlush = performance.now()
    for (const exchange of this.parts.exchanges) exchange.flush()
  }
}

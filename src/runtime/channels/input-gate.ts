/**
 * The reading end of a subtask: all channels of all inputs. Merges watermarks (minimum over active channels),
 * idleness, barriers (aligned: a channel whose barrier has come is held back until every other's has) and ends.
 * Elements come out in an order that no channel can starve: those that have some take turns. What an element costs
 * does not grow with the number of channels.
 */
import type { BatchBuilder } from '../../types/index.ts'
import type { Channel } from './channel.ts'
import { LeastOf } from './least-of.ts'
import { MAX_WATERMARK, MIN_WATERMARK } from './stream-element.ts'

export type GateEvent =
  /** Borrowed: call `release(event)` after processing. */
  | {
      readonly kind: 'batch'
      readonly batch: BatchBuilder
      readonly input: number
      readonly channel: Channel
    }
  | { readonly kind: 'watermark'; readonly timestampMs: number }
  | { readonly kind: 'barrier'; readonly checkpointId: number }
  | { readonly kind: 'idle' }
  | { readonly kind: 'active' }
  | { readonly kind: 'end' }

interface GateChannel {
  readonly index: number
  readonly channel: Channel
  readonly input: number
  watermark: number
  idle: boolean
  ended: boolean
  /** The barrier that came and waits for the others; 0 = none. */
  barrier: number
  /** Whether it waits for its turn. */
  isQueued: boolean
}

/** Says nothing of time any more. */
const isDone = (state: GateChannel): boolean => state.watermark === MAX_WATERMARK

export class InputGate {
  readonly #channels: readonly GateChannel[]
  /** Channels that have elements and are not held back, in turn: a ring with room for all. */
  readonly #turns: GateChannel[] = []
  #nextTurn = 0
  #numTurns = 0
  /** Watermarks of channels that are neither idle nor done; of the others the maximum. */
  readonly #watermarks: LeastOf
  #numIdle = 0
  #numDone = 0
  #numEnded = 0
  /** Channels whose barrier has come. */
  #numAligned = 0
  #watermark = MIN_WATERMARK
  #idle = false
  #pendingBarrier = 0
  #endSent = false
  /** A status change to be handed out next. */
  #following: GateEvent | null = null
  #wake: () => void = () => {}
  /** When the first barrier of the running alignment came; 0 = not aligning. */
  alignmentStartedAt = 0
  /** How long the last finished alignment took, ms. */
  lastAlignmentMs = 0

  constructor(channels: readonly { readonly channel: Channel; readonly input: number }[]) {
    this.#channels = channels.map(({ channel, input }, index) => ({
      index,
      channel,
      input,
      watermark: MIN_WATERMARK,
      idle: false,
      ended: false,
      barrier: 0,
      isQueued: false,
    }))
    this.#watermarks = new LeastOf(channels.length, MIN_WATERMARK)
    for (const state of this.#channels) {
      this.#enqueue(state)
      state.channel.onData = () => {
        this.#enqueue(state)
        this.#wake()
      }
    }
  }

  /** The next event, or null when nothing can be taken now. */
  poll(): GateEvent | null {
    if (this.#following !== null) {
      const event = this.#following
      this.#following = null
      return event
    }
    while (this.#numTurns > 0) {
      const state = this.#dequeue()
      const element = state.channel.take()
      if (element === null) continue
      // What the others have to say of time comes before the rows behind this element.
      const event = this.#accept(state, element)
      this.#enqueue(state)
      if (event !== null) return event
    }
    return null
  }

  /** The channel's next turn, if it has something and is not held back. */
  #enqueue(state: GateChannel): void {
    if (state.isQueued || state.barrier !== 0 || state.channel.isEmpty) return
    state.isQueued = true
    const count = this.#channels.length
    this.#turns[(this.#nextTurn + this.#numTurns++) % count] = state
  }

  #dequeue(): GateChannel {
    const state = this.#turns[this.#nextTurn]!
    this.#nextTurn = (this.#nextTurn + 1) % this.#channels.length
    this.#numTurns--
    state.isQueued = false
    return state
  }

  #accept(state: GateChannel, element: NonNullable<ReturnType<Channel['take']>>): GateEvent | null {
    switch (element.kind) {
      case 'batch':
        return { kind: 'batch', batch: element.batch, input: state.input, channel: state.channel }
      case 'watermark':
        if (element.timestampMs <= state.watermark) return null
        return this.#setTime(state, element.timestampMs, state.idle)
      case 'barrier':
        state.barrier = element.checkpointId
        return this.#align(element.checkpointId)
      case 'idle':
      case 'active':
        return this.#setTime(state, state.watermark, element.kind === 'idle')
      case 'end':
        return this.#end(state)
    }
  }

  #end(state: GateChannel): GateEvent | null {
    if (!state.ended) this.#numEnded++
    state.ended = true
    const event = this.#setTime(state, MAX_WATERMARK, false)
    if (this.#endSent || this.#numEnded < this.#channels.length) return event
    this.#endSent = true
    this.#following = null
    return { kind: 'end' }
  }

  /** What a channel says of time; returns what follows from it for all. */
  #setTime(state: GateChannel, watermark: number, idle: boolean): GateEvent | null {
    this.#count(state, -1)
    state.watermark = watermark
    state.idle = idle
    this.#count(state, 1)
    this.#watermarks.set(state.index, idle ? MAX_WATERMARK : watermark)
    return this.#updateStatus()
  }

  #count(state: GateChannel, by: 1 | -1): void {
    if (isDone(state)) this.#numDone += by
    else if (state.idle) this.#numIdle += by
  }

  /** Idle = nothing but idle channels is left. A watermark comes before the status that follows it. */
  #updateStatus(): GateEvent | null {
    const numLive = this.#channels.length - this.#numDone
    const idle = numLive > 0 && this.#numIdle === numLive
    const changed = idle !== this.#idle
    this.#idle = idle
    const watermark = this.#advance()
    if (!changed) return watermark
    const status: GateEvent = { kind: idle ? 'idle' : 'active' }
    if (watermark === null) return status
    this.#following = status
    return watermark
  }

  /**
   * The minimum over channels that are neither idle nor done; when all but the done are idle, the maximum they
   * have reached, as in Flink. A channel that is done (maximum watermark) says nothing of the rows an idle one may
   * still bring: only when all are done does time end.
   */
  #advance(): GateEvent | null {
    const timestampMs = this.#idle ? this.#latest() : this.#watermarks.least
    if (timestampMs <= this.#watermark) return null
    this.#watermark = timestampMs
    return { kind: 'watermark', timestampMs }
  }

  /** Of the channels that are not done. */
  #latest(): number {
    let latest = MIN_WATERMARK
    for (const state of this.#channels) if (!isDone(state)) latest = Math.max(latest, state.watermark)
    return latest
  }

  #align(checkpointId: number): GateEvent | null {
    if (this.#pendingBarrier === 0) {
      this.#pendingBarrier = checkpointId
      this.alignmentStartedAt = performance.now()
    }
    this.#numAligned++
    if (this.#numAligned < this.#channels.length) return null
    this.lastAlignmentMs = performance.now() - this.alignmentStartedAt
    this.alignmentStartedAt = 0
    this.#pendingBarrier = 0
    this.#numAligned = 0
    for (const state of this.#channels) {
      state.barrier = 0
      this.#enqueue(state)
    }
    return { kind: 'barrier', checkpointId }
  }

  release(event: Extract<GateEvent, { kind: 'batch' }>): void {
    event.channel.pool.release(event.batch)
  }

  /** Over all channels. */
  get queuedBytes(): number {
    return this.#channels.reduce((sum, { channel }) => sum + channel.queuedBytes, 0)
  }

  set onData(wake: () => void) {
    this.#wake = wake
  }

  clear(): void {
    for (const { channel } of this.#channels) channel.clear()
  }
}

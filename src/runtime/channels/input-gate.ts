/**
 * The reading end of a subtask: all channels of all inputs. Merges watermarks (minimum over active channels),
 * idleness, barriers (aligned: a channel whose barrier has come is held back until every other's has) and ends.
 * Elements come out in an order that no channel can starve.
 */
import type { BatchBuilder } from '../../types/index.ts'
import type { Channel } from './channel.ts'
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
  readonly channel: Channel
  readonly input: number
  watermark: number
  idle: boolean
  ended: boolean
  /** The barrier that came and waits for the others; 0 = none. */
  barrier: number
}

export class InputGate {
  readonly #channels: readonly GateChannel[]
  #next = 0
  #watermark = MIN_WATERMARK
  #idle = false
  #pendingBarrier = 0
  #endSent = false
  /** A status change to be handed out next. */
  #following: GateEvent | null = null
  /** When the first barrier of the running alignment came; 0 = not aligning. */
  alignmentStartedAt = 0
  /** How long the last finished alignment took, ms. */
  lastAlignmentMs = 0

  constructor(channels: readonly { readonly channel: Channel; readonly input: number }[]) {
    this.#channels = channels.map(({ channel, input }) => ({
      channel,
      input,
      watermark: MIN_WATERMARK,
      idle: false,
      ended: false,
      barrier: 0,
    }))
  }

  /** The next event, or null when nothing can be taken now. */
  poll(): GateEvent | null {
    if (this.#following !== null) {
      const event = this.#following
      this.#following = null
      return event
    }
    const count = this.#channels.length
    for (let tried = 0; tried < count; tried++) {
      const state = this.#channels[this.#next]!
      this.#next = (this.#next + 1) % count
      const element = state.barrier === 0 ? state.channel.take() : null
      if (element === null) continue
      const event = this.#accept(state, element)
      if (event !== null) return event
      // What the others have to say of time comes before the rows behind this element.
      tried = -1
    }
    return null
  }

  #accept(state: GateChannel, element: NonNullable<ReturnType<Channel['take']>>): GateEvent | null {
    switch (element.kind) {
      case 'batch':
        return { kind: 'batch', batch: element.batch, input: state.input, channel: state.channel }
      case 'watermark':
        state.watermark = Math.max(state.watermark, element.timestampMs)
        return this.#updateStatus()
      case 'barrier':
        state.barrier = element.checkpointId
        return this.#align(element.checkpointId)
      case 'idle':
        state.idle = true
        return this.#updateStatus()
      case 'active':
        state.idle = false
        return this.#updateStatus()
      case 'end':
        state.ended = true
        state.idle = false
        state.watermark = MAX_WATERMARK
        if (!this.#endSent && this.#channels.every(channel => channel.ended)) {
          this.#endSent = true
          return { kind: 'end' }
        }
        return this.#updateStatus()
    }
  }

  /**
   * The minimum over channels that are neither idle nor done; when all but the done are idle, the maximum they
   * have reached, as in Flink. A channel that is done (maximum watermark) says nothing of the rows an idle one may
   * still bring: only when all are done does time end.
   */
  #advance(): GateEvent | null {
    let minimum = MAX_WATERMARK
    let maximum = MIN_WATERMARK
    let allDone = true
    for (const channel of this.#channels) {
      if (channel.watermark === MAX_WATERMARK) continue
      allDone = false
      maximum = Math.max(maximum, channel.watermark)
      if (!channel.idle) minimum = Math.min(minimum, channel.watermark)
    }
    const timestampMs = this.#idle && !allDone ? maximum : minimum
    if (timestampMs <= this.#watermark) return null
    this.#watermark = timestampMs
    return { kind: 'watermark', timestampMs }
  }

  /** Idle = nothing but idle channels is left. A watermark comes before the status that follows it. */
  #updateStatus(): GateEvent | null {
    const live = this.#channels.filter(channel => channel.watermark !== MAX_WATERMARK)
    const idle = live.length > 0 && live.every(channel => channel.idle)
    const changed = idle !== this.#idle
    this.#idle = idle
    const watermark = this.#advance()
    if (!changed) return watermark
    const status: GateEvent = { kind: idle ? 'idle' : 'active' }
    if (watermark === null) return status
    this.#following = status
    return watermark
  }

  #align(checkpointId: number): GateEvent | null {
    if (this.#pendingBarrier === 0) {
      this.#pendingBarrier = checkpointId
      this.alignmentStartedAt = performance.now()
    }
    if (this.#channels.some(channel => channel.barrier === 0)) return null
    this.lastAlignmentMs = performance.now() - this.alignmentStartedAt
    this.alignmentStartedAt = 0
    this.#pendingBarrier = 0
    for (const channel of this.#channels) channel.barrier = 0
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
    for (const { channel } of this.#channels) channel.onData = wake
  }

  clear(): void {
    for (const { channel } of this.#channels) channel.clear()
  }
}

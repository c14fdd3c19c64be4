/**
 * What two threads of a job have between them: one message port for all channels that cross. Rows lie in blocks of
 * shared memory that the writing side makes, announces once and uses again when the reader has given them back; messages
 * only name them. What is written in one turn of the event loop is posted together.
 */
import type { MessagePort } from 'node:worker_threads'
import { internalError } from '../../errors/index.ts'
import type { BatchPool } from '../channels/batch-pool.ts'
import { type Channel, type ChannelWriter, costOf, REMOTE_CHANNEL_BYTES } from '../channels/channel.ts'
import { type PackedBlock, packBatch, unpackBatch } from '../channels/packed-batch.ts'
import type { StreamElement } from '../channels/stream-element.ts'

type ControlElement = Exclude<StreamElement, { kind: 'batch' }>

interface ElementMessage {
  readonly channel: number
  /** A number is that of a block with a batch. */
  readonly element: ControlElement | number
}

interface CreditMessage {
  readonly channel: number
  /** Cost of the batches taken. */
  taken: number
  /** Bytes that may wait in the channel from now on. */
  limit: number
}

interface Block extends PackedBlock {
  readonly number: number
}

interface LinkMessage {
  readonly elements: readonly ElementMessage[]
  readonly credits: readonly CreditMessage[]
  /** Blocks that elements name for the first time. */
  readonly newBlocks: readonly Block[]
  /** Blocks the reader has read. */
  readonly freeBlocks: readonly number[]
}

const LEAST_BLOCK_BYTES = 64 * 1024

export class ThreadLink {
  readonly #port: MessagePort
  readonly #fail: (error: unknown) => void
  readonly #readers = new Map<number, Channel>()
  readonly #writers = new Map<number, RemoteChannel>()
  /** By number: those this side writes, and those of the other. */
  readonly #ownBlocks: Block[] = []
  readonly #otherBlocks: Block[] = []
  readonly #free: Block[] = []
  #elements: ElementMessage[] = []
  #credits = new Map<number, CreditMessage>()
  #newBlocks: Block[] = []
  #freeBlocks: number[] = []
  #isScheduled = false
  #isClosed = false

  /** Messages wait in the port until `open`; what goes wrong with one is told to `fail`. */
  constructor(port: MessagePort, fail: (error: unknown) => void) {
    this.#port = port
    this.#fail = fail
  }

  /** After all ends are registered. */
  open(): void {
    this.#port.on('message', (message: LinkMessage) => {
      try {
        this.#receive(message)
      } catch (error) {
        this.#fail(error)
      }
    })
  }

  writer(number: number, pool: BatchPool): ChannelWriter {
    const writer = new RemoteChannel(number, pool, this)
    this.#writers.set(number, writer)
    return writer
  }

  reader(number: number, channel: Channel): void {
    this.#readers.set(number, channel)
    channel.onTaken = (cost, limit) => this.#taken(number, cost, limit)
  }

  send(channel: number, element: StreamElement): void {
    if (element.kind !== 'batch') this.#elements.push({ channel, element })
    else {
      const { number } = packBatch(element.batch, this.#allocate)
      this.#elements.push({ channel, element: number })
    }
    this.#schedule()
  }

  /** The block that came back last, if it is large enough: batches of a steady stream are of like size. */
  readonly #allocate = (numBytes: number): Block => {
    for (let i = this.#free.length - 1; i >= 0; i--) {
      const block = this.#free[i]!
      if (block.buffer.byteLength < numBytes) continue
      this.#free.splice(i, 1)
      return block
    }
    const size = Math.max(LEAST_BLOCK_BYTES, 2 ** Math.ceil(Math.log2(numBytes)))
    const block = { number: this.#ownBlocks.length, buffer: new SharedArrayBuffer(size) }
    this.#ownBlocks.push(block)
    this.#newBlocks.push(block)
    return block
  }

  #taken(channel: number, cost: number, limit: number): void {
    const credit = this.#credits.get(channel)
    if (credit === undefined) this.#credits.set(channel, { channel, taken: cost, limit })
    else {
      credit.taken += cost
      credit.limit = limit
    }
    this.#schedule()
  }

  #schedule(): void {
    if (this.#isScheduled) return
    this.#isScheduled = true
    setImmediate(() => this.#flush())
  }

  #flush(): void {
    this.#isScheduled = false
    if (this.#isClosed) return
    const message: LinkMessage = {
      elements: this.#elements,
      credits: [...this.#credits.values()],
      newBlocks: this.#newBlocks,
      freeBlocks: this.#freeBlocks,
    }
    this.#elements = []
    this.#credits.clear()
    this.#newBlocks = []
    this.#freeBlocks = []
    this.#port.postMessage(message)
  }

  #receive({ elements, credits, newBlocks, freeBlocks }: LinkMessage): void {
    if (this.#isClosed) return
    for (const number of freeBlocks) this.#free.push(this.#ownBlocks[number]!)
    this.#otherBlocks.push(...newBlocks)
    for (const { channel, taken, limit } of credits) this.#writers.get(channel)?.given(taken, limit)
    for (const { channel, element } of elements) this.#accept(channel, element)
  }

  #accept(number: number, element: ElementMessage['element']): void {
    const channel = this.#readers.get(number)
    if (channel === undefined) throw internalError(`nobody reads channel ${number} of another thread`)
    if (typeof element !== 'number') {
      channel.put(element)
      return
    }
    const batch = channel.pool.acquire()
    unpackBatch(this.#otherBlocks[element]!, batch)
    this.#freeBlocks.push(element)
    channel.put({ kind: 'batch', batch })
    this.#schedule()
  }

  /** What comes later is dropped: the attempt has ended. */
  close(): void {
    this.#isClosed = true
    this.#port.close()
  }
}

/** The writing end of a channel whose reader is in another thread; it knows of the reader's queue by its credits. */
class RemoteChannel implements ChannelWriter {
  readonly pool: BatchPool
  readonly #number: number
  readonly #link: ThreadLink
  #bytes = 0
  /** Until the reader has measured how fast it is. */
  #limit = REMOTE_CHANNEL_BYTES
  #onCredit: (() => void) | null = null

  constructor(number: number, pool: BatchPool, link: ThreadLink) {
    this.#number = number
    this.pool = pool
    this.#link = link
  }

  put(element: StreamElement): void {
    if (element.kind === 'batch') this.#bytes += costOf(element.batch)
    this.#link.send(this.#number, element)
    if (element.kind === 'batch') this.pool.release(element.batch)
  }

  given(taken: number, limit: number): void {
    this.#bytes -= taken
    this.#limit = limit
    if (this.#onCredit === null || !this.hasCredit()) return
    const wake = this.#onCredit
    this.#onCredit = null
    wake()
  }

  hasCredit(): boolean {
    return this.#bytes < this.#limit
  }

  credit(): Promise<void> {
    return new Promise(resolve => {
      this.#onCredit = resolve
    })
  }
}

/**
 * What two threads of a job have between them: one message port for all channels that cross. Elements and credits
 * written in one go are posted together. A batch goes as one transferred ArrayBuffer; the reader gives it back with the
 * credit, so that a steady stream allocates nothing.
 */
import type { MessagePort, TransferListItem } from 'node:worker_threads'
import { internalError } from '../../errors/index.ts'
import type { BatchPool } from '../channels/batch-pool.ts'
import { type Channel, type ChannelWriter, costOf, LEAST_BYTES } from '../channels/channel.ts'
import { packBatch, unpackBatch } from '../channels/packed-batch.ts'
import type { StreamElement } from '../channels/stream-element.ts'

type ControlElement = Exclude<StreamElement, { kind: 'batch' }>

interface ElementMessage {
  readonly channel: number
  readonly element: ControlElement | { readonly kind: 'batch'; readonly packed: ArrayBuffer }
}

interface CreditMessage {
  readonly channel: number
  /** Cost of the batches taken. */
  taken: number
  /** Bytes that may wait in the channel from now on. */
  limit: number
}

interface LinkMessage {
  readonly elements: readonly ElementMessage[]
  readonly credits: readonly CreditMessage[]
  /** Buffers to be used again. */
  readonly buffers: readonly ArrayBuffer[]
}

/** More than this are left to the garbage collector. */
const MAX_KEPT = 32
const BUFFER_BYTES = 64 * 1024

export class ThreadLink {
  readonly #port: MessagePort
  readonly #fail: (error: unknown) => void
  readonly #readers = new Map<number, Channel>()
  readonly #writers = new Map<number, RemoteChannel>()
  readonly #free: ArrayBuffer[] = []
  #elements: ElementMessage[] = []
  #credits = new Map<number, CreditMessage>()
  #returned: ArrayBuffer[] = []
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
      const packed = packBatch(element.batch, numBytes => this.#allocate(numBytes))
      this.#elements.push({ channel, element: { kind: 'batch', packed } })
    }
    this.#schedule()
  }

  #allocate(numBytes: number): ArrayBuffer {
    const kept = this.#free.pop()
    if (kept !== undefined && kept.byteLength >= numBytes) return kept
    return new ArrayBuffer(Math.max(BUFFER_BYTES, 2 ** Math.ceil(Math.log2(numBytes))))
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
    queueMicrotask(() => this.#flush())
  }

  #flush(): void {
    this.#isScheduled = false
    if (this.#isClosed) return
    const message: LinkMessage = {
      elements: this.#elements,
      credits: [...this.#credits.values()],
      buffers: this.#returned,
    }
    const transfer: TransferListItem[] = [...this.#returned]
    for (const { element } of this.#elements) if (element.kind === 'batch') transfer.push(element.packed)
    this.#elements = []
    this.#credits.clear()
    this.#returned = []
    this.#port.postMessage(message, transfer)
  }

  #receive({ elements, credits, buffers }: LinkMessage): void {
    if (this.#isClosed) return
    for (const buffer of buffers) if (this.#free.length < MAX_KEPT) this.#free.push(buffer)
    for (const { channel, taken, limit } of credits) this.#writers.get(channel)?.given(taken, limit)
    for (const { channel, element } of elements) this.#accept(channel, element)
  }

  #accept(number: number, element: ElementMessage['element']): void {
    const channel = this.#readers.get(number)
    if (channel === undefined) throw internalError(`nobody reads channel ${number} of another thread`)
    if (element.kind !== 'batch') {
      channel.put(element)
      return
    }
    const batch = channel.pool.acquire()
    unpackBatch(element.packed, batch)
    this.#returned.push(element.packed)
    channel.put({ kind: 'batch', batch })
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
  #limit = LEAST_BYTES
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

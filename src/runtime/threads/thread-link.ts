/**
 * What two threads of a job have between them: one message port for all channels that cross. Rows lie in blocks of
 * shared memory that the writing side makes, announces once and uses again when the reader has given them back; messages
 * only name them. What is written in one turn of the event loop is posted together.
 */
import type { MessagePort } from 'node:worker_threads'
import { internalError } from '../../errors/index.ts'
import type { Batch } from '../../types/index.ts'
import type { BatchPool } from '../channels/batch-pool.ts'
import { type Channel, type ChannelWriter, costOf, REMOTE_INITIAL_BYTES } from '../channels/channel.ts'
import { PackedBlock, packBatch, unpackBatch } from '../channels/packed-batch.ts'
import type { StreamElement } from '../channels/stream-element.ts'

/** Plain numbers, which clone faster than objects. */
interface LinkMessage {
  /** Three numbers for each element: its channel, its code, its value. */
  readonly elements: readonly number[]
  /** Three for each channel: itself, the cost of the batches taken, the bytes that may wait in it from now on. */
  readonly credits: readonly number[]
  /** Blocks that elements name for the first time. */
  readonly newBlocks: readonly SharedArrayBuffer[]
  /** Blocks the reader has read. */
  readonly freeBlocks: readonly number[]
}

/** The value is the number of a block with a batch, a timestamp, the id of a checkpoint, or nothing. */
const codes = { batch: 0, watermark: 1, barrier: 2, idle: 3, active: 4, end: 5 } as const satisfies Record<
  StreamElement['kind'],
  number
>

type ControlElement = Exclude<StreamElement, { kind: 'batch' }>

function controlValue(element: ControlElement): number {
  switch (element.kind) {
    case 'watermark':
      return element.timestampMs
    case 'barrier':
      return element.checkpointId
    default:
      return 0
  }
}

function controlElement(code: number, value: number): ControlElement {
  switch (code) {
    case codes.watermark:
      return { kind: 'watermark', timestampMs: value }
    case codes.barrier:
      return { kind: 'barrier', checkpointId: value }
    case codes.idle:
      return { kind: 'idle' }
    case codes.active:
      return { kind: 'active' }
    case codes.end:
      return { kind: 'end' }
    default:
      throw internalError(`another thread sent an element of code ${code}`)
  }
}

class Block extends PackedBlock {
  readonly number: number

  constructor(number: number, buffer: SharedArrayBuffer) {
    super(buffer)
    this.number = number
  }
}

interface Credit {
  taken: number
  limit: number
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
  #elements: number[] = []
  /** By channel. */
  readonly #credits = new Map<number, Credit>()
  #newBlocks: SharedArrayBuffer[] = []
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
    this.#port.on('messageerror', this.#fail)
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

  send(channel: number, element: ControlElement): void {
    this.#push(channel, codes[element.kind], controlValue(element))
  }

  /** The rows are copied before it returns. */
  sendBatch(channel: number, batch: Batch): void {
    this.#push(channel, codes.batch, packBatch(batch, this.#allocate).number)
  }

  #push(channel: number, code: number, value: number): void {
    this.#elements.push(channel, code, value)
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
    const block = new Block(this.#ownBlocks.length, new SharedArrayBuffer(size))
    this.#ownBlocks.push(block)
    this.#newBlocks.push(block.buffer)
    return block
  }

  #taken(channel: number, cost: number, limit: number): void {
    const credit = this.#credits.get(channel)
    if (credit === undefined) this.#credits.set(channel, { taken: cost, limit })
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
      credits: [...this.#credits].flatMap(([channel, { taken, limit }]) => [channel, taken, limit]),
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
    for (const buffer of newBlocks) this.#otherBlocks.push(new Block(this.#otherBlocks.length, buffer))
    for (let i = 0; i < credits.length; i += 3)
      this.#writers.get(credits[i]!)?.given(credits[i + 1]!, credits[i + 2]!)
    for (let i = 0; i < elements.length; i += 3)
      this.#accept(elements[i]!, elements[i + 1]!, elements[i + 2]!)
  }

  #accept(number: number, code: number, value: number): void {
    const channel = this.#readers.get(number)
    if (channel === undefined) throw internalError(`nobody reads channel ${number} of another thread`)
    if (code !== codes.batch) {
      channel.put(controlElement(code, value))
      return
    }
    const batch = channel.pool.acquire()
    unpackBatch(this.#otherBlocks[value]!, batch)
    this.#freeBlocks.push(value)
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
  #limit = REMOTE_INITIAL_BYTES
  #onCredit: (() => void) | null = null

  constructor(number: number, pool: BatchPool, link: ThreadLink) {
    this.#number = number
    this.pool = pool
    this.#link = link
  }

  put(element: StreamElement): void {
    if (element.kind !== 'batch') this.#link.send(this.#number, element)
    else {
      this.copy(element.batch)
      this.pool.release(element.batch)
    }
  }

  copy(batch: Batch): void {
    this.#bytes += costOf(batch)
    this.#link.sendBatch(this.#number, batch)
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

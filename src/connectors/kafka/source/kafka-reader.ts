/** One subtask's reader: its partitions, their fetch loops, and the rows it hands out one partition at a time. */
import { columnMemory } from '../../../wasm/arena-memory.ts'
import type { SourceBatch, SourceReader, SplitState, SplitStatus } from '../../contract/index.ts'
import { RecordRun } from '../records/record-run.ts'
import type { KafkaCluster } from '../transport/cluster.ts'
import { FetchLoops } from './fetch-loops.ts'
import { isPerBatch } from './metadata-columns.ts'
import { PartitionCursor } from './partition-cursor.ts'
import { RowAssembler, type RowLayout } from './row-assembler.ts'
import type { SourceConfig } from './source-config.ts'
import { type SplitPosition, toSplitState } from './split.ts'

export class KafkaReader implements SourceReader {
  readonly #config: SourceConfig
  readonly #layout: RowLayout
  readonly #assembler: RowAssembler
  readonly #run: RecordRun
  readonly #perBatch: boolean
  readonly #cursors: PartitionCursor[] = []
  readonly #topics = new Map<string, Uint8Array>()
  readonly #loops: FetchLoops
  #waiting: (() => void) | null = null
  #changed = false
  splitsRevision = 0
  #failure: { readonly error: unknown } | null = null
  #turn = 0
  #numRecords = 0
  #closed = false

  constructor(cluster: KafkaCluster, config: SourceConfig, layout: RowLayout, fetchMemory: number) {
    this.#config = config
    this.#layout = layout
    const valuesOnly = layout.keyDecoder === null && layout.metadata.length === 0
    this.#run = new RecordRun(layout.batchRows, columnMemory(), valuesOnly)
    this.#assembler = new RowAssembler(layout)
    this.#perBatch = layout.metadata.some(({ key }) => isPerBatch(key))
    this.#loops = new FetchLoops(cluster, config, fetchMemory, {
      changed: () => this.#wake(),
      failed: error => {
        this.#failure ??= { error }
        this.#wake()
      },
    })
  }

  add(position: SplitPosition, restored: boolean): void {
    const { readCommitted, fetch } = this.#config
    const cursor = new PartitionCursor(position, readCommitted, fetch.checkCrc, restored)
    this.#cursors.push(cursor)
    this.#topics.set(cursor.topic, Buffer.from(cursor.topic))
    this.#loops.add(cursor)
    this.#wake()
  }

  /** Throws when a topic is no longer the one that is being read, as far as metadata has been read. */
  checkTopics(): void {
    this.#loops.checkTopics()
  }

  poll(): SourceBatch | null {
    if (this.#failure !== null) throw this.#failure.error
    const count = this.#cursors.length
    for (let i = 0; i < count; i++) {
      const cursor = this.#cursors[(this.#turn + i) % count]!
      if (!cursor.hasData) continue
      const wasOver = cursor.queuedBytes
      this.#assembler.begin()
      this.#fill(cursor)
      if (cursor.queuedBytes < wasOver) this.#loops.wake()
      if (this.#assembler.numRows === 0) {
        // Only markers or aborted records: the position moved, perhaps to the end.
        this.#changed = true
        continue
      }
      this.#turn = (this.#turn + i + 1) % count
      this.#numRecords += this.#assembler.numRows
      return { split: cursor.split, batch: this.#assembler.batch }
    }
    this.#run.bytes = PartitionCursor.noBytes
    return null
  }

  #fill(cursor: PartitionCursor): void {
    const run = this.#run
    run.length = 0
    const origin = {
      topic: this.#topics.get(cursor.topic)!,
      partition: cursor.partition,
      header: cursor.decoder.header,
    }
    const empty = (): void => {
      this.#assembler.append(run, cursor, origin)
      run.length = 0
    }
    cursor.read(run, () => this.#assembler.room, empty, this.#perBatch)
    if (run.length > 0) empty()
    cursor.releaseUsed()
  }

  #wake(): void {
    this.#changed = true
    this.splitsRevision++
    this.#waiting?.()
    this.#waiting = null
  }

  ready(): Promise<void> {
    if (this.#changed || this.#closed || this.#failure !== null || this.#cursors.some(c => c.hasData)) {
      this.#changed = false
      return Promise.resolve()
    }
    return new Promise(resolve => {
      this.#waiting = () => {
        this.#changed = false
        resolve()
      }
    })
  }

  get finished(): boolean {
    return this.#config.bounded !== null && this.#cursors.every(({ finished }) => finished)
  }

  splits(): readonly SplitStatus[] {
    return this.#cursors.map(({ status }) => status)
  }

  snapshot(): readonly SplitState[] {
    return this.#cursors.map(({ topic, partition, position, stop, topicId }) =>
      toSplitState({ topic, partition, offset: position, stop, topicId }),
    )
  }

  metrics(): Readonly<Record<string, number>> {
    const { valueDecoder, keyDecoder } = this.#layout
    let pending = 0
    for (const { status } of this.#cursors) pending += status.lag ?? 0
    return {
      numRecordsIn: this.#numRecords,
      numBytesIn: this.#loops.numBytes,
      numFetches: this.#loops.numFetches,
      numFetchErrors: this.#loops.numErrors,
      pendingRecords: pending,
      numRecordsInErrors: valueDecoder.numSkippedErrors + (keyDecoder?.numSkippedErrors ?? 0),
      numNullValuesSkipped: valueDecoder.numSkippedNulls,
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    for (const cursor of this.#cursors) cursor.close()
    this.#loops.close()
    this.#assembler.close()
    this.#run.release()
    this.#wake()
  }
}

/** The source of a `kafka` or `upsert-kafka` table: start-up offsets, readers, new partitions, group offsets. */

import { failPoint, isMutated } from '../../../failpoints/failpoints.ts'
import type {
  JobContext,
  Source,
  SourceReader,
  SourceReaderContext,
  SplitState,
} from '../../contract/index.ts'
import { EARLIEST, splitId } from '../requests/offsets.ts'
import { alignedInterval } from '../transport/aligned-interval.ts'
import { KafkaCluster } from '../transport/cluster.ts'
import { isTransportError } from '../transport/connect-errors.ts'
import { sleep } from '../transport/retry.ts'
import { recreatedTopics, sourceRecreated } from '../transport/topic-identity.ts'
import { findPartitions, nothingMatches } from './find-partitions.ts'
import { KafkaReader } from './kafka-reader.ts'
import { OffsetPublisher, publishGroupOffsets } from './publish-offsets.ts'
import { listOffsets, resolveSplits } from './resolve-offsets.ts'
import type { RowLayout } from './row-assembler.ts'
import type { SourceConfig } from './source-config.ts'
import { fromSplitState, type SplitPosition, subtaskOfSplit, toSplitState } from './split.ts'

interface OpenReader {
  readonly reader: KafkaReader
  readonly subtask: number
  readonly parallelism: number
}

/** Bytes of fetched records that wait in all readers of a table, and in one of many. */
const FETCH_MEMORY = 32 * 1024 * 1024
const LEAST_FETCH_MEMORY = 2 * 1024 * 1024
/** How long the end of a job waits for the last publish of group offsets. */
const PUBLISH_GRACE_MS = 2_000

export class KafkaSource implements Source {
  readonly #config: SourceConfig
  readonly #createLayout: () => RowLayout
  readonly #job: JobContext
  readonly #cluster: KafkaCluster
  readonly #readers: OpenReader[] = []
  readonly #known = new Set<string>()
  readonly #publisher = new OffsetPublisher(positions => this.#publish(positions))
  #isFreshStart = false
  #endDiscovery = (): void => {}
  #discovering = false
  #closed = false

  /** `createLayout` makes the columns and decoders of one reader. */
  constructor(config: SourceConfig, createLayout: () => RowLayout, job: JobContext) {
    this.#config = config
    this.#createLayout = createLayout
    this.#job = job
    this.#cluster = KafkaCluster.of(job, config.connection)
  }

  async initialSplits(): Promise<readonly SplitState[]> {
    await this.#cluster.connect()
    const partitions = await findPartitions(this.#cluster, this.#config)
    if (partitions.length === 0) throw nothingMatches(this.#config)
    this.#isFreshStart = true
    await failPoint('kafka.start-offsets.before')
    const splits = await resolveSplits(this.#cluster, this.#config, partitions)
    await failPoint('kafka.start-offsets.after')
    return splits.map(toSplitState)
  }

  async createReader({ subtask, parallelism, restored }: SourceReaderContext): Promise<SourceReader> {
    await this.#cluster.connect()
    const stored = (restored ?? []).map(fromSplitState)
    const positions = isMutated('offsets-from-group') ? await this.#groupPositions(stored) : stored
    for (const position of positions) this.#known.add(splitId(position))
    const topics = [...new Set(positions.map(({ topic }) => topic))]
    if (topics.length > 0) await this.#cluster.requireTopics(topics)
    const recreated = recreatedTopics(
      this.#cluster,
      positions.map(({ topic, topicId }) => [topic, topicId]),
    )
    if (recreated.length > 0) throw sourceRecreated(recreated[0]!, this.#config.tableName)
    const reader = new KafkaReader(
      this.#cluster,
      this.#config,
      this.#createLayout(),
      Math.max(LEAST_FETCH_MEMORY, Math.floor(FETCH_MEMORY / parallelism)),
    )
    for (const position of positions)
      if (subtaskOfSplit(position, parallelism) === subtask) reader.add(position, !this.#isFreshStart)
    this.#readers.push({ reader, subtask, parallelism })
    if (this.#readers.length === parallelism) this.#startDiscovery()
    return reader
  }

  /** What a source without checkpoints would do: the mutation that shows why ours does not. */
  #groupPositions(stored: readonly SplitPosition[]): Promise<readonly SplitPosition[]> {
    const config: SourceConfig = {
      ...this.#config,
      startup: { mode: 'group-offsets' },
      autoOffsetReset: 'earliest',
    }
    return resolveSplits(this.#cluster, config, stored)
  }

  /** Once after a restore (partitions may have come while the job was down), then at the interval. */
  #startDiscovery(): void {
    if (this.#config.bounded !== null || this.#closed) return
    if (!this.#isFreshStart) this.#discoverSoon()
    if (this.#config.discoveryMs === 0) return
    this.#endDiscovery = alignedInterval(this.#config.discoveryMs, () => this.#discoverSoon())
  }

  #discoverSoon(): void {
    if (this.#discovering) return
    this.#discovering = true
    this.discover()
      .catch(error => {
        if (this.#closed) return
        if (!isTransportError(error)) this.#job.fail(error)
        else this.#job.logger.warn('looking for new partitions failed', { error: String(error) })
      })
      .finally(() => {
        this.#discovering = false
      })
  }

  /** New partitions start at their earliest offset: nothing written before they were found is missed. */
  async discover(): Promise<void> {
    const found = await findPartitions(this.#cluster, this.#config)
    for (const { reader } of this.#readers) reader.checkTopics()
    const fresh = found.filter(partition => !this.#known.has(splitId(partition)))
    if (fresh.length === 0 || this.#closed) return
    const offsets = await listOffsets(this.#cluster, fresh, EARLIEST, this.#config.readCommitted)
    for (const partition of fresh) {
      this.#known.add(splitId(partition))
      this.#job.logger.info('found a new partition', { split: splitId(partition) })
      const owner = this.#readers.find(
        ({ subtask, parallelism }) => subtaskOfSplit(partition, parallelism) === subtask,
      )
      const offset = offsets.get(splitId(partition))!
      const topicId = this.#cluster.topicId(partition.topic)
      owner?.reader.add({ ...partition, offset, stop: null, topicId }, false)
    }
  }

  async publishOffsets(_checkpointId: number, splits: readonly SplitState[]): Promise<void> {
    const { groupId, publishOffsets } = this.#config
    if (groupId === null || !publishOffsets || splits.length === 0) return
    await this.#publisher.publish(splits.map(fromSplitState))
  }

  async #publish(positions: readonly SplitPosition[]): Promise<void> {
    await failPoint('kafka.publish-offsets.before')
    await publishGroupOffsets(this.#cluster, this.#config.groupId!, positions)
    await failPoint('kafka.publish-offsets.after')
  }

  /** What is still being published then fails with the connections, which are closed next. */
  async #published(): Promise<void> {
    const grace = new AbortController()
    await Promise.race([this.#publisher.settled(), sleep(PUBLISH_GRACE_MS, grace.signal)])
    grace.abort()
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#endDiscovery()
    for (const { reader } of this.#readers) await reader.close()
    await this.#published()
  }
}

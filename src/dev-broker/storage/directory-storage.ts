/**
 * A cluster in a directory: `journal.jsonl`, `logs/<topic id>/<partition>.log`, and `broker.lock` with the process id of its one user.
 * Group membership, moved leaders and moved coordinators are not kept.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { configError } from '../../errors/index.ts'
import type { Logger } from '../../logger/logger.ts'
import type { Cluster } from '../cluster/cluster.ts'
import type { Topic, TopicStore } from '../cluster/topics.ts'
import type { GroupOffsets, GroupOffsetsDump } from '../groups/group-offsets.ts'
import type { TopicPartition, TransactionState } from '../transactions/transaction-state.ts'
import { type ClusterStorage, newClusterId } from './cluster-storage.ts'
import { Journal } from './journal.ts'
import { LogFile } from './log-file.ts'

interface StoredTopic {
  readonly id: string
  readonly numPartitions: number
  readonly configs: readonly (readonly [string, string])[]
}

type StoredTransaction = Omit<TransactionState, 'partitions'> & {
  readonly partitions: readonly (readonly [string, TopicPartition])[]
}

const firstProducerId = 1000
const logStartKey = (topicId: string, partition: number) => `log-start/${topicId}/${partition}`

/** Directories in use by this process: its own pid in a lock file says nothing about another broker of the same process. */
const openDirectories = new Set<string>()

export class DirectoryStorage implements ClusterStorage {
  readonly clusterId: string
  readonly topics: TopicStore
  readonly nextProducerIdBlock: number
  readonly #directory: string
  readonly #journal: Journal
  readonly #logger: Logger
  #isRestoring = false

  /** Throws `MR_DEV_BROKER_DATA_DIR` when another live broker uses the directory. */
  constructor(directory: string, logger: Logger) {
    this.#directory = resolve(directory)
    this.#logger = logger
    mkdirSync(this.#directory, { recursive: true })
    this.#lock()
    this.#journal = this.#openJournal()
    const known = this.#journal.get('cluster-id') as string | undefined
    this.clusterId = known ?? newClusterId()
    if (known === undefined) this.#journal.put('cluster-id', this.clusterId)
    this.nextProducerIdBlock = (this.#journal.get('producer-ids') as number | undefined) ?? firstProducerId
    this.topics = {
      storage: (topicId, partition) => this.#logFile(topicId, partition),
      saved: topic => this.#saveTopic(topic),
      deleted: topic => this.#deleteTopic(topic),
    }
  }

  saveProducerIdBlock(end: number): void {
    this.#journal.put('producer-ids', end)
  }

  saveGroup(groupId: string, offsets: GroupOffsets | undefined): void {
    this.#journal.put(`group/${groupId}`, offsets?.dump() ?? null)
  }

  saveTransaction(transactionalId: string, state: TransactionState | undefined): void {
    const stored = state === undefined ? null : { ...state, partitions: [...state.partitions] }
    this.#journal.put(`transaction/${transactionalId}`, stored)
  }

  saveLogStart(topicId: string, partition: number, offset: number): void {
    this.#journal.put(logStartKey(topicId, partition), offset)
  }

  restore(cluster: Cluster): void {
    this.#isRestoring = true
    for (const [name, value] of this.#journal.under('topic/')) {
      const { id, numPartitions, configs } = value as StoredTopic
      const topic = cluster.topics.create(name, numPartitions, new Map(configs), id)
      for (const { index, log } of topic.partitions) {
        const start = this.#journal.get(logStartKey(id, index)) as number | undefined
        if (start !== undefined) log.deleteBefore(start)
      }
    }
    for (const [groupId, dump] of this.#journal.under('group/')) {
      cluster.groups.ensure(groupId).offsets.load(dump as GroupOffsetsDump)
    }
    for (const [, value] of this.#journal.under('transaction/')) {
      const stored = value as StoredTransaction
      cluster.transactions.restore({ ...stored, partitions: new Map(stored.partitions) })
    }
    this.#isRestoring = false
  }

  close(): void {
    this.#journal.close()
    this.#unlock()
  }

  #openJournal(): Journal {
    try {
      return new Journal(join(this.#directory, 'journal.jsonl'), this.#logger)
    } catch (error) {
      this.#unlock()
      throw error
    }
  }

  #unlock(): void {
    rmSync(this.#lockPath, { force: true })
    openDirectories.delete(this.#directory)
  }

  get #lockPath(): string {
    return join(this.#directory, 'broker.lock')
  }

  #lock(): void {
    const holder = this.#lockHolder()
    if (holder !== undefined) {
      throw configError('MR_DEV_BROKER_DATA_DIR', `process ${holder} already serves ${this.#directory}`, {
        hint: `Stop it, choose another data directory, or delete ${this.#lockPath} if that process is no dev broker.`,
      })
    }
    writeFileSync(this.#lockPath, String(process.pid))
    openDirectories.add(this.#directory)
  }

  /** The live process that has the directory, if any. */
  #lockHolder(): number | undefined {
    if (openDirectories.has(this.#directory)) return process.pid
    let holder: number
    try {
      holder = Number(readFileSync(this.#lockPath, 'utf8'))
    } catch {
      return undefined
    }
    return holder > 0 && holder !== process.pid && isAlive(holder) ? holder : undefined
  }

  #logFile(topicId: string, partition: number): LogFile {
    const folder = join(this.#directory, 'logs', topicId)
    mkdirSync(folder, { recursive: true })
    return new LogFile(join(folder, `${partition}.log`), this.#logger)
  }

  #saveTopic({ name, id, partitions, configs }: Topic): void {
    if (this.#isRestoring) return
    const stored: StoredTopic = { id, numPartitions: partitions.length, configs: [...configs] }
    this.#journal.put(`topic/${name}`, stored)
  }

  #deleteTopic({ name, id, partitions }: Topic): void {
    this.#journal.put(`topic/${name}`, null)
    for (const { index } of partitions) this.#journal.put(logStartKey(id, index), null)
    rmSync(join(this.#directory, 'logs', id), { recursive: true, force: true })
  }
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

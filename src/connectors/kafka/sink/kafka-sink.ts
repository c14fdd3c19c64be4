/** The sink of a `kafka` or `upsert-kafka` table: joins writers with a plain session or the transaction group. */
import { parseDuration } from '../../../catalog/index.ts'
import { configError } from '../../../errors/index.ts'
import type { Committer, JobContext, Sink, SinkWriter } from '../../contract/index.ts'
import { TransactionGroup } from '../transaction/transaction-group.ts'
import { KafkaCluster } from '../transport/cluster.ts'
import { bootstrapText, principalOf } from '../transport/connection-config.ts'
import { KafkaWriter, type WriterOutput } from './kafka-writer.ts'
import { PlainOutput } from './plain-output.ts'
import type { RecordLayout, SinkConfig } from './sink-config.ts'
import { TopicTargets } from './topic-targets.ts'

/** What the exactly-once sinks of one job have said so far, so that a contradiction is named. */
interface GroupClaim {
  readonly table: string
  readonly prefix: string
  readonly cluster: string
  readonly principal: string
  readonly timeoutMs: number
  readonly group: TransactionGroup
}

class GroupClaims {
  readonly claims: GroupClaim[] = []
  async close(): Promise<void> {}
}

export class KafkaSink implements Sink {
  readonly committer: Committer | null
  readonly #config: SinkConfig
  readonly #layout: RecordLayout
  readonly #job: JobContext
  readonly #cluster: KafkaCluster
  readonly #targets: TopicTargets
  readonly #group: TransactionGroup | null
  readonly #plain: PlainOutput | null

  constructor(config: SinkConfig, layout: RecordLayout, job: JobContext) {
    this.#config = config
    this.#layout = layout
    this.#job = job
    this.#cluster = KafkaCluster.of(job, config.connection)
    this.#targets = new TopicTargets(this.#cluster, config)
    this.#group = config.guarantee === 'exactly-once' ? this.#joinGroup() : null
    this.#plain = this.#group === null ? new PlainOutput(this.#cluster, config, job) : null
    this.committer = this.#group
  }

  #joinGroup(): TransactionGroup {
    const {
      tableName,
      transactionalIdPrefix: prefix,
      transactionTimeoutMs: timeoutMs,
      connection,
    } = this.#config
    const { claims } = this.#job.shared('kafka-transaction-groups', () => new GroupClaims())
    const cluster = bootstrapText(connection)
    const principal = principalOf(connection)
    const other = claims.find(claim => claim.cluster === cluster || claim.prefix === prefix)
    if (other !== undefined) {
      const differs = (what: string, mine: string | number, theirs: string | number): void => {
        if (mine === theirs) return
        throw configError(
          'MR_KAFKA_GROUPS_DIFFER',
          `The exactly-once tables '${other.table}' and '${tableName}' write in one transaction, but their ${what} differ: '${theirs}' and '${mine}'.`,
          {
            hint:
              other.cluster === cluster
                ? 'Give both tables the same value.'
                : "Give tables of different clusters different values of 'sink.transactional-id-prefix'.",
          },
        )
      }
      differs('bootstrap servers', cluster, other.cluster)
      differs('values of sink.transactional-id-prefix', prefix, other.prefix)
      differs('users', principal, other.principal)
      differs('values of transaction.timeout.ms', timeoutMs, other.timeoutMs)
      return other.group
    }
    const group = this.#job.shared(
      `kafka-transaction-group:${prefix}`,
      () =>
        new TransactionGroup(this.#cluster, this.#job, {
          prefix,
          transactionTimeoutMs: timeoutMs,
          bufferMemory: this.#config.produce.bufferMemory,
          keepAliveMs: keepAliveMs(this.#job.config),
          openTopics: () => this.#targets.open(),
          witnessTopic: () => this.#targets.first,
        }),
    )
    if (claims.length > 0) {
      this.#job.logger.warn(
        'exactly-once tables on several clusters: each commits on its own, so readers of one may see a checkpoint that the other has not committed yet, and if one has committed and the other then loses it (a crash longer than transaction.timeout.ms), the job cannot go on by itself',
        { tables: [...claims.map(({ table }) => table), tableName] },
      )
    }
    claims.push({ table: tableName, prefix, cluster, principal, timeoutMs, group })
    return group
  }

  async createWriter({
    subtask,
  }: {
    readonly subtask: number
    readonly parallelism: number
  }): Promise<SinkWriter> {
    await this.#targets.open()
    await this.#plain?.start()
    const output = this.#plain ?? transactionOutput(this.#group!)
    return new KafkaWriter(output, this.#config, this.#layout, this.#targets, subtask)
  }

  async close(): Promise<void> {
    this.#targets.close()
    this.#plain?.session.close()
  }
}

const DAY_MS = 24 * 60 * 60 * 1000

const keepAliveMs = (config: JobContext['config']): number =>
  parseDuration(config['millrace.kafka.witness-keep-alive'] ?? '') ?? DAY_MS

function transactionOutput(group: TransactionGroup): WriterOutput {
  const cursor = group.cursor()
  return {
    get session() {
      return cursor.transaction.session
    },
    buffer: group.buffer,
    flush: checkpointId => group.flush(cursor, checkpointId),
  }
}

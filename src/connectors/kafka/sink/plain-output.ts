/** Output without transactions: one session, idempotent when the options allow it. */
import { connectorError } from '../../../errors/index.ts'
import type { JobContext } from '../../contract/index.ts'
import { initIdempotentRequest } from '../requests/transactions.ts'
import type { KafkaCluster } from '../transport/cluster.ts'
import { isTransportError } from '../transport/connect-errors.ts'
import { errorName, isAuthorizationError, isCoordinatorError } from '../transport/error-codes.ts'
import { Backoff } from '../transport/retry.ts'
import type { WriterOutput } from './kafka-writer.ts'
import { ProduceSession } from './produce-session.ts'
import { SendBuffer } from './send-buffer.ts'
import type { SinkConfig } from './sink-config.ts'

export class PlainOutput implements WriterOutput {
  readonly session: ProduceSession
  readonly buffer: SendBuffer
  readonly #cluster: KafkaCluster
  readonly #config: SinkConfig

  constructor(cluster: KafkaCluster, config: SinkConfig, job: JobContext) {
    this.#cluster = cluster
    this.#config = config
    this.buffer = new SendBuffer(config.produce.bufferMemory)
    this.session = new ProduceSession(cluster, this.buffer, {
      transactionalId: null,
      addPartitions: async () => {},
      failed: error => job.fail(error),
    })
  }

  async start(): Promise<void> {
    if (this.session.isStarted) return
    const identity = this.#config.produce.idempotent
      ? await this.#idempotentIdentity()
      : { producerId: -1, producerEpoch: -1 }
    if (!this.session.isStarted) this.session.start(identity)
  }

  async #idempotentIdentity(): Promise<{ readonly producerId: number; readonly producerEpoch: number }> {
    const backoff = new Backoff()
    for (;;) {
      try {
        await this.#cluster.metadata([])
        const nodeId = this.#cluster.anyNode()
        const { code, ...identity } = await this.#cluster.send(nodeId, 'control', initIdempotentRequest())
        if (code === 0) return identity
        if (isAuthorizationError(code)) {
          throw connectorError(
            'MR_KAFKA_PERMISSION',
            `No permission for idempotent writing: ${errorName(code)}.`,
            {
              hint: "Grant IdempotentWrite on the cluster, or set 'properties.enable.idempotence' = 'false'.",
            },
          )
        }
        if (!isCoordinatorError(code))
          throw connectorError('MR_KAFKA_PRODUCE', `InitProducerId failed: ${errorName(code)}.`)
      } catch (error) {
        if (!isTransportError(error) || backoff.tries > 30) throw error
      }
      await backoff.wait()
    }
  }

  flush(_checkpointId: number): Promise<void> {
    // Guarantee `none` does not wait: what is lost in a crash is lost.
    return this.#config.guarantee === 'none' ? Promise.resolve() : this.session.flush()
  }
}

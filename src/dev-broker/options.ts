import type { Logger } from '../logger/logger.ts'
import type { TlsOptions } from './server/listener.ts'
import type { SaslUser } from './server/sasl.ts'

export interface TopicOptions {
  readonly name: string
  readonly partitions?: number
  readonly configs?: Readonly<Record<string, string>>
}

export interface DevBrokerOptions {
  /** First port; broker n listens on `port + n - 1`. 0 (the default) lets the system choose each. */
  readonly port?: number
  /** Address to listen on and to advertise. Default 127.0.0.1. */
  readonly host?: string
  /** Brokers (listening ports with node ids 1, 2, …) in this process. Default 1. */
  readonly numBrokers?: number
  /** Created at start unless they are there already. */
  readonly topics?: readonly TopicOptions[]
  /** Partitions of topics created without a number. Default 1. */
  readonly defaultPartitions?: number
  /** Whether Metadata creates topics it is asked for. Default true. */
  readonly autoCreateTopics?: boolean
  /** Where records, transactions and group offsets outlive the process. Default: memory only. */
  readonly dataDir?: string
  /** Milliseconds of real time between sweeps for timed-out transactions. Default 1000 (Kafka: 10000). */
  readonly transactionSweepIntervalMs?: number
  /** `transaction.max.timeout.ms`. Default 15 minutes. */
  readonly maxTransactionTimeoutMs?: number
  /** `transactional.id.expiration.ms`. Default 7 days. */
  readonly transactionalIdExpirationMs?: number
  /**
   * Whose answer the owner of a transaction gets that the broker has aborted, when it calls InitProducerId with its old epoch: 3.9 refuses
   * with 90, 4.1 answers 0 and the next epoch. Nothing else depends on it. Default 3.9.
   */
  readonly kafkaVersion?: '3.9' | '4.1'
  /** Milliseconds between the decision of a transaction and its markers. Default 5. */
  readonly markerDelayMs?: number
  /** `group.initial.rebalance.delay.ms`. Default 0. */
  readonly groupInitialRebalanceDelayMs?: number
  /** `socket.request.max.bytes`. Default 100 MiB. */
  readonly maxRequestBytes?: number
  /** Users of SASL PLAIN and SCRAM-SHA-256/512. Given: every client must authenticate. */
  readonly sasl?: readonly SaslUser[]
  /** Given: every port speaks TLS. */
  readonly tls?: TlsOptions
  /** Source of time in epoch milliseconds. Default Date.now. */
  readonly clock?: () => number
  readonly logger?: Logger
}

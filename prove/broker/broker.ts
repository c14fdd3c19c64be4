/** The broker under the proof, of whatever kind. */
import type { DevBroker } from '../../src/dev-broker/index.ts'

export type BrokerKind = 'dev' | 'dev in this process' | 'Apache Kafka' | 'given'

/** What happens to the next requests of one kind. */
export interface BrokerFault {
  /** As in the protocol guide. */
  readonly api: string
  readonly kind: 'taken late' | 'answered late' | 'answer lost' | 'taken twice' | 'connection cut'
  /** How late. */
  readonly ms: number
  readonly times: number
  /** After this long it is over in any case. */
  readonly forMs: number
}

export interface BrokerNode {
  /** Resolves when it is gone; the data stays. */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>
  /** Again on the same port and data; resolves when it takes connections. */
  start(): Promise<void>
  pause(): void
  resume(): void
}

export interface Broker extends AsyncDisposable {
  readonly kind: BrokerKind
  /** For the report: product and version. */
  readonly label: string
  readonly bootstrap: string
  /** Of an Apache Kafka that was started here from its jars, so that Java's tools are there too. */
  readonly kafkaVersion?: string
  /** Only when it lives in this process: faults can be scripted. */
  readonly dev: DevBroker | null
  /** kill -9; the data stays. Absent where the broker is not ours. */
  kill?(): Promise<void>
  /** Starts again on the same port and data. */
  restart?(): Promise<void>
  /** SIGSTOP: connections stay, nothing is answered. */
  pause?(): void
  /** SIGCONT. */
  resume?(): void
  /** Only the dev broker knows how. */
  disturb?(fault: BrokerFault): void
  /** The single brokers, by id, of a cluster whose brokers are ours. */
  readonly nodes?: ReadonlyMap<number, BrokerNode>
}

/** The broker under the proof, of whatever kind. */
import type { DevBroker } from '../../src/dev-broker/index.ts'

export type BrokerKind = 'dev' | 'dev in this process' | 'Apache Kafka' | 'given'

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
}

/**
 * A real Apache Kafka for tests: KRaft, one node, on free ports of 127.0.0.1. A Docker engine is used if one
 * answers and no special listeners are asked for; else Java with jars from Maven. Where neither is there,
 * `realKafkaUnavailable` says why; with CI=true that is a failure, never a silent skip.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePorts } from './free-ports.ts'
import { kafkaJars, missingTools } from './kafka-jars.ts'
import { formatStorage, KafkaProcess, newClusterId } from './kafka-process.ts'
import { makeCertificates, type TestCertificates } from './test-certificates.ts'

export type KafkaVersion = '3.9.1' | '4.1.1'
export const kafkaVersions: readonly KafkaVersion[] = ['3.9.1', '4.1.1']

export interface RealKafkaOptions {
  readonly version?: KafkaVersion
  /** SASL, TLS and mutual TLS listeners; users alice (PLAIN) and bob (SCRAM-SHA-256/512). */
  readonly secure?: boolean
  /** With `secure`: ACLs on, super users alice and anonymous; bob may nothing. */
  readonly acls?: boolean
  /** Short timeouts for crash, time-out and expiry tests. */
  readonly fast?: boolean
  readonly properties?: Readonly<Record<string, string>>
  /** Started from its jars, it runs on this core only. */
  readonly core?: number
}

export interface RealKafka {
  readonly bootstrap: string
  readonly version: KafkaVersion
  /** Only with `secure`. */
  readonly listeners:
    | {
        readonly saslPlain: string
        readonly tls: string
        readonly saslTls: string
        readonly mutualTls: string
      }
    | undefined
  readonly certificates: TestCertificates | undefined
  /** kill -9; the data stays. */
  kill(): Promise<void>
  /** Starts again on the same ports and data. */
  restart(): Promise<void>
  /** Stands still until `resume`; connections stay. */
  pause(): void
  resume(): void
  stop(): Promise<void>
}

const dockerAnswers = (): boolean =>
  spawnSync('docker', ['info'], { stdio: 'ignore', timeout: 5_000 }).status === 0

let unavailable: string | false | undefined

/** Why no real Kafka can be started here, or undefined. Throws when CI=true. */
export function realKafkaUnavailable(): string | undefined {
  if (unavailable === undefined) {
    const missing = missingTools()
    unavailable = missing === undefined || dockerAnswers() ? false : missing
  }
  if (unavailable === false) return undefined
  const reason = `real Kafka left out: ${unavailable} and no Docker engine`
  if (process.env['CI'] === 'true') throw new Error(reason)
  return reason
}

const saslModules = (listener: string): string =>
  [
    `listener.name.${listener}.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required user_alice="alice-secret" user_carol="carol-secret";`,
    `listener.name.${listener}.scram-sha-256.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;`,
    `listener.name.${listener}.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;`,
  ].join('\n')

function secureProperties(ports: readonly number[], certificates: TestCertificates, acls: boolean): string {
  const [plain, controller, sasl, tls, saslTls, mutual] = ports
  return `listeners=PLAINTEXT://127.0.0.1:${plain},CONTROLLER://127.0.0.1:${controller},SASL_PLAINTEXT://127.0.0.1:${sasl},SSL://127.0.0.1:${tls},SASL_SSL://127.0.0.1:${saslTls},MTLS://127.0.0.1:${mutual}
advertised.listeners=PLAINTEXT://127.0.0.1:${plain},SASL_PLAINTEXT://127.0.0.1:${sasl},SSL://localhost:${tls},SASL_SSL://localhost:${saslTls},MTLS://localhost:${mutual}
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SASL_PLAINTEXT:SASL_PLAINTEXT,SSL:SSL,SASL_SSL:SASL_SSL,MTLS:SSL
sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512
${saslModules('sasl_plaintext')}
${saslModules('sasl_ssl')}
ssl.keystore.type=PEM
ssl.keystore.location=${certificates.serverStore}
ssl.truststore.type=PEM
ssl.truststore.location=${certificates.caFile}
listener.name.mtls.ssl.client.auth=required
${acls ? 'authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer\nsuper.users=User:ANONYMOUS;User:alice' : ''}`
}

const plainProperties = (ports: readonly number[]): string =>
  `listeners=PLAINTEXT://127.0.0.1:${ports[0]},CONTROLLER://127.0.0.1:${ports[1]}
advertised.listeners=PLAINTEXT://127.0.0.1:${ports[0]}
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT`

const fastProperties = {
  'broker.session.timeout.ms': '1500',
  'broker.heartbeat.interval.ms': '400',
  'transaction.abort.timed.out.transaction.cleanup.interval.ms': '1000',
}

function serverProperties(
  options: RealKafkaOptions,
  version: KafkaVersion,
  folder: string,
  ports: readonly number[],
  certificates: TestCertificates | undefined,
): string {
  const extra = {
    ...(version.startsWith('4')
      ? {
          'share.coordinator.state.topic.replication.factor': '1',
          'share.coordinator.state.topic.min.isr': '1',
        }
      : {}),
    ...(options.fast === true ? fastProperties : {}),
    ...options.properties,
  }
  return `process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:${ports[1]}
${certificates === undefined ? plainProperties(ports) : secureProperties(ports, certificates, options.acls === true)}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
log.dirs=${join(folder, 'data')}
offsets.topic.replication.factor=1
offsets.topic.num.partitions=5
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=5
group.initial.rebalance.delay.ms=0
log.cleaner.enable=false
auto.create.topics.enable=false
${Object.entries(extra)
  .map(([key, value]) => `${key}=${value}`)
  .join('\n')}
`
}

/** Starts one broker; ready when it accepts connections (coordinators may need a moment more). */
export async function startRealKafka(options: RealKafkaOptions = {}): Promise<RealKafka> {
  const version = options.version ?? '4.1.1'
  if (missingTools() !== undefined && options.secure !== true) return startInDocker(version, options)
  const cache = await kafkaJars(version)
  const folder = mkdtempSync(join(tmpdir(), 'millrace-kafka-'))
  const ports = await freePorts(6)
  const certificates = options.secure === true ? makeCertificates(folder) : undefined
  const config = join(folder, 'server.properties')
  writeFileSync(config, serverProperties(options, version, folder, ports, certificates))
  formatStorage(cache, config, newClusterId(), options.secure === true)
  const server = new KafkaProcess(cache, config, ports[0]!, options.core)
  await server.start()

  return {
    bootstrap: `127.0.0.1:${ports[0]}`,
    version,
    certificates,
    listeners:
      certificates === undefined
        ? undefined
        : {
            saslPlain: `127.0.0.1:${ports[2]}`,
            tls: `localhost:${ports[3]}`,
            saslTls: `localhost:${ports[4]}`,
            mutualTls: `localhost:${ports[5]}`,
          },
    kill: () => server.end('SIGKILL'),
    restart: () => server.start(),
    pause: () => server.pause(),
    resume: () => server.resume(),
    async stop() {
      await server.dispose()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** apache/kafka with a fixed host port, so that the advertised address is right from the start. */
async function startInDocker(version: KafkaVersion, options: RealKafkaOptions): Promise<RealKafka> {
  const { GenericContainer, Wait } = await import('testcontainers')
  const [port] = await freePorts(1)
  const properties = { ...(options.fast === true ? fastProperties : {}), ...options.properties }
  const environment: Record<string, string> = {
    KAFKA_NODE_ID: '1',
    KAFKA_PROCESS_ROLES: 'broker,controller',
    KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9093',
    KAFKA_LISTENERS: `PLAINTEXT://:${port},CONTROLLER://:9093`,
    KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://127.0.0.1:${port}`,
    KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
    KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
    KAFKA_INTER_BROKER_LISTENER_NAME: 'PLAINTEXT',
    KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
    KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
    KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
    KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
    KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
  }
  for (const [key, value] of Object.entries(properties))
    environment[`KAFKA_${key.toUpperCase().replaceAll('.', '_')}`] = value
  const container = await new GenericContainer(`apache/kafka:${version}`)
    .withEnvironment(environment)
    .withExposedPorts({ container: port!, host: port! })
    .withWaitStrategy(Wait.forListeningPorts())
    .start()
  const docker = (...args: string[]): void => {
    spawnSync('docker', [...args, container.getId()], { stdio: 'ignore' })
  }
  return {
    bootstrap: `127.0.0.1:${port}`,
    version,
    certificates: undefined,
    listeners: undefined,
    async kill() {
      docker('kill', '-s', 'KILL')
    },
    async restart() {
      docker('start')
    },
    pause: () => docker('pause'),
    resume: () => docker('unpause'),
    async stop() {
      await container.stop()
    },
  }
}

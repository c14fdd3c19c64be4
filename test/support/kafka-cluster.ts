/**
 * Three Kafka brokers for tests, each of them a controller too, so that any one of them may die. Started with Java only:
 * each needs an address of its own that clients on this machine reach.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePorts } from './free-ports.ts'
import { kafkaJars, missingTools } from './kafka-jars.ts'
import { formatStorage, KafkaProcess, newClusterId } from './kafka-process.ts'
import type { KafkaVersion } from './real-kafka.ts'

export const NUM_BROKERS = 3

export interface KafkaCluster extends AsyncDisposable {
  readonly bootstrap: string
  readonly version: KafkaVersion
  /** By broker id. */
  readonly nodes: ReadonlyMap<number, KafkaProcess>
}

/** Why no cluster can be started here, or undefined. */
export const kafkaClusterUnavailable = (): string | undefined => {
  const missing = missingTools()
  return missing === undefined ? undefined : `three brokers left out: ${missing}`
}

interface NodePorts {
  readonly client: number
  readonly controller: number
}

function properties(version: KafkaVersion, id: number, ports: readonly NodePorts[], folder: string): string {
  const { client, controller } = ports[id - 1]!
  const voters = ports.map((port, i) => `${i + 1}@127.0.0.1:${port.controller}`).join(',')
  const share = version.startsWith('4')
    ? `share.coordinator.state.topic.replication.factor=${NUM_BROKERS}\nshare.coordinator.state.topic.min.isr=2\n`
    : ''
  return `process.roles=broker,controller
node.id=${id}
controller.quorum.voters=${voters}
listeners=PLAINTEXT://127.0.0.1:${client},CONTROLLER://127.0.0.1:${controller}
advertised.listeners=PLAINTEXT://127.0.0.1:${client}
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
log.dirs=${join(folder, 'data')}
default.replication.factor=${NUM_BROKERS}
min.insync.replicas=2
offsets.topic.replication.factor=${NUM_BROKERS}
offsets.topic.num.partitions=5
transaction.state.log.replication.factor=${NUM_BROKERS}
transaction.state.log.min.isr=2
transaction.state.log.num.partitions=5
group.initial.rebalance.delay.ms=0
log.cleaner.enable=false
auto.create.topics.enable=false
broker.session.timeout.ms=2500
broker.heartbeat.interval.ms=500
replica.lag.time.max.ms=3000
transaction.abort.timed.out.transaction.cleanup.interval.ms=1000
${share}`
}

export async function startKafkaCluster(version: KafkaVersion): Promise<KafkaCluster> {
  const cache = await kafkaJars(version)
  const folder = mkdtempSync(join(tmpdir(), 'millrace-cluster-'))
  const free = await freePorts(2 * NUM_BROKERS)
  const ports = Array.from({ length: NUM_BROKERS }, (_, i) => ({
    client: free[2 * i]!,
    controller: free[2 * i + 1]!,
  }))
  const clusterId = newClusterId()
  const nodes = new Map<number, KafkaProcess>()
  for (const [i, { client }] of ports.entries()) {
    const own = join(folder, `node-${i + 1}`)
    mkdirSync(own)
    const config = join(own, 'server.properties')
    writeFileSync(config, properties(version, i + 1, ports, own))
    formatStorage(cache, config, clusterId)
    nodes.set(i + 1, new KafkaProcess(cache, config, client))
  }
  const dispose = async () => {
    // In order they would wait for one another.
    await Promise.all([...nodes.values()].map(node => node.dispose('SIGKILL')))
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await Promise.all([...nodes.values()].map(node => node.start()))
  } catch (error) {
    await dispose()
    throw error
  }
  return {
    version,
    nodes,
    bootstrap: ports.map(({ client }) => `127.0.0.1:${client}`).join(','),
    [Symbol.asyncDispose]: dispose,
  }
}

/** `--broker dev | 3.9 | 4.x | HOST:PORT`. */
import { type ChildProcess, fork } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startDevBroker } from '../../src/dev-broker/index.ts'
import { freePorts } from '../../test/support/free-ports.ts'
import { kafkaClusterUnavailable, startKafkaCluster } from '../../test/support/kafka-cluster.ts'
import { missingTools } from '../../test/support/kafka-jars.ts'
import { type KafkaVersion, realKafkaUnavailable, startRealKafka } from '../../test/support/real-kafka.ts'
import type { Broker } from './broker.ts'

/** By what `--broker` says. */
const versions: Readonly<Record<string, KafkaVersion>> = {
  '3.9': '3.9.1',
  '3.9.1': '3.9.1',
  '4.x': '4.1.1',
  '4.1': '4.1.1',
  '4.1.1': '4.1.1',
}

export async function startBroker(name: string): Promise<Broker> {
  if (name === 'dev') return startDevProcess()
  const version = versions[name]
  if (version !== undefined) return startKafka(version)
  if (/^[^,]+:\d+(,[^,]+:\d+)*$/.test(name))
    return {
      kind: 'given',
      label: `the cluster at ${name}`,
      bootstrap: name,
      dev: null,
      [Symbol.asyncDispose]: async () => {},
    }
  throw new Error(`--broker ${name}: one of dev, 3.9, 4.x or HOST:PORT is wanted`)
}

async function startKafka(version: KafkaVersion): Promise<Broker> {
  const missing = realKafkaUnavailable()
  if (missing !== undefined) throw new Error(missing)
  const kafka = await startRealKafka({ version, fast: true })
  return {
    kind: 'Apache Kafka',
    label: `Apache Kafka ${version}`,
    ...(missingTools() === undefined ? { kafkaVersion: version } : {}),
    bootstrap: kafka.bootstrap,
    dev: null,
    kill: () => kafka.kill(),
    restart: () => kafka.restart(),
    pause: () => kafka.pause(),
    resume: () => kafka.resume(),
    [Symbol.asyncDispose]: () => kafka.stop(),
  }
}

/** `--broker 4.x --brokers 3`. */
export async function startCluster(name: string): Promise<Broker> {
  const version = versions[name]
  if (version === undefined) throw new Error(`--broker ${name}: three brokers are started of 3.9 or 4.x`)
  const missing = kafkaClusterUnavailable()
  if (missing !== undefined) throw new Error(missing)
  const cluster = await startKafkaCluster(version)
  return {
    kind: 'Apache Kafka',
    label: `three brokers of Apache Kafka ${version}`,
    bootstrap: cluster.bootstrap,
    dev: null,
    nodes: cluster.nodes,
    [Symbol.asyncDispose]: () => cluster[Symbol.asyncDispose](),
  }
}

/** The dev broker inside the prover, for stories that script faults of the broker. */
export async function startDevInProcess(): Promise<Broker> {
  const dev = await startDevBroker({ autoCreateTopics: false })
  return {
    kind: 'dev in this process',
    label: 'dev broker',
    bootstrap: dev.bootstrap,
    dev,
    [Symbol.asyncDispose]: () => dev.close(),
  }
}

/** The dev broker as a process of its own, whose records outlive a kill. */
async function startDevProcess(): Promise<Broker> {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-prove-broker-'))
  const [port] = await freePorts(1)
  let child = await launchDev(port!, folder)
  const killOnExit = () => child.kill('SIGKILL')
  process.once('exit', killOnExit)
  const end = (signal: NodeJS.Signals) =>
    new Promise<void>(resolve => {
      if (child.exitCode !== null || child.signalCode !== null) return resolve()
      child.once('exit', () => resolve())
      child.kill(signal)
    })
  return {
    kind: 'dev',
    label: 'dev broker (its own process)',
    bootstrap: `127.0.0.1:${port}`,
    dev: null,
    kill: () => end('SIGKILL'),
    async restart() {
      child = await launchDev(port!, folder)
    },
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    disturb: fault => void child.send(fault),
    async [Symbol.asyncDispose]() {
      process.off('exit', killOnExit)
      await end('SIGTERM')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function launchDev(port: number, folder: string): Promise<ChildProcess> {
  const log = openSync(join(folder, 'log'), 'a')
  const child = fork(join(import.meta.dirname, 'dev-child.ts'), [String(port), join(folder, 'data')], {
    stdio: ['ignore', 'ignore', log, 'ipc'],
  })
  closeSync(log)
  await new Promise((resolve, reject) => {
    child.once('message', resolve)
    child.once('exit', code => reject(new Error(`the dev broker ended with ${code}; see ${folder}/log`)))
  })
  return child
}

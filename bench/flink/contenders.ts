/** Who takes part, and how each is started: as its users would. */
import { createHash } from 'node:crypto'
import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { installPacked } from '../../test/package/packed-project.ts'
import { mavenCache, runMavenOnce } from '../../test/support/kafka-jars.ts'
import { type Query, sqlFile } from './queries.ts'

export type ContenderName = 'millrace' | 'flink' | 'kafkajs'

export interface Run {
  readonly query: Query
  readonly bootstrap: string
  readonly source: string
  readonly sink: string
  /** Fresh, for checkpoints. */
  readonly stateDir: string
}

export interface Contender extends Disposable {
  readonly name: ContenderName
  /** What it is, for the report. */
  readonly label: string
  takes(query: Query): boolean
  command(run: Run): readonly string[]
}

export const contenderNames: readonly ContenderName[] = ['millrace', 'flink', 'kafkajs']

export function prepareContender(name: ContenderName): Promise<Contender> {
  switch (name) {
    case 'millrace':
      return Promise.resolve(millrace())
    case 'flink':
      return flink()
    case 'kafkajs':
      return Promise.resolve(kafkajs())
    default:
      return name satisfies never
  }
}

const params = ({ bootstrap, source, sink }: Run): readonly string[] => [
  `BOOTSTRAP=${bootstrap}`,
  `SOURCE=${source}`,
  `SINK=${sink}`,
]

/** The packed tarball, installed by npm into an empty project. */
function millrace(): Contender {
  const project = installPacked()
  const script = join(project.folder, 'node_modules', 'millrace', 'bin', 'millrace.js')
  return {
    name: 'millrace',
    label: `Millrace from its npm tarball, Node ${process.version}`,
    takes: () => true,
    command: run => [
      ...[process.execPath, script, 'run', sqlFile(run.query), '--state-dir', run.stateDir],
      ...params(run).flatMap(param => ['--param', param]),
    ],
    [Symbol.dispose]: () => project[Symbol.dispose](),
  }
}

/** One JVM: client, job manager and task manager. */
async function flink(): Promise<Contender> {
  const runner = join(import.meta.dirname, 'runner')
  const config = join(import.meta.dirname, 'config')
  const pom = readFileSync(join(runner, 'pom.xml'), 'utf8')
  const code = readFileSync(join(runner, 'src/main/java/dev/millrace/bench/SqlRunner.java'))
  const version = /<flink\.version>(.*)</.exec(pom)?.[1] ?? 'unknown'
  const hash = createHash('sha256').update(pom).update(code).digest('hex').slice(0, 8)
  const jars = await runMavenOnce(mavenCache(`flink-${version}-${hash}`), ['compile'], folder =>
    cpSync(runner, folder, { recursive: true }),
  )
  const options = readFileSync(join(config, 'java-options'), 'utf8')
    .split('\n')
    .filter(line => line !== '' && !line.startsWith('#'))
  return {
    name: 'flink',
    label: `Apache Flink ${version} in one JVM`,
    takes: () => true,
    command: run => [
      ...['java', ...options, '-cp', `${jars}/target/classes:${jars}/lib/*`, 'dev.millrace.bench.SqlRunner'],
      ...[config, sqlFile(run.query), ...params(run), `STATE=${run.stateDir}`],
    ],
    [Symbol.dispose]: () => {},
  }
}

/** A program by hand; there is one for the IP count only. */
function kafkajs(): Contender {
  return {
    name: 'kafkajs',
    label: `kafkajs, eachBatch and transaction(), by hand, Node ${process.version}`,
    takes: ({ name }) => name === 'ip-count',
    command: run => [
      ...[process.execPath, join(import.meta.dirname, 'kafkajs-ip-count.ts')],
      ...[run.bootstrap, run.source, run.sink],
    ],
    [Symbol.dispose]: () => {},
  }
}

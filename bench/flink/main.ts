/**
 * `npm run bench:flink`: Millrace, Apache Flink and a program by hand on kafkajs run the same queries (`sql`) from
 * topic to topic of an Apache Kafka, exactly once, in processes of their own.
 *
 * The broker and this process stay on core 0, the contender has core 1. Each contender runs a query twice, over a
 * topic of N records and over one of its first N/3: the long run gives the figures of the whole process, its start
 * and compilation included; what the long run took beyond the short one gives the rate when warm. That is the same
 * for all, and needs nothing from inside a contender. The rows of the long runs, read by kcat under read_committed
 * and sorted, must be the same byte for byte: a difference ends the benchmark. No input is late; at the end of the
 * topics all windows close.
 *
 * Flink's version is in `runner/pom.xml`, its settings with their reasons in `config`. Needed: Linux, Java, Maven,
 * kcat, two cores.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { optionsOrExit } from '../../harness/command-line.ts'
import { kcatVersion } from '../../harness/kcat.ts'
import { missingTools } from '../../test/support/kafka-jars.ts'
import { type RealKafka, startRealKafka } from '../../test/support/real-kafka.ts'
import { type Report, reportOf } from '../report.ts'
import { type Contender, prepareContender } from './contenders.ts'
import { measure } from './measured-process.ts'
import { type Options, parseOptions, usage } from './options.ts'
import { difference, saveSorted } from './output.ts'
import type { Query } from './queries.ts'
import { type Pass, printResult, type QueryResult, ratiosOf, summarize } from './results.ts'
import { createTopic, deleteTopic, fillTopic } from './topics.ts'

const BROKER_CORE = 0
const CONTENDER_CORE = 1

class Stage {
  readonly #bootstrap: string
  readonly #folder: string
  #numRuns = 0

  constructor(bootstrap: string, folder: string) {
    this.#bootstrap = bootstrap
    this.#folder = folder
  }

  async fill(topic: string, numRecords: number, query: Query): Promise<void> {
    await createTopic(this.#bootstrap, topic)
    await fillTopic(this.#bootstrap, topic, numRecords, query.record)
  }

  /** Runs the contender over the topic; the rows it wrote are sorted in `rows` afterwards. */
  async run(contender: Contender, query: Query, source: string) {
    const sink = `${query.name}-${contender.name}-${++this.#numRuns}`
    const stateDir = join(this.#folder, `${sink}-state`)
    const rows = join(this.#folder, `${sink}-rows`)
    await createTopic(this.#bootstrap, sink)
    const command = contender.command({ query, bootstrap: this.#bootstrap, source, sink, stateDir })
    const cost = await measure(command, CONTENDER_CORE, join(this.#folder, `${sink}.log`))
    const numRows = saveSorted(this.#bootstrap, sink, rows)
    await deleteTopic(this.#bootstrap, sink)
    return { cost, rows, numRows }
  }
}

async function runQuery(
  query: Query,
  contenders: readonly Contender[],
  stage: Stage,
  { numRecords, rounds }: Options,
): Promise<QueryResult> {
  const numRecordsShort = Math.floor(numRecords / 3)
  const long = `${query.name}-long`
  const short = `${query.name}-short`
  await stage.fill(long, numRecords, query)
  await stage.fill(short, numRecordsShort, query)
  const passes = new Map<Contender, Pass[]>(contenders.map(contender => [contender, []]))
  let first: { readonly name: string; readonly rows: string; readonly numRows: number } | null = null
  for (let round = 0; round < rounds; round++) {
    for (const contender of contenders) {
      const shortRun = await stage.run(contender, query, short)
      const { rows, numRows, cost } = await stage.run(contender, query, long)
      if (numRows === 0) throw new Error(`${contender.name} wrote nothing for ${query.name}`)
      first ??= { name: contender.name, rows, numRows }
      const differing = difference(first.rows, rows)
      if (differing !== '')
        throw new Error(
          `${query.name}: the rows of ${first.name} (left, ${first.numRows}) and ${contender.name} (right, ${numRows}) differ:\n${differing}`,
        )
      rmSync(shortRun.rows)
      if (rows !== first.rows) rmSync(rows)
      passes.get(contender)!.push({ short: shortRun.cost, long: cost })
    }
  }
  const sizes = { numRecords, numRecordsShort }
  const results = contenders.map(contender =>
    summarize(contender.name, contender.label, passes.get(contender)!, sizes),
  )
  const { name, title } = query
  const ratios = ratiosOf(query, results, sizes)
  return { name, title, ...sizes, numRows: first!.numRows, contenders: results, ratios }
}

interface ResultsFile extends Report {
  readonly flink: { readonly kafka: string; readonly java: string; readonly queries: readonly QueryResult[] }
}

/** A report as the other benchmarks write it; queries of an older one are kept where they were not run now. */
function writeResults(path: string, kafka: RealKafka, results: readonly QueryResult[]): void {
  const file = path.endsWith('/') ? join(path, 'flink.json') : path
  const old = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as Partial<ResultsFile>).flink
    : undefined
  const kept = (old?.queries ?? []).filter(({ name }) => !results.some(result => result.name === name))
  const java = spawnSync('java', ['-version'], { encoding: 'utf8' }).stderr.split('\n')[0] ?? ''
  const flink = { kafka: kafka.version, java, queries: [...kept, ...results] }
  const content: ResultsFile = { ...reportOf({}), flink }
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`)
}

/** Why it cannot be run here, or undefined. */
function obstacle(): string | undefined {
  if (process.platform !== 'linux')
    return 'CPU time and memory of the contenders are read from /proc: Linux is needed'
  if (cpus().length < 2) return 'two cores are needed: one for the broker, one for the contender'
  return kcatVersion() === null ? 'kcat is needed to read what the contenders wrote' : missingTools()
}

async function main(options: Options): Promise<void> {
  const missing = obstacle()
  if (missing !== undefined) throw new Error(missing)
  const folder = mkdtempSync(join(tmpdir(), 'millrace-bench-flink-'))
  const contenders: Contender[] = []
  for (const name of options.contenders) contenders.push(await prepareContender(name))
  spawnSync('taskset', ['-apc', String(BROKER_CORE), String(process.pid)], { stdio: 'ignore' })
  const kafka = await startRealKafka({ core: BROKER_CORE })
  try {
    for (const { name, label } of contenders) console.log(`${name}: ${label}`)
    const results: QueryResult[] = []
    for (const query of options.queries) {
      const takers = contenders.filter(contender => contender.takes(query))
      if (takers.length === 0) continue
      const result = await runQuery(query, takers, new Stage(kafka.bootstrap, folder), options)
      printResult(result)
      results.push(result)
      if (options.json !== null) writeResults(options.json, kafka, results)
    }
  } finally {
    await kafka.stop()
    for (const contender of contenders) contender[Symbol.dispose]()
  }
  rmSync(folder, { recursive: true, force: true })
}

const options = optionsOrExit(() => parseOptions(process.argv.slice(2)))
if (options === undefined) console.log(usage)
else await main(options)

/**
 * The judge, a process of its own: reads both topics with its own read_committed reader (and kcat, where installed),
 * compares with the generator's truth, prints the verdict. Exit code 0 only when exactly once was kept and tested.
 *
 *   node demo/verify.ts --bootstrap HOST:PORT --truth truth.json --runs runs.json
 */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import pc from 'picocolors'
import { CommittedReader } from '../harness/committed-reader.ts'
import type { RunFacts } from '../harness/job-process.ts'
import { kcatVersion, readCommitted } from '../harness/kcat.ts'
import { SINK_TOPIC, SOURCE_TOPIC } from './cluster.ts'
import type { Truth } from './traffic.ts'
import { type Comparison, compare, type Evidence, judge, parseSinkRow, type Verdict } from './verdict.ts'

const count = (value: number) => value.toLocaleString('en-US')

async function readTopic(bootstrap: string, topic: string) {
  using reader = new CommittedReader(bootstrap, topic)
  const values: string[] = []
  await reader.readAll(value => values.push(value))
  return { values, numAbortedRecords: reader.numAbortedRecords }
}

async function askKcat(bootstrap: string, own: readonly string[]): Promise<Evidence['kcat']> {
  if (kcatVersion() === null) return null
  const values = (await readCommitted(bootstrap, SINK_TOPIC)).map(({ value }) => value)
  const sorted = [...own].sort()
  const agrees = values.length === own.length && values.sort().every((value, i) => value === sorted[i])
  return { numRows: values.length, agrees }
}

async function collectEvidence(
  bootstrap: string,
  truth: Truth,
  runs: readonly RunFacts[],
): Promise<Evidence> {
  const source = await readTopic(bootstrap, SOURCE_TOPIC)
  const sink = await readTopic(bootstrap, SINK_TOPIC)
  return {
    comparison: compare(truth, sink.values.map(parseSinkRow)),
    runs,
    numAbortedRecords: sink.numAbortedRecords,
    numSourceRecords: source.values.length,
    numTruthRecords: truth.numRecords + truth.numClosing,
    kcat: await askKcat(bootstrap, sink.values),
  }
}

function line(name: string, value: string, good: boolean, note = ''): void {
  const mark = good ? pc.green('✓') : pc.red('✗')
  console.log(
    `  ${mark} ${name.padEnd(12)} ${good ? value : pc.red(value)}${note === '' ? '' : pc.dim(`  ${note}`)}`,
  )
}

function printComparison(result: Comparison): void {
  const { numWindows, numExpectedWindows, numRows, numExpectedRows, numRecords, numExpectedRecords } = result
  line('windows', `${count(numWindows)} of ${count(numExpectedWindows)}`, numWindows === numExpectedWindows)
  line(
    'rows',
    `${count(numRows)} of ${count(numExpectedRows)}`,
    numRows === numExpectedRows,
    'one per window and IP',
  )
  line(
    'records',
    `${count(numRecords)} of ${count(numExpectedRecords)}`,
    numRecords === numExpectedRecords,
    'counted by right rows',
  )
  line('lost', count(result.lostRows), result.lostRows === 0, `rows; ${count(result.lostRecords)} records`)
  const { duplicatedRows, duplicatedRecords, wrongRows } = result
  line('duplicated', count(duplicatedRows), duplicatedRows === 0, `rows; ${count(duplicatedRecords)} records`)
  line('wrong', count(wrongRows), wrongRows === 0, 'rows with another count or window, or of nobody')
}

function printVerdict({ comparison, numAbortedRecords, kcat }: Evidence, verdict: Verdict): void {
  console.log(pc.bold(`\nVerdict of a separate process, reading ${SINK_TOPIC} with read_committed`))
  printComparison(comparison)
  line(
    'aborted',
    count(numAbortedRecords),
    numAbortedRecords > 0,
    'records written by killed processes, never visible',
  )
  line(
    'resumed',
    count(verdict.numResumed),
    verdict.numResumed > 0,
    'transactions committed by the next process',
  )
  line(
    'replayed',
    count(verdict.numReplayed),
    verdict.numReplayed > 0,
    'source records read more than once, at least',
  )
  if (kcat === null) console.log(pc.dim('  - kcat         not installed, so no second opinion'))
  else
    line(
      'kcat',
      kcat.agrees ? 'agrees' : 'disagrees',
      kcat.agrees,
      `${count(kcat.numRows)} rows read by librdkafka`,
    )
  for (const problem of verdict.problems) console.log(pc.red(`  ${problem}`))
  console.log(
    verdict.problems.length === 0 ? pc.bold(pc.green('EXACTLY ONCE')) : pc.bold(pc.red('THE DEMO FAILED')),
  )
}

const { values } = parseArgs({
  options: { bootstrap: { type: 'string' }, truth: { type: 'string' }, runs: { type: 'string' } },
})
const read = (path: string | undefined): unknown => JSON.parse(readFileSync(path ?? '', 'utf8'))
const evidence = await collectEvidence(
  values.bootstrap ?? '',
  read(values.truth) as Truth,
  read(values.runs) as RunFacts[],
)
const verdict = judge(evidence)
printVerdict(evidence, verdict)
process.exitCode = verdict.problems.length === 0 ? 0 : 1

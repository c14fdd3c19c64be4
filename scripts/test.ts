/**
 * `npm test`: every suite, one after another, and one line at the end that counts. `npm test -- unit broker` runs
 * only those. Real Kafka needs Docker, or Java and Maven: without them its suite is left out, which is said, and
 * with CI=true is a failure.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { realKafkaUnavailable } from '../test/support/real-kafka.ts'

const root = join(import.meta.dirname, '..')
const suites = ['unit', 'broker', 'package', 'kafka'] as const
type Suite = (typeof suites)[number]

const describe: Readonly<Record<Suite, string>> = {
  unit: 'no sockets, no processes',
  broker: 'dev broker, child processes, kill -9',
  package: 'the packed tarball in an empty project',
  kafka: 'real Apache Kafka',
}

interface SuiteResult {
  readonly suite: Suite
  readonly passed: number
  readonly failed: number
  readonly seconds: number
}

function run(suite: Suite, folder: string): SuiteResult {
  console.log(`\n=== ${suite}: ${describe[suite]}`)
  const startedAt = performance.now()
  const report = join(folder, `${suite}.json`)
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const { status, error } = spawnSync(process.execPath, [vitest, 'run', '--project', suite, ...reporters], {
    cwd: root,
    stdio: 'inherit',
  })
  if (error !== undefined) throw error
  const { passed, failed } = countTests(report)
  // A suite can fail with no failed test: a file that does not load, an error outside of tests.
  const numFailed = status === 0 ? failed : Math.max(1, failed)
  return { suite, passed, failed: numFailed, seconds: (performance.now() - startedAt) / 1000 }
}

function countTests(report: string): { passed: number; failed: number } {
  try {
    const json = JSON.parse(readFileSync(report, 'utf8')) as {
      numPassedTests: number
      numFailedTests: number
    }
    return { passed: json.numPassedTests, failed: json.numFailedTests }
  } catch {
    return { passed: 0, failed: 0 }
  }
}

/** Why the Kafka suite cannot run, or undefined. */
function kafkaMissing(): string | undefined {
  try {
    return realKafkaUnavailable()
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function chosen(args: readonly string[]): readonly Suite[] {
  const unknown = args.filter(arg => !suites.some(suite => suite === arg))
  if (unknown.length > 0) {
    console.error(`npm test: there is no suite '${unknown.join("', '")}'; there are ${suites.join(', ')}`)
    process.exit(2)
  }
  return args.length === 0 ? suites : suites.filter(suite => args.includes(suite))
}

const wanted = chosen(process.argv.slice(2))
const missing = wanted.includes('kafka') ? kafkaMissing() : undefined
const folder = mkdtempSync(join(tmpdir(), 'millrace-test-'))
const results: SuiteResult[] = []
try {
  for (const suite of wanted) if (suite !== 'kafka' || missing === undefined) results.push(run(suite, folder))
} finally {
  rmSync(folder, { recursive: true, force: true })
}

console.log('')
for (const { suite, passed, failed, seconds } of results)
  console.log(`${suite.padEnd(8)} ${passed} passed, ${failed} failed, ${seconds.toFixed(0)} s`)
const passed = results.reduce((sum, result) => sum + result.passed, 0)
let failed = results.reduce((sum, result) => sum + result.failed, 0)
if (missing !== undefined) {
  console.log(`${missing}; to run it start Docker, or: apt-get install -y default-jre-headless maven`)
  if (process.env['CI'] === 'true') failed++
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1

/**
 * `npm run fuzz [-- TARGET… --seconds N --seed S --replay FILE]`: hostile input for every parser. Each target runs in a
 * worker thread with a bounded heap; what is found is cut down, printed and written to a file that
 * `--replay` plays again and that belongs into test/fuzz/regressions once the product is mended.
 */
import { mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import { optionsOrExit } from '../harness/command-line.ts'
import { Random } from '../test/support/random.ts'
import { readCaseFile, writeCaseFile } from './case-file.ts'
import { minimize } from './minimize.ts'
import { DEFAULT_MAX_MS, kindOf, problemOf } from './run-case.ts'
import { type Case, caseSeed, type Target } from './target.ts'
import { findTarget, targets } from './targets/index.ts'
import type { WorkerReport, WorkerTask } from './worker.ts'

const MAX_HEAP_MB = 512
const STARTUP_MS = 60_000
const MAX_FINDINGS = 10

interface Found {
  readonly index: number
  readonly problem: string
  /** undefined: the worker could not say, because the case hangs or fills the heap. Then it is not cut down either. */
  readonly input: Case | undefined
}

/** Runs cases from `from` on; gives the number behind the last case, or what was found. */
function runWorker(target: Target, seed: number, from: number, until: number): Promise<number | Found> {
  const progress = new SharedArrayBuffer(8)
  const shared = new Int32Array(progress)
  Atomics.store(shared, 0, from)
  const workerData: WorkerTask = { target: target.name, seed, from, until, progress }
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
  })
  const { promise, resolve } = Promise.withResolvers<number | Found>()
  const finish = (result: number | Found) => {
    clearInterval(watch)
    resolve(result)
    void worker.terminate()
  }
  const fail = (problem: string) => finish({ index: Atomics.load(shared, 0), problem, input: undefined })
  let seen = -1
  let seenAt = Date.now()
  const watch = setInterval(() => {
    const count = Atomics.load(shared, 1)
    if (count !== seen) {
      seen = count
      seenAt = Date.now()
      return
    }
    const limit = (count === 0 ? STARTUP_MS : 0) + 2 * (target.maxMs ?? DEFAULT_MAX_MS)
    if (Date.now() - seenAt > limit) fail(`hang: a case took more than ${limit} ms`)
  }, 200)
  worker.on('message', (report: WorkerReport) => {
    finish(report.kind === 'done' ? report.next : report)
  })
  worker.on('error', error => fail(`crash: ${error instanceof Error ? error.stack : String(error)}`))
  worker.on('exit', code => fail(`crash: the worker ended with ${code}`))
  return promise
}

async function cutDown(target: Target, input: Case, problem: string): Promise<Case> {
  const kind = kindOf(problem)
  return minimize(input, async candidate => {
    const other = await problemOf(target, candidate)
    return other !== undefined && kindOf(other) === kind
  })
}

function show(input: Case): void {
  console.log(`  setup: ${JSON.stringify(input.setup)}`)
  for (const part of input.parts)
    console.log(`  part:  ${JSON.stringify(Buffer.from(part).toString('latin1')).slice(0, 400)}`)
}

async function runTarget(target: Target, seed: number, seconds: number, folder: string): Promise<number> {
  const until = Date.now() + seconds * 1000
  let numFound = 0
  let index = 0
  while (Date.now() < until && numFound < MAX_FINDINGS) {
    const result = await runWorker(target, seed, index, until)
    if (typeof result === 'number') {
      index = result
      break
    }
    numFound++
    index = result.index + 1
    await target.prepare?.()
    const input =
      result.input === undefined
        ? target.generate(new Random(caseSeed(seed, result.index)))
        : await cutDown(target, result.input, result.problem)
    mkdirSync(folder, { recursive: true })
    const path = join(folder, `${target.name}-${seed}-${result.index}.json`)
    const found = result.problem.split('\n', 1)[0]!
    writeCaseFile(path, { target: target.name, found, ...input })
    console.log(`${target.name}: seed ${seed}, case ${result.index}: ${result.problem}`)
    show(input)
    console.log(`  npm run fuzz -- --replay ${path}`)
  }
  console.log(`${target.name}: ${index} cases with seed ${seed}, ${numFound} findings`)
  return numFound
}

async function replay(path: string): Promise<number> {
  const input = readCaseFile(path)
  const target = findTarget(input.target)
  await target.prepare?.()
  const problem = await problemOf(target, input)
  show(input)
  console.log(problem === undefined ? `${target.name}: answered well` : `${target.name}: ${problem}`)
  return problem === undefined ? 0 : 1
}

interface FuzzOptions {
  readonly help: boolean
  readonly replay: string | undefined
  readonly targets: readonly Target[]
  readonly seed: number
  readonly seconds: number
  readonly folder: string
}

/** @throws Error for a mistake in the options, in words for whoever typed them. */
function parseOptions(): FuzzOptions {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      seconds: { type: 'string', default: '60' },
      seed: { type: 'string' },
      replay: { type: 'string' },
      folder: { type: 'string', default: join(tmpdir(), 'millrace-fuzz') },
      help: { type: 'boolean', default: false },
    },
  })
  const seed = values.seed === undefined ? Date.now() % 1_000_000 : Number(values.seed)
  const seconds = Number(values.seconds)
  if (!Number.isInteger(seed) || !(seconds > 0))
    throw new Error('--seed is an integer, --seconds a positive number')
  return {
    help: values.help,
    replay: values.replay,
    targets: positionals.length === 0 ? targets : positionals.map(findTarget),
    seed,
    seconds,
    folder: values.folder,
  }
}

async function main(options: FuzzOptions): Promise<number> {
  if (options.help) {
    console.log('npm run fuzz [-- TARGET… --seconds N --seed S --folder F | --replay FILE]')
    for (const { name, doc } of targets) console.log(`  ${name.padEnd(18)} ${doc}`)
    return 0
  }
  if (options.replay !== undefined) return replay(options.replay)
  let numFound = 0
  for (const target of options.targets)
    numFound += await runTarget(target, options.seed, options.seconds, options.folder)
  return numFound
}

process.exitCode = (await main(optionsOrExit(parseOptions))) === 0 ? 0 : 1

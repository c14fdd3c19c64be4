/**
 * Runs cases one after another in a worker thread. Before each case its index goes to shared memory, so that the
 * parent can tell a hang and make the same case again. Ends at the first finding.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { Random } from '../test/support/random.ts'
import { problemOf } from './run-case.ts'
import { type Case, caseSeed } from './target.ts'
import { findTarget } from './targets/index.ts'

export interface WorkerTask {
  readonly target: string
  readonly seed: number
  readonly from: number
  readonly until: number
  /** Two Int32: the index of the case under way, and how many were begun. */
  readonly progress: SharedArrayBuffer
}

export type WorkerReport =
  | { readonly kind: 'done'; readonly next: number }
  | { readonly kind: 'found'; readonly index: number; readonly problem: string; readonly input: Case }

const task = workerData as WorkerTask
const progress = new Int32Array(task.progress)
const target = findTarget(task.target)
const report = (message: WorkerReport) => parentPort!.postMessage(message)

async function work(): Promise<void> {
  await target.prepare?.()
  let index = task.from
  do {
    Atomics.store(progress, 0, index)
    Atomics.add(progress, 1, 1)
    const input = target.generate(new Random(caseSeed(task.seed, index)))
    const problem = await problemOf(target, input)
    if (problem !== undefined) return report({ kind: 'found', index, problem, input })
    index++
  } while (Date.now() < task.until)
  report({ kind: 'done', next: index })
}

await work()

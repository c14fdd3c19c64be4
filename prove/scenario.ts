/** A story that is told to a job, and what came of it. */
import type { Trial } from './trial.ts'

export interface Scenario {
  /** Which part of the report it belongs to. */
  readonly family: string
  readonly name: string
  /** Tells the story up to, and with, `trial.finish()`. Returns what it did, for the report. */
  run(trial: Trial): Promise<readonly string[]>
}

export interface ScenarioResult {
  readonly family: string
  readonly name: string
  readonly passed: boolean
  /** What was done: `killed at …`, `killed again at …`. */
  readonly steps: readonly string[]
  /** The steps at which processes died, in order. */
  readonly deaths: readonly string[]
  /** The verdict, or the error that ended the story. */
  readonly outcome: string
  readonly seconds: number
  /** Logs and state of a failure. */
  readonly folder: string | null
}

/** Plays one scenario on a trial of its own; never rejects. */
export async function play(scenario: Scenario, makeTrial: () => Promise<Trial>): Promise<ScenarioResult> {
  const startedAt = performance.now()
  const { family, name } = scenario
  const base = { family, name, steps: [], deaths: [], folder: null, passed: false }
  const seconds = () => (performance.now() - startedAt) / 1000
  let trial: Trial | undefined
  try {
    trial = await makeTrial()
    const steps = await scenario.run(trial)
    const { good, summary, sinks } = await trial.verdict()
    const examples = Object.values(sinks).flatMap(sink => sink.examples)
    const outcome = good ? summary : [summary, ...examples].join('; ')
    const folder = good ? null : trial.folder
    return { ...base, passed: good, steps, deaths: trial.deaths, outcome, folder, seconds: seconds() }
  } catch (error) {
    trial?.keepFolder()
    const outcome = error instanceof Error ? error.message : String(error)
    return {
      ...base,
      deaths: trial?.deaths ?? [],
      outcome,
      folder: trial?.folder ?? null,
      seconds: seconds(),
    }
  } finally {
    await trial?.[Symbol.asyncDispose]()
  }
}

/** Does the work for every item, `width` at a time, begun in order; the results are in the items' order. */
export async function inParallel<T, R>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = []
  let next = 0
  const worker = async () => {
    while (next < items.length) {
      const at = next++
      results[at] = await work(items[at]!)
    }
  }
  await Promise.all(Array.from({ length: width }, worker))
  return results
}

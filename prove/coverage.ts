/** Which named steps of the protocol the kills of a run have hit. */
import { crashPoints } from './crash-points.ts'
import type { ScenarioResult } from './scenario.ts'

export interface StepCoverage {
  readonly point: string
  /** Kills there, and how many of them hit a process that was recovering from a kill before. */
  readonly numKills: number
  readonly numSecondKills: number
}

/** Of every step in the tables, in their order. */
export function stepCoverage(results: readonly ScenarioResult[]): StepCoverage[] {
  return Object.keys(crashPoints).map(point => {
    const numFirst = results.filter(({ deaths }) => deaths[0] === point).length
    const numLater = results.filter(({ deaths }) => deaths.slice(1).includes(point)).length
    return { point, numKills: numFirst + numLater, numSecondKills: numLater }
  })
}

export const unreached = (results: readonly ScenarioResult[]): string[] =>
  stepCoverage(results).flatMap(({ point, numKills }) => (numKills === 0 ? [point] : []))

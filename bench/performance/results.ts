/** The committed results, by benchmark. */
import { join } from 'node:path'
import type { QueryResult } from '../flink/results.ts'
import type { Figure, Measurement, Result } from '../harness.ts'
import { type Report, readReports } from '../report.ts'

export const resultsFolder = join(import.meta.dirname, '..', 'results/')

/** bench/flink adds its own to a report. */
interface FlinkReport extends Report {
  readonly flink?: { readonly kafka: string; readonly java: string; readonly queries: readonly QueryResult[] }
}

export type Flink = NonNullable<FlinkReport['flink']>

export class Results {
  readonly #reports: readonly FlinkReport[]

  constructor(reports: readonly FlinkReport[]) {
    this.#reports = reports
  }

  static read(): Results {
    return new Results(readReports(resultsFolder))
  }

  get machines(): readonly string[] {
    return [...new Set(this.#reports.map(({ machine }) => machine))]
  }

  #of(name: string): Result | undefined {
    return this.#reportOf(name)?.results[name]
  }

  #reportOf(name: string): FlinkReport | undefined {
    return this.#reports.find(({ results }) => results[name] !== undefined)
  }

  measurements(name: string): readonly Measurement[] | undefined {
    const result = this.#of(name)
    return result?.kind === 'contenders' ? result.measurements : undefined
  }

  figures(name: string): readonly Figure[] | undefined {
    const result = this.#of(name)
    return result?.kind === 'figures' ? result.figures : undefined
  }

  title(name: string): string {
    return this.#of(name)?.title ?? name
  }

  get flink(): Flink | undefined {
    return this.#reports.find(({ flink }) => flink !== undefined)?.flink
  }

  /** When and on what these were measured. */
  origin(names: readonly string[]): string {
    const reports = names.flatMap(name => this.#reportOf(name) ?? [])
    return originOf(reports)
  }

  get flinkOrigin(): string {
    return originOf(this.#reports.filter(({ flink }) => flink !== undefined))
  }
}

const originOf = (reports: readonly Report[]): string =>
  [...new Set(reports.map(({ date, node, commit }) => `${date}, Node ${node}, commit ${commit}`))].join('; ')

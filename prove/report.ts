/** The report: what was broken how, and what the sinks held in the end. */

import { stepCoverage } from './coverage.ts'
import { crashPoints } from './crash-points.ts'
import type { ScenarioResult } from './scenario.ts'

export interface ReportHead {
  readonly broker: string
  readonly reader: string
  readonly engine: string
  readonly seed: number
  readonly date: string
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ').slice(0, 400)

export function markdownReport(head: ReportHead, results: readonly ScenarioResult[]): string {
  const families = [...new Set(results.map(({ family }) => family))]
  const failed = results.filter(({ passed }) => !passed)
  return [
    '# Proof of exactly once',
    '',
    '| | |',
    '|---|---|',
    `| broker | ${head.broker} |`,
    `| reader | ${head.reader}, isolation.level=read_committed |`,
    '| oracle | DuckDB over the source records that reader read |',
    `| engine | ${head.engine} |`,
    `| seed | ${head.seed} |`,
    `| date | ${head.date} |`,
    `| result | ${results.length - failed.length} of ${results.length} passed |`,
    ...families.flatMap(family => familyTable(family, results)),
    ...(results.some(({ deaths }) => deaths.length > 0) ? coverageTable(results) : []),
    '',
  ].join('\n')
}

function familyTable(family: string, results: readonly ScenarioResult[]): string[] {
  const own = results.filter(result => result.family === family)
  const numPassed = own.filter(({ passed }) => passed).length
  return [
    '',
    `## ${family}: ${numPassed} of ${own.length}`,
    '',
    '| | what | what was done | what came of it | s |',
    '|---|---|---|---|---|',
    ...own.map(
      ({ passed, name, steps, outcome, seconds }) =>
        `| ${passed ? 'ok' : '**failed**'} | ${cell(name)} | ${cell(steps.join('; '))} | ${cell(outcome)} | ${seconds.toFixed(1)} |`,
    ),
  ]
}

function coverageTable(results: readonly ScenarioResult[]): string[] {
  const coverage = stepCoverage(results)
  const numHit = coverage.filter(({ numKills }) => numKills > 0).length
  return [
    '',
    `## steps: ${numHit} of ${coverage.length} killed at`,
    '',
    '| step | what | kills | of these after another kill |',
    '|---|---|---|---|',
    ...coverage.map(
      ({ point, numKills, numSecondKills }) =>
        `| ${point} | ${cell(crashPoints[point]!)} | ${numKills === 0 ? '**never**' : numKills} | ${numSecondKills} |`,
    ),
  ]
}

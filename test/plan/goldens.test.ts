/**
 * Each `*.sql` here is planned, and every stage of each of its jobs is compared with the `*.plan` beside it.
 * `UPDATE_GOLDENS=1` rewrites the plans; review the diff.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { explain } from '../../src/planner/index.ts'
import { checkGraph } from './support/check-graph.ts'
import { plannerContext, planScript } from './support/plan-script.ts'

const folder = import.meta.dirname
const update = process.env['UPDATE_GOLDENS'] === '1'

for (const name of readdirSync(folder).filter(file => file.endsWith('.sql'))) {
  test(name, () => {
    const context = plannerContext()
    const jobs = planScript(readFileSync(join(folder, name), 'utf8'), context)
    for (const job of jobs) {
      expect(checkGraph(job.graph)).toEqual([])
      expect(JSON.parse(JSON.stringify(job.graph))).toEqual(job.graph)
    }
    const text = jobs.map(job => explain(job, ['CHANGELOG_MODE'], context)).join('\n')
    const golden = join(folder, name.replace(/\.sql$/, '.plan'))
    if (update) writeFileSync(golden, text)
    expect(existsSync(golden), `${golden} is missing: run with UPDATE_GOLDENS=1`).toBe(true)
    expect(text).toBe(readFileSync(golden, 'utf8'))
  })
}

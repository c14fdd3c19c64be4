/** `millrace explain`: the plans of the queries and inserts of scripts; nothing is run. */

import { silentLogger } from '../logger/logger.ts'
import { redactGraph } from '../planner/index.ts'
import { builtInConnectors, builtInFormats } from '../session/built-ins.ts'
import { Session } from '../session/session.ts'
import { printTable } from './row-printer.ts'
import { paramLookup, parseAssignments, readScripts, type ScriptFlags } from './script-files.ts'

export interface ExplainFlags extends ScriptFlags {
  readonly changelog?: boolean
  readonly json?: boolean
}

export async function explainCommand(files: readonly string[], flags: ExplainFlags): Promise<void> {
  const session = new Session({
    config: parseAssignments(flags.D, '-D'),
    findConnector: builtInConnectors,
    findFormat: builtInFormats,
    findParam: paramLookup(flags),
    logger: silentLogger,
  })
  for (const { source, baseName } of await readScripts(files, flags)) {
    for (const result of session.execute(source, baseName)) {
      if (result.kind === 'table') printTable(result.columns, result.rows)
      else if (result.kind !== 'done') {
        const { job } = result
        const text =
          flags.json === true
            ? JSON.stringify(redactGraph(job.graph), null, 2)
            : job.explain(flags.changelog === true)
        process.stdout.write(`-- ${job.name}\n${text}\n`)
      }
    }
  }
}

/** A session whose tables are all `script` tables, and its jobs, over one world. */

import type { Resume } from '../../../src/checkpoint/recovery.ts'
import { silentLogger } from '../../../src/logger/logger.ts'
import type { Job } from '../../../src/runtime/job/job.ts'
import { builtInFormats } from '../../../src/session/built-ins.ts'
import { type LaunchContext, launchJob, type PlannedJob } from '../../../src/session/planned-job.ts'
import { Session } from '../../../src/session/session.ts'
import type { StatementResult } from '../../../src/session/statement-result.ts'
import { threadEntry } from '../../../src/session/thread-entry.ts'
import { typeToString } from '../../../src/types/type-to-string.ts'
import { scriptConnector } from './script-connector.ts'
import type { ScriptWorld } from './script-world.ts'

export class ScriptSession {
  readonly session: Session
  readonly #context: Omit<LaunchContext, 'state'>

  constructor(world: ScriptWorld, config: Readonly<Record<string, string>> = {}) {
    const connector = scriptConnector(world)
    const findConnector = (name: string) => (name === 'script' ? connector : undefined)
    this.#context = {
      logger: silentLogger,
      findConnector,
      findFormat: builtInFormats,
      now: () => world.clockMs,
      threadEntry,
    }
    this.session = new Session({
      config: { 'table.local-time-zone': 'UTC', ...config },
      logger: silentLogger,
      findConnector,
      findFormat: builtInFormats,
      adaptTable: table => ({
        ...table,
        options: { ...table.options, connector: 'script', 'script-table': table.path[2] },
      }),
    })
  }

  execute(text: string): readonly StatementResult[] {
    return this.session.execute({ text, name: 'test.sql' }, 'test')
  }

  /** Jobs of the script; a SELECT becomes an INSERT into a table `result` of its columns. */
  plan(text: string): readonly PlannedJob[] {
    return this.execute(text).flatMap(result => {
      if (result.kind === 'job') return [result.job]
      if (result.kind !== 'query') return []
      const { output } = result.job.graph.nodes.find(node => node.kind === 'Collect')!
      const columns = output.map(({ name, type }) => `\`${name}\` ${typeToString(type)}`).join(', ')
      return this.plan(`CREATE TABLE \`result\` (${columns});\nINSERT INTO \`result\` ${result.job.sql}`)
    })
  }

  launch(planned: PlannedJob, stateDir: string, resume: Resume = { kind: 'latest' }): Job {
    return launchJob(planned, { ...this.#context, state: { stateDir, resume } }, null)
  }
}

import type { SourceText } from '../../errors/index.ts'
import type { PlannerContext } from '../../planner/index.ts'
import type { Session } from '../session.ts'

/** What the executor of one statement works with. */
export interface ExecutionContext {
  readonly session: Session
  readonly source: SourceText
  readonly planner: PlannerContext
  /** Claims a job name; `sinks` are the tables the job writes. */
  jobName(sinks: readonly string[]): string
}

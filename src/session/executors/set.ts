import { validationError } from '../../errors/index.ts'
import type { ResetOption, SetOption } from '../../parser/index.ts'
import type { StatementResult } from '../statement-result.ts'
import type { ExecutionContext } from './execution-context.ts'

const done: StatementResult = { kind: 'done' }

/** Bare SET lists what was set. A key that is accepted but does nothing is said so once. */
export function setOption(statement: SetOption, { session }: ExecutionContext): StatementResult {
  const { key, value } = statement
  if (key === undefined) {
    return { kind: 'table', columns: ['key', 'value'], rows: Object.entries(session.settings()) }
  }
  if (value === undefined) {
    throw validationError('MR_STATEMENT_SET_VALUE', `SET '${key.value}' needs a value`, {
      position: key.position,
      expected: [`SET '${key.value}' = '…'`],
    })
  }
  const option = session.config.set(key.value, value.value)
  if (option.effect !== 'honoured') session.logger.info(`setting ${option.key} ${option.effect}`)
  return done
}

export function resetOption(statement: ResetOption, { session }: ExecutionContext): StatementResult {
  session.config.reset(statement.key?.value)
  return done
}

import { type ErrorDetails, MillraceError, type SourcePosition, validationError } from '../../errors/index.ts'

/** A ValidationError about a place in the statement. */
export const bindError = (
  code: string,
  message: string,
  position: SourcePosition,
  details: Omit<ErrorDetails, 'position'> = {},
): MillraceError => validationError(code, message, { ...details, position })

/** What the planner understands but cannot plan yet: one sentence, and the nearest thing that works. */
export const unsupported = (what: string, position: SourcePosition, hint: string): MillraceError =>
  bindError('MR_PLAN_UNSUPPORTED', what, position, { hint })

/** Runs `action`; an error of ours without position gets this one. */
export function at<T>(position: SourcePosition, action: () => T): T {
  try {
    return action()
  } catch (error) {
    if (error instanceof MillraceError && error.details.position === undefined) {
      throw new MillraceError(error.family, error.code, error.message, { ...error.details, position })
    }
    throw error
  }
}

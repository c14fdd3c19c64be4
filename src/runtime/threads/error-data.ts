/** Errors as plain data: structured clone keeps neither the class nor the code of a MillraceError. */
import { type ErrorDetails, type ErrorFamily, MillraceError, toMillraceError } from '../../errors/index.ts'

export interface ErrorData {
  readonly family: ErrorFamily
  readonly code: string
  readonly message: string
  readonly details: Omit<ErrorDetails, 'cause'>
  /** Of the cause when there is one: where it was thrown in the other thread. */
  readonly stack: string | undefined
}

export function errorData(thrown: unknown): ErrorData {
  const error = toMillraceError(thrown)
  const { cause, ...details } = error.details
  const stack = cause instanceof Error ? cause.stack : error.stack
  return { family: error.family, code: error.code, message: error.message, details, stack }
}

export function errorOf({ family, code, message, details, stack }: ErrorData): MillraceError {
  const error = new MillraceError(family, code, message, details)
  if (stack !== undefined) error.stack = stack
  return error
}

import { type ErrorFamily, errorFamilies } from './codes.ts'
import { renderPosition, type SourcePosition, type SourceText } from './source-position.ts'

export interface ErrorDetails {
  /** What would have been right here: token names, types, allowed values. */
  readonly expected?: readonly string[] | undefined
  /** The nearest known name, if one is close enough to be a likely typo. */
  readonly nearest?: string | undefined
  /** What to change: a setting, a clause, a command. One sentence. */
  readonly hint?: string | undefined
  /** Key of the table option at fault: whoever knows where it was written adds the position. */
  readonly option?: string | undefined
  /** Name of the job that failed. */
  readonly job?: string | undefined
  readonly position?: SourcePosition | undefined
  readonly source?: SourceText | undefined
  /** Whether a restart strategy may try again. Only connector and runtime failures are retriable. */
  readonly retriable?: boolean | undefined
  readonly cause?: unknown
}

/**
 * The only error class that leaves Millrace. `code` is stable (`MR_<AREA>_<CASE>`), `family` says who must act.
 * `message` is one line; `render()` adds position, caret, expectation, nearest name and hint.
 */
export class MillraceError extends Error {
  readonly code: string
  readonly family: ErrorFamily
  readonly details: ErrorDetails

  constructor(family: ErrorFamily, code: string, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.name = errorFamilies[family].name
    this.family = family
    this.code = code
    this.details = details
  }

  get exitCode(): number {
    return errorFamilies[this.family].exitCode
  }

  get retriable(): boolean {
    return this.details.retriable ?? false
  }

  /** The same error with a source text attached, when the thrower knew only the position. */
  withSource(source: SourceText): MillraceError {
    if (this.details.source !== undefined) return this
    return new MillraceError(this.family, this.code, this.message, { ...this.details, source })
  }

  /** The same error at a place, when the thrower knew none. */
  withPosition(position: SourcePosition, source: SourceText): MillraceError {
    return new MillraceError(this.family, this.code, this.message, { ...this.details, position, source })
  }

  /** The same error, naming the job it ended. */
  withJob(job: string): MillraceError {
    return new MillraceError(this.family, this.code, this.message, { ...this.details, job })
  }

  /** The text a person reads: no stack trace, one fact a line. */
  render(): string {
    const { position, source, expected, nearest, hint, job } = this.details
    const lines = [`${this.name} ${this.code}: ${this.message}`]
    if (position !== undefined && source !== undefined) lines.push(renderPosition(position, source))
    if (expected !== undefined && expected.length > 0) lines.push(`  expected: ${shortList(expected)}`)
    if (nearest !== undefined) lines.push(`  did you mean: ${nearest}`)
    if (hint !== undefined) lines.push(`  hint: ${hint}`)
    if (job !== undefined) lines.push(`  job: ${job}`)
    return lines.join('\n')
  }
}

const MAX_LISTED = 16

/** Nobody reads a list of a hundred options; the nearest name says more. */
const shortList = (names: readonly string[]): string =>
  names.length <= MAX_LISTED
    ? names.join(', ')
    : `${names.slice(0, MAX_LISTED).join(', ')}, … (${names.length - MAX_LISTED} more)`

export const parseError = (code: string, message: string, details?: ErrorDetails) =>
  new MillraceError('parse', code, message, details)
export const validationError = (code: string, message: string, details?: ErrorDetails) =>
  new MillraceError('validation', code, message, details)
export const configError = (code: string, message: string, details?: ErrorDetails) =>
  new MillraceError('config', code, message, details)
export const connectorError = (code: string, message: string, details?: ErrorDetails) =>
  new MillraceError('connector', code, message, details)
export const runtimeFailure = (code: string, message: string, details?: ErrorDetails) =>
  new MillraceError('runtime', code, message, details)
export const internalError = (message: string, details?: ErrorDetails) =>
  new MillraceError('internal', 'MR_INTERNAL', message, details)

/** Any thrown value as a MillraceError; foreign errors become `MR_INTERNAL` with the cause kept. */
export function toMillraceError(thrown: unknown): MillraceError {
  if (thrown instanceof MillraceError) return thrown
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return internalError(message, { cause: thrown })
}

/** For the `default` branch of an exhaustive switch. */
export function assertNever(value: never, what: string): never {
  throw internalError(`unhandled ${what}: ${JSON.stringify(value)}`)
}

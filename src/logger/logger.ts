/** Structured facts beside a message. Secrets never go in here. */
export type LogFields = Readonly<Record<string, unknown>>

/**
 * The logger every part of the engine is given; pino's loggers fit it through `src/cli/logging.ts`.
 * The library is silent unless a host passes one (design.md §9).
 */
export interface Logger {
  debug(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
  child(fields: LogFields): Logger
}

export const silentLogger: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  child: () => silentLogger,
}

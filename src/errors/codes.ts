/**
 * Every error code with its family and exit code. One explicit table: docs/errors.md is checked
 * against it. The family says who must act (design.md §9).
 */
export const errorFamilies = {
  parse: { name: 'ParseError', exitCode: 2 },
  validation: { name: 'ValidationError', exitCode: 2 },
  config: { name: 'ConfigError', exitCode: 2 },
  connector: { name: 'ConnectorError', exitCode: 3 },
  runtime: { name: 'RuntimeFailure', exitCode: 3 },
  internal: { name: 'InternalError', exitCode: 70 },
} as const

export type ErrorFamily = keyof typeof errorFamilies

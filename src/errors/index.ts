export { type ErrorFamily, errorFamilies } from './codes.ts'
export {
  assertNever,
  configError,
  connectorError,
  type ErrorDetails,
  internalError,
  MillraceError,
  parseError,
  runtimeFailure,
  toMillraceError,
  validationError,
} from './millrace-error.ts'
export { nearestName } from './nearest-name.ts'
export { renderPosition, type SourcePosition, type SourceText } from './source-position.ts'

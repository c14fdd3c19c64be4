/** A place in a SQL text. `line` and `column` count from 1, `offset` from 0 in UTF-16 units. */
export interface SourcePosition {
  readonly offset: number
  readonly line: number
  readonly column: number
  /** Length of the marked text in UTF-16 units; at least 1. */
  readonly length: number
}

/** The text a position points into, kept beside the error so that a caret can be drawn late. */
export interface SourceText {
  readonly text: string
  /** File name, or `<sql>` for text given by a caller. */
  readonly name: string
}

/** `'key' = 'value`; no part of it can be matched in two ways, so that long texts take no longer than they are. */
const option = /('([^'\n]*)'\s*=\s*')([^']*(?:''[^']*)*)/g
const secretKey =
  /password|secret|token|credential|user-info|jaas\.config|ssl\.key(?!store\.(?:type|location))/i
const passwordInside = /(password\s*=\s*")([^"\n]*)/gi

/** Values of secret options become asterisks; every line and column stays where it is. */
const maskSecrets = (text: string): string => {
  const mask = (_: string, before: string, value: string) => before + value.replace(/[^\r\n]/g, '*')
  const maskSecret = (all: string, before: string, key: string, value: string) =>
    secretKey.test(key) ? mask(all, before, value) : all
  return text.replace(option, maskSecret).replace(passwordInside, mask)
}

/** `name:line:column`, the source line, and a caret line under the marked text. */
export function renderPosition(position: SourcePosition, source: SourceText): string {
  const lines = maskSecrets(source.text).split(/\r\n|\n|\r/)
  const line = lines[position.line - 1] ?? ''
  const gutter = String(position.line)
  const before = line.slice(0, position.column - 1).replace(/[^\t]/g, ' ')
  const width = Math.max(1, Math.min(position.length, Math.max(1, line.length - position.column + 1)))
  return [
    `  --> ${source.name}:${position.line}:${position.column}`,
    `${gutter} | ${line}`,
    `${' '.repeat(gutter.length)} | ${before}${'^'.repeat(width)}`,
  ].join('\n')
}

/** A table's format: which one, and its options under the format's prefix (`json.ignore-parse-errors`). */
import type { OptionSpec } from '../../catalog/index.ts'
import { configError, nearestName } from '../../errors/index.ts'
import type { Format, FormatContext } from '../../formats/format.ts'

/** The specs of a format as keys of a table: `<prefix><format>.<key>`. */
export const prefixedSpecs = (format: Format, prefix = ''): OptionSpec[] =>
  format.options.map(spec => ({ ...spec, key: `${prefix}${format.name}.${spec.key}` }))

/** What a format gets to see of a table's options. */
export function formatContext(
  format: Format,
  options: Readonly<Record<string, string>>,
  timeZone: string,
  prefix = '',
): FormatContext {
  const start = `${prefix}${format.name}.`
  const own: Record<string, string> = {}
  for (const [key, value] of Object.entries(options))
    if (key.startsWith(start)) own[key.slice(start.length)] = value
  return { options: own, timeZone }
}

/**
 * The format that option `key` names. Throws config errors MR_CONFIG_MISSING_OPTION and MR_FORMAT_UNKNOWN.
 * `allowed` are the names the connector can work with.
 */
export function requireFormat(
  options: Readonly<Record<string, string>>,
  key: string,
  owner: string,
  findFormat: (name: string) => Format | undefined,
  allowed: readonly string[],
): Format {
  const name = options[key]
  if (name === undefined) {
    throw configError('MR_CONFIG_MISSING_OPTION', `the ${owner} needs the option '${key}'`, {
      expected: allowed,
    })
  }
  const format = findFormat(name)
  if (format !== undefined && allowed.includes(name)) return format
  throw configError('MR_FORMAT_UNKNOWN', `the ${owner} cannot use the format '${name}'`, {
    option: key,
    expected: allowed,
    nearest: nearestName(name, allowed),
  })
}

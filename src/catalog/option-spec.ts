/**
 * Typed declarations of the options of connectors and formats. Unknown keys are errors that name the nearest
 * known one; docs/configuration.md and docs/connectors.md are generated from these tables.
 */
export type OptionType =
  | 'string'
  | 'integer'
  | 'boolean'
  | 'duration'
  | 'memory'
  | 'string-list'
  | 'enum'
  | 'map'

export interface OptionSpec {
  readonly key: string
  readonly type: OptionType
  /** The allowed values of an `enum`, as documented (case-insensitive on input). */
  readonly values?: readonly string[]
  /** Default as a user would write it; undefined = no default. */
  readonly default?: string
  readonly required?: boolean
  readonly doc: string
  /** Never shown in logs, EXPLAIN, SHOW CREATE or errors. */
  readonly secret?: boolean
  /** For `map`: the key is a prefix such as `properties.`; any `properties.x` matches it. */
  readonly prefix?: boolean
}

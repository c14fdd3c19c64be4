/**
 * Checks and parses the options a user wrote against OptionSpec tables. An unknown key is an error that names the
 * nearest known one; a wrong value is an error that says what is allowed. Values of secret options never
 * appear in messages.
 */
import { configError, nearestName } from '../errors/index.ts'
import type { OptionSpec } from './option-spec.ts'

/** Parsed options of one table or format; a getter of a key without value and default throws. */
export interface OptionValues {
  has(key: string): boolean
  /** Whether the user gave it a value. */
  isSet(key: string): boolean
  string(key: string): string
  optionalString(key: string): string | undefined
  integer(key: string): number
  optionalInteger(key: string): number | undefined
  boolean(key: string): boolean
  /** Milliseconds. */
  duration(key: string): number
  /** Milliseconds. */
  optionalDuration(key: string): number | undefined
  /** Bytes. */
  memory(key: string): number
  /** Parts of a `;`-separated list. */
  list(key: string): readonly string[]
  /** The entries of a `map` spec, keys without the prefix. */
  map(prefix: string): Readonly<Record<string, string>>
}

const durationUnits: Readonly<Record<string, number>> = {}
for (const [names, ms] of [
  ['d day days', 86400000],
  ['h hour hours', 3600000],
  ['m min minute minutes', 60000],
  ['s sec second seconds', 1000],
  ['ms milli millis millisecond milliseconds', 1],
  ['us µs micro micros microsecond microseconds', 1e-3],
  ['ns nano nanos nanosecond nanoseconds', 1e-6],
] as const) {
  for (const name of names.split(' ')) (durationUnits as Record<string, number>)[name] = ms
}

/** Milliseconds of a Flink duration (`5 s`, `10min`, `1 d`, a bare number = ms), or undefined. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d+)\s*([a-zµ]*)$/.exec(text.trim().toLowerCase())
  if (match === null) return undefined
  const unit = match[2] === '' ? 1 : durationUnits[match[2]!]
  const ms = unit === undefined ? Number.NaN : Number(match[1]) * unit
  return Number.isSafeInteger(Math.ceil(ms)) ? Math.ceil(ms) : undefined
}

const memoryUnits: Readonly<Record<string, number>> = {}
for (const [names, bytes] of [
  ['b bytes', 1],
  ['k kb kibibytes', 1024],
  ['m mb mebibytes', 1024 ** 2],
  ['g gb gibibytes', 1024 ** 3],
  ['t tb tebibytes', 1024 ** 4],
] as const) {
  for (const name of names.split(' ')) (memoryUnits as Record<string, number>)[name] = bytes
}

/** Bytes of a Flink memory size (`64 mb`, `1g`, a bare number = bytes), or undefined. */
export function parseMemory(text: string): number | undefined {
  const match = /^(\d+)\s*([a-z]*)$/.exec(text.trim().toLowerCase())
  if (match === null) return undefined
  const unit = match[2] === '' ? 1 : memoryUnits[match[2]!]
  const bytes = unit === undefined ? Number.NaN : Number(match[1]) * unit
  return Number.isSafeInteger(bytes) ? bytes : undefined
}

/** Parts of a `;`-separated list, trimmed, without empty ones. */
export const parseStringList = (text: string): string[] =>
  text
    .split(';')
    .map(part => part.trim())
    .filter(part => part !== '')

type ParsedOption = string | number | boolean | readonly string[]

const describeType = (spec: OptionSpec): readonly string[] => {
  switch (spec.type) {
    case 'enum':
      return spec.values ?? []
    case 'boolean':
      return ['true', 'false']
    case 'integer':
      return ['an integer']
    case 'duration':
      return ['a duration such as 500 ms, 5 s, 10 min, 1 h, 1 d']
    case 'memory':
      return ['a size such as 512 kb, 64 mb, 1 gb']
    case 'string-list':
      return ['a list separated by ;']
    case 'string':
    case 'map':
      return ['a text']
  }
}

function parseValue(spec: OptionSpec, text: string): ParsedOption | undefined {
  switch (spec.type) {
    case 'string':
    case 'map':
      return text
    case 'boolean': {
      const lower = text.trim().toLowerCase()
      return lower === 'true' ? true : lower === 'false' ? false : undefined
    }
    case 'integer': {
      const value = /^[+-]?\d+$/.test(text.trim()) ? Number(text) : Number.NaN
      return Number.isSafeInteger(value) ? value : undefined
    }
    case 'duration':
      return parseDuration(text)
    case 'memory':
      return parseMemory(text)
    case 'string-list':
      return parseStringList(text)
    case 'enum':
      return spec.values?.find(value => value.toLowerCase() === text.trim().toLowerCase())
  }
}

/** `fields.#.kind` declares one segment that is free (and may itself hold dots). */
const wildcardPattern = (key: string): RegExp =>
  new RegExp(
    `^${key
      .split('#')
      .map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('(.+)')}$`,
  )

/** The spec of a key: exact, by `#` wildcard, or by prefix; undefined = unknown. */
export function findOptionSpec(key: string, specs: readonly OptionSpec[]): OptionSpec | undefined {
  return (
    specs.find(spec => spec.key === key && spec.prefix !== true) ??
    specs.find(spec => spec.key.includes('#') && wildcardPattern(spec.key).test(key)) ??
    specs.find(spec => spec.prefix === true && key.startsWith(spec.key) && key.length > spec.key.length)
  )
}

/**
 * Checks `options` against `specs`. `owner` names the connector or format in messages (`kafka connector`).
 * Throws config errors MR_CONFIG_UNKNOWN_OPTION, MR_CONFIG_OPTION_VALUE, MR_CONFIG_MISSING_OPTION.
 */
export function parseOptions(
  options: Readonly<Record<string, string>>,
  specs: readonly OptionSpec[],
  owner: string,
): OptionValues {
  const values = new Map<string, ParsedOption>()
  for (const [key, text] of Object.entries(options)) {
    const spec = findOptionSpec(key, specs)
    if (spec === undefined) throw unknownOption(key, specs, owner)
    const value = parseValue(spec, text)
    if (value === undefined) {
      const shown = spec.secret === true ? '' : ` '${text}'`
      throw configError(
        'MR_CONFIG_OPTION_VALUE',
        `option '${key}' of the ${owner} has a wrong value${shown}`,
        {
          option: key,
          expected: describeType(spec),
          nearest: spec.type === 'enum' ? nearestName(text, spec.values ?? []) : undefined,
        },
      )
    }
    values.set(key, value)
  }
  for (const spec of specs) {
    if (spec.default !== undefined && !values.has(spec.key) && !spec.key.includes('#')) {
      values.set(spec.key, parseValue(spec, spec.default)!)
    }
    if (spec.required === true && !values.has(spec.key)) {
      throw configError('MR_CONFIG_MISSING_OPTION', `the ${owner} needs the option '${spec.key}'`, {
        hint: spec.doc,
      })
    }
  }
  return new ParsedOptions(values, specs, owner, new Set(Object.keys(options)))
}

function unknownOption(key: string, specs: readonly OptionSpec[], owner: string) {
  const known = specs.map(spec => (spec.prefix === true ? `${spec.key}*` : spec.key))
  return configError('MR_CONFIG_UNKNOWN_OPTION', `the ${owner} knows no option '${key}'`, {
    option: key,
    nearest: nearestName(
      key,
      specs.map(spec => spec.key),
    ),
    expected: known,
  })
}

class ParsedOptions implements OptionValues {
  readonly #values: ReadonlyMap<string, ParsedOption>
  readonly #specs: readonly OptionSpec[]
  readonly #owner: string
  readonly #set: ReadonlySet<string>

  constructor(
    values: ReadonlyMap<string, ParsedOption>,
    specs: readonly OptionSpec[],
    owner: string,
    set: ReadonlySet<string>,
  ) {
    this.#values = values
    this.#specs = specs
    this.#owner = owner
    this.#set = set
  }

  isSet(key: string): boolean {
    return this.#set.has(key)
  }

  has(key: string): boolean {
    return this.#values.has(key)
  }

  #get(key: string): ParsedOption {
    const value = this.#values.get(key)
    if (value !== undefined) return value
    throw configError('MR_CONFIG_MISSING_OPTION', `the ${this.#owner} needs the option '${key}'`, {
      hint: findOptionSpec(key, this.#specs)?.doc,
    })
  }

  string = (key: string): string => this.#get(key) as string
  optionalString = (key: string): string | undefined => this.#values.get(key) as string | undefined
  integer = (key: string): number => this.#get(key) as number
  optionalInteger = (key: string): number | undefined => this.#values.get(key) as number | undefined
  boolean = (key: string): boolean => this.#get(key) as boolean
  duration = (key: string): number => this.#get(key) as number
  optionalDuration = (key: string): number | undefined => this.#values.get(key) as number | undefined
  memory = (key: string): number => this.#get(key) as number

  list(key: string): readonly string[] {
    return (this.#values.get(key) as readonly string[] | undefined) ?? []
  }

  map(prefix: string): Readonly<Record<string, string>> {
    const entries: Record<string, string> = {}
    for (const [key, value] of this.#values) {
      if (key.startsWith(prefix) && key.length > prefix.length)
        entries[key.slice(prefix.length)] = String(value)
    }
    return entries
  }
}

/** What is shown instead of a secret. */
export const REDACTED = '******'

const secretName =
  /password|secret|token|credential|user-info|sasl\.jaas\.config|ssl\.key(?!store\.(type|location))/i

/** The options with secrets replaced: those declared secret, and any whose name tells so. For anything shown. */
export function redactOptions(
  options: Readonly<Record<string, string>>,
  specs: readonly OptionSpec[] = [],
): Record<string, string> {
  const shown: Record<string, string> = {}
  for (const [key, value] of Object.entries(options)) {
    const secret = findOptionSpec(key, specs)?.secret === true || secretName.test(key)
    shown[key] = secret ? REDACTED : value
  }
  return shown
}

const assignment = /'([^']*)'(\s*=\s*)'[^']*(?:''[^']*)*'/g

/** SQL text with the values of secret options replaced, wherever `'key' = 'value'` stands. For manifests and logs. */
export const redactSql = (sql: string): string =>
  sql.replace(assignment, (whole, key: string, equals: string) =>
    secretName.test(key) ? `'${key}'${equals}'${REDACTED}'` : whole,
  )

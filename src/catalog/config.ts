import { configError, nearestName } from '../errors/index.ts'
import { type ConfigOption, configAliases, configOptions } from './config-options.ts'
import { parseOptions } from './options.ts'

const byKey: ReadonlyMap<string, ConfigOption> = new Map(configOptions.map(o => [o.key, o]))
const numberKeys: ReadonlySet<string> = new Set([
  'restart-strategy.exponential-delay.backoff-multiplier',
  'restart-strategy.exponential-delay.jitter-factor',
])

/** The declaration of a key or of the key an older name stands for; throws MR_CONFIG_UNKNOWN_KEY. */
export function getConfigOption(key: string): ConfigOption {
  const option = byKey.get(configAliases[key] ?? key)
  if (option !== undefined) return option
  throw configError('MR_CONFIG_UNKNOWN_KEY', `there is no setting '${key}'`, {
    nearest: nearestName(key, byKey.keys()),
    hint: 'SET; lists the settings in use, docs/configuration.md all of them',
  })
}

/** The settings of a session or job: only what was set, checked when it is set; getters fall back to defaults. */
export class Config {
  readonly #entries = new Map<string, string>()

  constructor(entries: Readonly<Record<string, string>> = {}) {
    for (const [key, value] of Object.entries(entries)) this.set(key, value)
  }

  /** Throws config errors: MR_CONFIG_UNKNOWN_KEY, MR_CONFIG_OPTION_VALUE. Returns the option, for notices. */
  set(key: string, value: string): ConfigOption {
    const option = getConfigOption(key)
    parse(option, value)
    this.#entries.set(option.key, value)
    return option
  }

  reset(key?: string): void {
    if (key === undefined) this.#entries.clear()
    else this.#entries.delete(getConfigOption(key).key)
  }

  /** What was set, by canonical key. */
  entries(): Readonly<Record<string, string>> {
    return Object.fromEntries([...this.#entries].sort(([a], [b]) => (a < b ? -1 : 1)))
  }

  copy(): Config {
    return new Config(this.entries())
  }

  isSet(key: string): boolean {
    return this.#entries.has(getConfigOption(key).key)
  }

  string(key: string): string {
    return this.optionalString(key) ?? missing(key)
  }

  /** The value as parsed text: for an enum, as documented. */
  optionalString(key: string): string | undefined {
    return this.#parsed(key).optionalString(getConfigOption(key).key)
  }

  boolean(key: string): boolean {
    return this.#parsed(key).boolean(getConfigOption(key).key)
  }

  integer(key: string): number {
    return this.#parsed(key).integer(getConfigOption(key).key)
  }

  /** A decimal number, such as a backoff multiplier. */
  number(key: string): number {
    return Number(this.string(key))
  }

  durationMs(key: string): number {
    return this.optionalDurationMs(key) ?? missing(key)
  }

  optionalDurationMs(key: string): number | undefined {
    return this.#parsed(key).optionalDuration(getConfigOption(key).key)
  }

  /** Bytes. */
  memory(key: string): number {
    return this.#parsed(key).memory(getConfigOption(key).key)
  }

  /** IANA name of `table.local-time-zone`; 'default' is the system's. */
  timeZone(): string {
    const zone = this.string('table.local-time-zone')
    return zone === 'default' ? Intl.DateTimeFormat().resolvedOptions().timeZone : zone
  }

  #parsed(key: string) {
    const option = getConfigOption(key)
    return parse(option, this.#entries.get(option.key))
  }
}

function missing(key: string): never {
  throw configError('MR_CONFIG_NOT_SET', `the setting '${key}' has no default and is not set`, {
    hint: `SET '${key}' = '…'`,
  })
}

function parse(option: ConfigOption, value: string | undefined) {
  const { key } = option
  if (value !== undefined && numberKeys.has(key) && !(Number(value) >= 0)) {
    throw wrongValue(key, value, 'a number such as 1.5')
  }
  if (value !== undefined && key === 'table.local-time-zone' && value !== 'default' && !isTimeZone(value)) {
    throw wrongValue(key, value, 'an IANA time zone such as Europe/Berlin or UTC')
  }
  if (value !== undefined && key === 'millrace.threads' && !/^(auto|\d{1,3})$/.test(value)) {
    throw wrongValue(key, value, 'auto, or a number such as 0 or 4')
  }
  return parseOptions(value === undefined ? {} : { [key]: value }, [option], 'configuration')
}

const wrongValue = (key: string, value: string, expected: string) =>
  configError('MR_CONFIG_OPTION_VALUE', `option '${key}' of the configuration has a wrong value '${value}'`, {
    expected: [expected],
  })

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

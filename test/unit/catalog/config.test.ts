import { describe, expect, test } from 'vitest'
import { Config, configAliases, configOptions, getConfigOption } from '../../../src/catalog/index.ts'
import { MillraceError } from '../../../src/errors/index.ts'

function failure(action: () => unknown): MillraceError {
  try {
    action()
  } catch (error) {
    if (error instanceof MillraceError) return error
    throw error
  }
  throw new Error('no error')
}

describe('the table of settings', () => {
  test('has no key twice, and aliases lead to known keys', () => {
    const keys = configOptions.map(option => option.key)
    expect(new Set(keys).size).toBe(keys.length)
    for (const [alias, key] of Object.entries(configAliases)) {
      expect(keys).toContain(key)
      expect(keys).not.toContain(alias)
    }
  })

  test.each(configOptions.map(option => [option.key, option] as const))(
    '%s has a default that fits',
    (key, option) => {
      if (option.default === undefined) return
      expect(() => new Config({ [key]: option.default! })).not.toThrow()
    },
  )
})

test('getters give defaults until something is set', () => {
  const config = new Config()
  expect(config.durationMs('execution.checkpointing.timeout')).toBe(600_000)
  expect(config.optionalDurationMs('execution.checkpointing.interval')).toBeUndefined()
  config.set('execution.checkpointing.interval', '5 s')
  expect(config.durationMs('execution.checkpointing.interval')).toBe(5000)
  expect(config.boolean('table.dml-sync')).toBe(false)
  expect(config.integer('parallelism.default')).toBe(1)
  expect(config.number('restart-strategy.exponential-delay.backoff-multiplier')).toBe(1.5)
  config.reset()
  expect(config.isSet('execution.checkpointing.interval')).toBe(false)
})

test('enum values are read in any case and given as documented', () => {
  const config = new Config({ 'table.exec.sink.not-null-enforcer': 'drop' })
  expect(config.string('table.exec.sink.not-null-enforcer')).toBe('DROP')
})

test('older names are read as the newer ones', () => {
  const config = new Config({ 'state.checkpoints.dir': '/tmp/x' })
  expect(config.optionalString('execution.checkpointing.dir')).toBe('/tmp/x')
  expect(config.entries()).toEqual({ 'execution.checkpointing.dir': '/tmp/x' })
})

test('a copy is independent', () => {
  const config = new Config({ 'pipeline.name': 'a' })
  const copy = config.copy()
  copy.set('pipeline.name', 'b')
  expect(config.string('pipeline.name')).toBe('a')
})

test('the session zone is an IANA name; default is the system zone', () => {
  expect(new Config({ 'table.local-time-zone': 'Europe/Berlin' }).timeZone()).toBe('Europe/Berlin')
  expect(new Config().timeZone()).toBe(Intl.DateTimeFormat().resolvedOptions().timeZone)
})

test('unknown keys and wrong values are errors that help', () => {
  const unknown = failure(() => new Config({ 'execution.checkpointing.intervall': '1 s' }))
  expect(unknown).toMatchObject({ code: 'MR_CONFIG_UNKNOWN_KEY', family: 'config' })
  expect(unknown.details.nearest).toBe('execution.checkpointing.interval')
  expect(failure(() => new Config({ 'parallelism.default': 'many' }))).toMatchObject({
    code: 'MR_CONFIG_OPTION_VALUE',
    details: { expected: ['an integer'] },
  })
  expect(failure(() => new Config({ 'table.local-time-zone': 'Mars/Base' })).render()).toContain(
    'Europe/Berlin',
  )
  expect(failure(() => new Config().string('pipeline.name')).code).toBe('MR_CONFIG_NOT_SET')
})

test('settings without effect say why', () => {
  expect(getConfigOption('state.backend').effect).toBe('state is always in memory')
  expect(getConfigOption('table.exec.state.ttl').effect).toBe('honoured')
})

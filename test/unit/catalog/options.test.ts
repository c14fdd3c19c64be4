import { describe, expect, test } from 'vitest'
import {
  type OptionSpec,
  parseDuration,
  parseMemory,
  parseOptions,
  REDACTED,
  redactOptions,
} from '../../../src/catalog/index.ts'
import { MillraceError } from '../../../src/errors/index.ts'

const specs: readonly OptionSpec[] = [
  { key: 'topic', type: 'string-list', required: true, doc: 'Topics to read.' },
  { key: 'format', type: 'string', doc: 'Format.' },
  {
    key: 'mode',
    type: 'enum',
    values: ['latest-offset', 'earliest-offset'],
    default: 'earliest-offset',
    doc: '',
  },
  { key: 'interval', type: 'duration', default: '5 min', doc: '' },
  { key: 'buffer', type: 'memory', default: '32 mb', doc: '' },
  { key: 'rows', type: 'integer', doc: '' },
  { key: 'verbose', type: 'boolean', default: 'false', doc: '' },
  { key: 'api-key', type: 'integer', secret: true, doc: '' },
  { key: 'fields.#.min', type: 'string', doc: '' },
  { key: 'properties.', type: 'map', prefix: true, doc: '' },
]

const parse = (options: Record<string, string>) =>
  parseOptions({ topic: 't', ...options }, specs, 'test connector')

function errorOf(options: Record<string, string>): MillraceError {
  try {
    parseOptions(options, specs, 'test connector')
  } catch (thrown) {
    if (thrown instanceof MillraceError) return thrown
  }
  throw new Error('no error')
}

describe('values', () => {
  test.each([
    ['5 s', 5000],
    ['10min', 600_000],
    ['1 d', 86_400_000],
    ['250', 250],
    ['2 HOURS', 7_200_000],
    ['100 ms', 100],
    ['1 us', 1],
    ['0 s', 0],
    ['5 fortnights', undefined],
    ['-1 s', undefined],
    ['', undefined],
    ['99999999999999999 d', undefined],
  ])('duration %s', (text, ms) => expect(parseDuration(text)).toBe(ms))

  test.each([
    ['64 mb', 67_108_864],
    ['1g', 1_073_741_824],
    ['512', 512],
    ['2 kibibytes', 2048],
    ['1 pb', undefined],
  ])('memory %s', (text, bytes) => expect(parseMemory(text)).toBe(bytes))

  test('typed values and defaults', () => {
    const values = parse({
      topic: 'a; b ;',
      mode: 'LATEST-offset',
      rows: '-7',
      verbose: 'TRUE',
      'fields.a.b.min': '3',
      'properties.client.id': 'x',
    })
    expect(values.list('topic')).toEqual(['a', 'b'])
    expect(values.string('mode')).toBe('latest-offset')
    expect(values.integer('rows')).toBe(-7)
    expect(values.boolean('verbose')).toBe(true)
    expect(values.duration('interval')).toBe(300_000)
    expect(values.memory('buffer')).toBe(33_554_432)
    expect(values.optionalString('format')).toBeUndefined()
    expect(values.string('fields.a.b.min')).toBe('3')
    expect(values.map('properties.')).toEqual({ 'client.id': 'x' })
    expect(() => values.string('format')).toThrow(/needs the option 'format'/)
  })
})

describe('errors', () => {
  test('an unknown key names the nearest one and the list', () => {
    const error = errorOf({ topic: 't', formt: 'json' })
    expect(error.code).toBe('MR_CONFIG_UNKNOWN_OPTION')
    expect(error.family).toBe('config')
    expect(error.details.nearest).toBe('format')
    expect(error.details.expected).toContain('properties.*')
  })

  test('a wrong value says what is allowed', () => {
    const error = errorOf({ topic: 't', mode: 'latest' })
    expect(error.code).toBe('MR_CONFIG_OPTION_VALUE')
    expect(error.message).toBe("option 'mode' of the test connector has a wrong value 'latest'")
    expect(error.details.expected).toEqual(['latest-offset', 'earliest-offset'])
    expect(errorOf({ topic: 't', verbose: 'yes' }).details.expected).toEqual(['true', 'false'])
    expect(errorOf({ topic: 't', rows: '1.5' }).details.expected).toEqual(['an integer'])
  })

  test('a missing option carries its documentation', () => {
    const error = errorOf({})
    expect(error.code).toBe('MR_CONFIG_MISSING_OPTION')
    expect(error.details.hint).toBe('Topics to read.')
  })

  test('the value of a secret is never in a message', () => {
    expect(errorOf({ topic: 't', 'api-key': 'hunter2' }).render()).not.toContain('hunter2')
  })
})

test('redaction by spec and by name', () => {
  const shown = redactOptions(
    {
      'api-key': 's1',
      'properties.sasl.jaas.config': 's2',
      'properties.ssl.truststore.password': 's3',
      'properties.ssl.keystore.location': '/x',
      'value.avro-confluent.basic-auth.user-info': 's4',
      topic: 't',
    },
    specs,
  )
  expect(shown).toEqual({
    'api-key': REDACTED,
    'properties.sasl.jaas.config': REDACTED,
    'properties.ssl.truststore.password': REDACTED,
    'properties.ssl.keystore.location': '/x',
    'value.avro-confluent.basic-auth.user-info': REDACTED,
    topic: 't',
  })
})

/** The CSV decoder against a splitter that goes character by character, under every option of the format. */
import { csvFormat } from '../../src/formats/csv/index.ts'
import type { Random } from '../../test/support/random.ts'
import {
  compareOutcomes,
  type DecoderSetup,
  decodeRun,
  expectedOutcome,
  fieldsOf,
  surroundings,
} from '../decoder-runs.ts'
import { mutate } from '../mutate.ts'
import { type CsvTableRules, referenceCsv } from '../reference/csv-values.ts'
import type { Case, Target } from '../target.ts'

const latin1 = (text: string) => Buffer.from(text).toString('latin1')

function rulesOf(options: Readonly<Record<string, string>>): CsvTableRules {
  const text = (key: string, otherwise: string) => latin1((options[key] ?? otherwise).replace('\\t', '\t'))
  const isOn = (key: string, otherwise = 'false') => (options[key] ?? otherwise) === 'true'
  return {
    delimiter: text('field-delimiter', ','),
    quote: isOn('disable-quote-character') ? '' : text('quote-character', '"'),
    escapeWith: text('escape-character', ''),
    trimSpaces: isOn('trim-spaces'),
    allowComments: isOn('allow-comments'),
    ignoreParseErrors: isOn('ignore-parse-errors'),
    arrayDelimiter: text('array-element-delimiter', ';'),
    nullLiteral: options['null-literal'] === undefined ? undefined : text('null-literal', ''),
    ignoreTrailing: isOn('ignore-trailing-unmappable'),
    allowTrailingComma: isOn('allow-trailing-comma', 'true'),
    failOnMissing: isOn('fail-on-missing-columns'),
    emptyAsNull: isOn('empty-string-as-null'),
  }
}

function check(input: Case): void {
  const setup = input.setup as DecoderSetup
  const { options, wanted } = setup
  const fields = fieldsOf(setup)
  const decoder = csvFormat.createDecoder({ fields, wanted }, { options, timeZone: 'UTC' })
  const rules = rulesOf(options)
  const answers = input.parts.map(part => referenceCsv(part, fields, wanted, rules))
  const expected = expectedOutcome(answers, rules.ignoreParseErrors)
  const read = wanted.map(i => fields[i]!)
  for (const which of ['first', 'again'])
    compareOutcomes(decodeRun(decoder, read, input.parts, setup), expected, input.parts, which)
}

const types = [
  'BOOLEAN',
  'TINYINT',
  'SMALLINT',
  'INT',
  'BIGINT',
  'FLOAT',
  'DOUBLE',
  'DECIMAL(5, 2)',
  'DECIMAL(38, 10)',
  'STRING',
  'STRING',
  'STRING',
  'BYTES',
  'DATE',
  'TIME(0)',
  'TIME(3)',
  'TIMESTAMP(3)',
  'TIMESTAMP(9)',
  'TIMESTAMP_LTZ(3)',
  'TIMESTAMP_LTZ(6)',
  'ARRAY<INT>',
  'ARRAY<STRING NOT NULL>',
  'ROW<`n0` INT NOT NULL, `n1` STRING>',
]

const texts = [
  '',
  '0',
  '7',
  '-12',
  '+5',
  '300',
  '2147483648',
  '9223372036854775808',
  '1.5',
  '99.995',
  '1e3',
  '12.3.4',
  'NaN',
  'true',
  'FALSE',
  'TRUE',
  '2024-02-29',
  '2023-02-29',
  '12:30',
  '12:30:59.123456789',
  '2024-02-29 12:30:59',
  '2024-02-29T12:30:59.5Z',
  '2024-02-29 12:30:59+02:00',
  'AAAA',
  'AAA',
  '1;2;3',
  '1;x',
  'x;∅',
  '7;text',
  'text',
  'two words',
  'naïve 😀',
  '∅',
  '#',
  ' padded ',
]

function fieldText(random: Random, options: Readonly<Record<string, string>>): string {
  const delimiter = (options['field-delimiter'] ?? ',').replace('\\t', '\t')
  const quote = options['quote-character'] ?? '"'
  const text = random.chance(0.8)
    ? random.pick(texts)
    : random.pick([
        `a${delimiter}b`,
        `a${quote}b`,
        `a${quote}${quote}b`,
        'a\\b',
        'a\nb',
        'x'.repeat(300),
        '\0',
      ])
  if (random.chance(0.3))
    return quote + text.replaceAll(quote, quote + quote) + quote + (random.chance(0.1) ? '  ' : '')
  return text
}

function randomOptions(random: Random): Record<string, string> {
  const options: Record<string, string> = {}
  const sometimes = (probability: number, key: string, ...values: readonly string[]) => {
    if (random.chance(probability)) options[key] = random.pick(values)
  }
  sometimes(0.5, 'ignore-parse-errors', 'true')
  sometimes(0.4, 'field-delimiter', ';', '\\t', '|', ' ', 'é', '😀')
  sometimes(0.2, 'quote-character', "'", '|')
  if (options['quote-character'] === undefined) sometimes(0.1, 'disable-quote-character', 'true')
  sometimes(0.2, 'escape-character', '\\', '/')
  sometimes(0.2, 'null-literal', '∅', '', 'n/a')
  sometimes(0.2, 'trim-spaces', 'true')
  sometimes(0.2, 'allow-comments', 'true')
  sometimes(0.2, 'array-element-delimiter', '|', ', ')
  sometimes(0.2, 'ignore-trailing-unmappable', 'true')
  sometimes(0.2, 'allow-trailing-comma', 'false')
  sometimes(0.2, 'fail-on-missing-columns', 'true')
  sometimes(0.2, 'empty-string-as-null', 'true')
  return options
}

const dictionary = ['"', "'", '\\', ',', ';', '\n', '\r\n', ' ', '\t', 'é', '😀', '""']
  .map(piece => new Uint8Array(Buffer.from(piece)))
  .concat([Uint8Array.of(0xff), Uint8Array.of(0xc3)])

export const csv: Target = {
  name: 'csv',
  doc: 'CSV decoder against a splitter that goes character by character',
  numUnitCases: 150,
  generate(random) {
    const options = randomOptions(random)
    const numFields = 1 + random.below(5)
    const fields = Array.from(
      { length: numFields },
      (_, i) => [`f${i}`, random.pick(types) + (random.chance(0.1) ? ' NOT NULL' : '')] as const,
    )
    const positions = fields.map((_, i) => i)
    const wanted = random.chance(0.3)
      ? random.shuffled(positions).slice(0, random.below(numFields + 1))
      : positions
    const delimiter = (options['field-delimiter'] ?? ',').replace('\\t', '\t')
    const parts = Array.from({ length: 1 + random.below(20) }, () => {
      const count = random.chance(0.2) ? random.below(numFields + 3) : numFields
      const line = Array.from({ length: count }, () => fieldText(random, options)).join(delimiter)
      const bytes = new Uint8Array(Buffer.from(line + random.pick(['', '', '\n', '\r\n', delimiter])))
      return random.chance(0.2) ? mutate(bytes, random, dictionary) : bytes
    })
    const around = random.pick(surroundings)
    return { setup: { fields, wanted, options, around, chunk: random.pick([1, 7, 1000]) }, parts }
  },
  check,
}

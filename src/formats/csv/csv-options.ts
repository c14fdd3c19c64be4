/** The options of the `csv` format, parsed. */
import { type OptionSpec, parseOptions } from '../../catalog/index.ts'
import { configError } from '../../errors/index.ts'
import { encodeUtf8 } from '../../types/index.ts'
import type { FormatContext } from '../format.ts'

export const csvOptionSpecs: readonly OptionSpec[] = [
  {
    key: 'field-delimiter',
    type: 'string',
    default: ',',
    doc: 'The character between fields; `\\t`, `\\u0001` and the like are understood.',
  },
  {
    key: 'disable-quote-character',
    type: 'boolean',
    default: 'false',
    doc: 'No quoting: quotes are ordinary characters.',
  },
  {
    key: 'quote-character',
    type: 'string',
    default: '"',
    doc: 'The character around fields that hold special ones.',
  },
  { key: 'allow-comments', type: 'boolean', default: 'false', doc: 'Skip records that begin with `#`.' },
  {
    key: 'ignore-parse-errors',
    type: 'boolean',
    default: 'false',
    doc: 'NULL for a field that cannot be converted, skip a record that is not well formed; both are counted.',
  },
  {
    key: 'array-element-delimiter',
    type: 'string',
    default: ';',
    doc: 'What separates elements of ARRAY and fields of nested ROW.',
  },
  {
    key: 'escape-character',
    type: 'string',
    doc: 'Takes the special meaning from the character behind it; default none.',
  },
  {
    key: 'null-literal',
    type: 'string',
    doc: 'The text that stands for NULL; default none when reading, empty when writing.',
  },
  {
    key: 'write-bigdecimal-in-scientific-notation',
    type: 'boolean',
    default: 'true',
    doc: 'Write decimals that end in zeros with an exponent: 100000 as 1E+5.',
  },
  { key: 'trim-spaces', type: 'boolean', default: 'false', doc: 'Drop blanks around unquoted fields.' },
  {
    key: 'ignore-trailing-unmappable',
    type: 'boolean',
    default: 'false',
    doc: 'Ignore fields behind the last column.',
  },
  {
    key: 'allow-trailing-comma',
    type: 'boolean',
    default: 'true',
    doc: 'Allow a delimiter behind the last field.',
  },
  {
    key: 'fail-on-missing-columns',
    type: 'boolean',
    default: 'false',
    doc: 'Fail on too few fields even if parse errors are ignored.',
  },
  {
    key: 'empty-string-as-null',
    type: 'boolean',
    default: 'false',
    doc: 'Read unquoted empty fields as NULL.',
  },
]

export interface CsvOptions {
  /** UTF-8 of one character. */
  readonly delimiter: Uint8Array
  /** -1 = no quoting. */
  readonly quote: number
  /** -1 = none. */
  readonly escapeByte: number
  readonly allowComments: boolean
  readonly ignoreParseErrors: boolean
  readonly arrayDelimiter: string
  readonly nullLiteral: Uint8Array | null
  readonly scientificDecimals: boolean
  readonly trimSpaces: boolean
  readonly ignoreTrailing: boolean
  readonly allowTrailingComma: boolean
  readonly failOnMissing: boolean
  readonly emptyAsNull: boolean
}

const javaEscapes: Readonly<Record<string, string>> = {
  t: '\t',
  n: '\n',
  r: '\r',
  b: '\b',
  f: '\f',
  '\\': '\\',
  '"': '"',
  "'": "'",
}

/** Java escapes such as `\t` and `\u0001` resolved. */
export const unescapeJava = (text: string): string =>
  text.replace(
    /\\(?:u+([0-9a-fA-F]{4})|(.))/g,
    (whole, code: string | undefined, letter: string | undefined) =>
      code !== undefined ? String.fromCharCode(Number.parseInt(code, 16)) : (javaEscapes[letter!] ?? whole),
  )

function oneCharacter(key: string, text: string): string {
  const character = unescapeJava(text)
  if ([...character].length === 1) return character
  throw wrongValue(key, text, 'exactly one character')
}

function oneByte(key: string, text: string): number {
  const character = text.length === 1 ? text : unescapeJava(text)
  if (character.length === 1 && character.charCodeAt(0) < 128) return character.charCodeAt(0)
  throw wrongValue(key, text, 'exactly one ASCII character')
}

const wrongValue = (key: string, text: string, expected: string) =>
  configError('MR_CONFIG_OPTION_VALUE', `option '${key}' of the csv format has a wrong value '${text}'`, {
    expected: [expected],
  })

/** Throws a config error that names the option. */
export function parseCsvOptions(context: FormatContext): CsvOptions {
  const values = parseOptions(context.options, csvOptionSpecs, 'csv format')
  const noQuotes = values.boolean('disable-quote-character')
  if (noQuotes && context.options['quote-character'] !== undefined) {
    throw configError(
      'MR_CONFIG_OPTIONS_CONFLICT',
      "'quote-character' and 'disable-quote-character' of the csv format exclude each other",
    )
  }
  const escapeByte = values.optionalString('escape-character')
  const nullLiteral = values.optionalString('null-literal')
  return {
    delimiter: encodeUtf8(oneCharacter('field-delimiter', values.string('field-delimiter'))),
    quote: noQuotes ? -1 : oneByte('quote-character', values.string('quote-character')),
    escapeByte: escapeByte === undefined ? -1 : oneByte('escape-character', escapeByte),
    allowComments: values.boolean('allow-comments'),
    ignoreParseErrors: values.boolean('ignore-parse-errors'),
    arrayDelimiter: unescapeJava(values.string('array-element-delimiter')),
    nullLiteral: nullLiteral === undefined ? null : encodeUtf8(nullLiteral),
    scientificDecimals: values.boolean('write-bigdecimal-in-scientific-notation'),
    trimSpaces: values.boolean('trim-spaces'),
    ignoreTrailing: values.boolean('ignore-trailing-unmappable'),
    allowTrailingComma: values.boolean('allow-trailing-comma'),
    failOnMissing: values.boolean('fail-on-missing-columns'),
    emptyAsNull: values.boolean('empty-string-as-null'),
  }
}

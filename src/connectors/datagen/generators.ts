/** One generator per column: writes the value of row number n, a pure function of seed, field and n. */
import {
  type Column,
  type LogicalType,
  MAX_LENGTH,
  type PlainValue,
  parseDecimalText,
  plainOfInstant,
  type TypeOfKind,
  typeToString,
  writePlain,
} from '../../types/index.ts'
import { badOption, type DatagenOptions, unsupportedField } from './datagen-options.ts'
import type { RandomStream } from './random-stream.ts'

/** What the rows of one split depend on. */
export interface GeneratorContext {
  readonly seed: number
  /** Epoch ms of row 0. */
  readonly startMs: number
  readonly rowsPerSecond: number
}

/** The value of row `n`; `random` has been reset for it. */
export type ValueGenerator = (random: RandomStream, n: number, context: GeneratorContext) => PlainValue

export type ColumnGenerator = (
  column: Column,
  row: number,
  random: RandomStream,
  n: number,
  context: GeneratorContext,
) => void

export interface Generator {
  readonly write: ColumnGenerator
  /** Rows a sequence has, or undefined. */
  readonly numRows: number | undefined
}

const integerLimits = {
  TINYINT: [-128n, 127n],
  SMALLINT: [-32768n, 32767n],
  INTEGER: [-2147483648n, 2147483647n],
  BIGINT: [-9223372036854775808n, 9223372036854775807n],
} as const

type IntegerType =
  | TypeOfKind<'TINYINT'>
  | TypeOfKind<'SMALLINT'>
  | TypeOfKind<'INTEGER'>
  | TypeOfKind<'BIGINT'>

/** Reads the options of one field, nested ones by their path. */
class FieldOptions {
  readonly path: string
  readonly #options: DatagenOptions

  constructor(options: DatagenOptions, path: string) {
    this.#options = options
    this.path = path
  }

  text(name: string): string | undefined {
    return this.#options.values.optionalString(`fields.${this.path}.${name}`)
  }

  inner(name: string): FieldOptions {
    return new FieldOptions(this.#options, `${this.path}.${name}`)
  }

  integer(name: string, otherwise: bigint): bigint {
    const text = this.text(name)
    if (text === undefined) return otherwise
    if (!/^[+-]?\d+$/.test(text.trim())) throw badOption(`fields.${this.path}.${name}`, text, 'an integer')
    return BigInt(text.trim())
  }

  number(name: string, otherwise: number): number {
    const text = this.text(name)
    if (text === undefined) return otherwise
    const value = text.trim() === '' ? Number.NaN : Number(text)
    if (!Number.isFinite(value)) throw badOption(`fields.${this.path}.${name}`, text, 'a number')
    return value
  }

  length(otherwise: number): number {
    const length = this.#options.values.optionalInteger(`fields.${this.path}.length`) ?? otherwise
    if (length < 0 || length > 10_000_000)
      throw badOption(`fields.${this.path}.length`, String(length), '0 to 10000000')
    return length
  }

  get variableLength(): boolean {
    return (
      this.#options.values.has(`fields.${this.path}.var-len`) &&
      this.#options.values.boolean(`fields.${this.path}.var-len`)
    )
  }

  get maxPastMs(): number {
    return this.#options.values.optionalDuration(`fields.${this.path}.max-past`) ?? 0
  }

  get nullRate(): number {
    const rate = this.number('null-rate', 0)
    if (rate < 0 || rate > 1) throw badOption(`fields.${this.path}.null-rate`, String(rate), '0 to 1')
    return rate
  }
}

function bounds<T extends bigint | number>(options: FieldOptions, min: T, max: T): readonly [T, T] {
  if (min > max) throw badOption(`fields.${options.path}.max`, String(max), `at least ${min}`)
  return [min, max]
}

function integerBounds(type: IntegerType, options: FieldOptions, low: string, high: string) {
  const [least, greatest] = integerLimits[type.kind]
  const [min, max] = bounds(options, options.integer(low, least), options.integer(high, greatest))
  if (min < least) throw badOption(`fields.${options.path}.${low}`, String(min), `${least} to ${greatest}`)
  if (max > greatest)
    throw badOption(`fields.${options.path}.${high}`, String(max), `${least} to ${greatest}`)
  return [min, max] as const
}

function randomInteger(type: IntegerType, options: FieldOptions): ValueGenerator {
  const [min, max] = integerBounds(type, options, 'min', 'max')
  const width = max - min + 1n
  if (type.kind === 'BIGINT') return random => min + random.belowBig(width)
  const [low, range] = [Number(min), Number(width)]
  return random => low + random.below(range)
}

function randomDecimal(type: TypeOfKind<'DECIMAL'>, options: FieldOptions): ValueGenerator {
  const limit = 10n ** BigInt(type.precision) - 1n
  const unscaled = (name: string, otherwise: bigint): bigint => {
    const text = options.text(name)
    const value = text === undefined ? otherwise : parseDecimalText(text.trim(), type.precision, type.scale)
    if (typeof value === 'string')
      throw badOption(`fields.${options.path}.${name}`, text!, typeToString(type))
    return value
  }
  const [min, max] = bounds(options, unscaled('min', -limit), unscaled('max', limit))
  return random => min + ((random.belowBig(1n << 64n) * (max - min + 1n)) >> 64n)
}

function randomDouble(type: LogicalType, options: FieldOptions): ValueGenerator {
  const limit = type.kind === 'FLOAT' ? 3.4028234663852886e38 : Number.MAX_VALUE
  const [min, max] = bounds(options, options.number('min', -limit), options.number('max', limit))
  return random => {
    const share = random.unit()
    const value = min * (1 - share) + max * share
    return type.kind === 'FLOAT' ? Math.fround(value) : value
  }
}

const hexDigits = '0123456789abcdef'

function declaredLength(length: number, options: FieldOptions): number {
  const wanted = options.length(length === MAX_LENGTH ? 100 : length)
  if (wanted > length) throw badOption(`fields.${options.path}.length`, String(wanted), `at most ${length}`)
  return wanted
}

function randomBytes(
  type: TypeOfKind<'BINARY'> | TypeOfKind<'VARBINARY'>,
  options: FieldOptions,
): ValueGenerator {
  const length = declaredLength(type.length, options)
  const vary = options.variableLength
  return random => {
    const bytes = new Uint8Array(vary ? 1 + random.below(length) : length)
    for (let i = 0; i < bytes.length; i++) bytes[i] = random.next()
    return bytes
  }
}

function randomText(type: TypeOfKind<'CHAR'> | TypeOfKind<'VARCHAR'>, options: FieldOptions): ValueGenerator {
  const length = declaredLength(type.length, options)
  const vary = options.variableLength
  return random => {
    const size = vary ? 1 + random.below(length) : length
    let text = ''
    for (let i = 0; i < size; i += 8) {
      const bits = random.next()
      for (let j = 0; j < 8 && i + j < size; j++) text += hexDigits[(bits >>> (j * 4)) & 15]
    }
    return text
  }
}

/** The moment of row n on the table's schedule, in whole ms, moved back by up to `max-past`. */
function scheduledMs(
  options: FieldOptions,
): (random: RandomStream, n: number, context: GeneratorContext) => number {
  const past = options.maxPastMs
  return (random, n, { startMs, rowsPerSecond }) => {
    const ms = startMs + Math.floor((n * 1000) / rowsPerSecond)
    return past === 0 ? ms : ms - random.below(past + 1)
  }
}

function collection(type: LogicalType, options: FieldOptions): ValueGenerator {
  const length = options.length(3)
  if (type.kind === 'ARRAY') {
    const element = randomValue(type.element, options.inner('element'))
    return (random, n, context) => Array.from({ length }, () => element(random, n, context))
  }
  if (type.kind === 'ROW') {
    const fields = type.fields.map(field => randomValue(field.type, options.inner(field.name)))
    return (random, n, context) => fields.map(field => field(random, n, context))
  }
  if (type.kind !== 'MAP' && type.kind !== 'MULTISET')
    throw unsupportedField(options.path, typeToString(type))
  const key = randomValue(
    type.kind === 'MAP' ? type.key : type.element,
    options.inner(type.kind === 'MAP' ? 'key' : 'element'),
  )
  const value: ValueGenerator =
    type.kind === 'MAP' ? randomValue(type.value, options.inner('value')) : random => 1 + random.below(10)
  return (random, n, context) =>
    new Map(Array.from({ length }, () => [key(random, n, context), value(random, n, context)]))
}

function randomValue(type: LogicalType, options: FieldOptions): ValueGenerator {
  const generate = randomNotNull(type, options)
  const { nullRate } = options
  if (nullRate === 0) return generate
  if (!type.nullable) throw unsupportedField(options.path, 'it is NOT NULL, but null-rate is set')
  return (random, n, context) => (random.unit() < nullRate ? null : generate(random, n, context))
}

function randomNotNull(type: LogicalType, options: FieldOptions): ValueGenerator {
  switch (type.kind) {
    case 'BOOLEAN':
      return random => (random.next() & 1) === 1
    case 'TINYINT':
    case 'SMALLINT':
    case 'INTEGER':
    case 'BIGINT':
      return randomInteger(type, options)
    case 'INTERVAL_YEAR_MONTH':
      return randomInteger({ kind: 'INTEGER', nullable: false }, options)
    case 'INTERVAL_DAY_TIME':
      return random => random.below(Number.MAX_SAFE_INTEGER)
    case 'FLOAT':
    case 'DOUBLE':
      return randomDouble(type, options)
    case 'DECIMAL':
      return randomDecimal(type, options)
    case 'CHAR':
    case 'VARCHAR':
      return randomText(type, options)
    case 'BINARY':
    case 'VARBINARY':
      return randomBytes(type, options)
    case 'DATE': {
      const at = scheduledMs(options)
      return (random, n, context) => Math.floor(at(random, n, context) / 86400000)
    }
    case 'TIME': {
      const at = scheduledMs(options)
      return (random, n, context) => {
        const ms = at(random, n, context)
        return ms - Math.floor(ms / 86400000) * 86400000
      }
    }
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ': {
      const at = scheduledMs(options)
      return (random, n, context) => plainOfInstant(at(random, n, context), 0, type.precision)
    }
    case 'ARRAY':
    case 'MAP':
    case 'MULTISET':
    case 'ROW':
      return collection(type, options)
    case 'NULL':
      return () => null
  }
}

/** `start + n`, in the field's type. */
function sequence(type: LogicalType, options: FieldOptions): Generator {
  const isInteger =
    type.kind === 'TINYINT' || type.kind === 'SMALLINT' || type.kind === 'INTEGER' || type.kind === 'BIGINT'
  for (const name of ['start', 'end']) {
    if (options.text(name) === undefined)
      throw unsupportedField(options.path, `a sequence needs 'fields.${options.path}.${name}'`)
  }
  const [start, end] = isInteger
    ? integerBounds(type, options, 'start', 'end')
    : bounds(options, options.integer('start', 0n), options.integer('end', 0n))
  const numRows = Number(end - start + 1n)
  const from = Number(start)
  const isSafe = Number.isSafeInteger(from) && Number.isSafeInteger(Number(end))
  const at = (n: number): bigint => start + BigInt(n)
  switch (type.kind) {
    case 'TINYINT':
    case 'SMALLINT':
    case 'INTEGER':
    case 'FLOAT':
    case 'DOUBLE':
      return { numRows, write: (column, row, _random, n) => writePlain(column, row, from + n) }
    case 'BIGINT':
      return {
        numRows,
        write: (column, row, _random, n) => {
          if (isSafe && column.storage === 'i64') column.setNumber(row, from + n)
          else writePlain(column, row, at(n))
        },
      }
    case 'DECIMAL': {
      const unit = 10n ** BigInt(type.scale)
      return { numRows, write: (column, row, _random, n) => writePlain(column, row, at(n) * unit) }
    }
    case 'CHAR':
    case 'VARCHAR':
      return { numRows, write: (column, row, _random, n) => writePlain(column, row, String(at(n))) }
    default:
      throw unsupportedField(options.path, `no sequence of ${typeToString(type)}`)
  }
}

/** The generator of a table's field; throws coded errors for options that do not fit its type. */
export function createGenerator(name: string, type: LogicalType, options: DatagenOptions): Generator {
  const field = new FieldOptions(options, name)
  if (field.text('kind') === 'sequence') return sequence(type, field)
  const generate = randomValue(type, field)
  return {
    numRows: undefined,
    write: (column, row, random, n, context) => writePlain(column, row, generate(random, n, context)),
  }
}

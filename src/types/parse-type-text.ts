/**
 * Reads type text in function specs, tests and stored schemas. Accepts everything `typeToString` writes, plus the
 * usual short spellings (INTEGER, DEC, precisions left out). SQL scripts go through the parser, not through here.
 */
import { internalError } from '../errors/index.ts'
import type { LogicalType, RowField } from './logical-type.ts'
import * as t from './logical-type.ts'

const tokenPattern = /\s*(`(?:[^`]|``)*`|[A-Za-z_][A-Za-z_0-9]*|\d+|[<>(),])/y

class TypeTextReader {
  readonly #tokens: readonly string[]
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
    const tokens: string[] = []
    tokenPattern.lastIndex = 0
    while (tokenPattern.lastIndex < text.trimEnd().length) {
      const match = tokenPattern.exec(text)
      if (match === null) throw internalError(`cannot read type text '${text}'`)
      tokens.push(match[1]!)
    }
    this.#tokens = tokens
  }

  readAll(): LogicalType {
    const type = this.#type()
    if (this.#at < this.#tokens.length) this.#fail()
    return type
  }

  #fail(): never {
    throw internalError(`cannot read type text '${this.#text}' at '${this.#tokens[this.#at] ?? 'its end'}'`)
  }

  #accept(word: string): boolean {
    if (this.#tokens[this.#at]?.toUpperCase() !== word) return false
    this.#at++
    return true
  }

  #expect(word: string): void {
    if (!this.#accept(word)) this.#fail()
  }

  #numbers(): number[] {
    const numbers: number[] = []
    if (!this.#accept('(')) return numbers
    do numbers.push(Number(this.#tokens[this.#at++]))
    while (this.#accept(','))
    this.#expect(')')
    return numbers
  }

  #type(): LogicalType {
    const type = this.#bareType(this.#tokens[this.#at++]?.toUpperCase() ?? this.#fail())
    if (!this.#accept('NOT')) return type
    this.#expect('NULL')
    return t.withNullable(type, false)
  }

  #bareType(word: string): LogicalType {
    const simple = simpleTypes[word]
    if (simple !== undefined) return simple
    switch (word) {
      case 'DECIMAL':
      case 'DEC':
      case 'NUMERIC': {
        const [precision = 10, scale = 0] = this.#numbers()
        return t.decimalType(precision, scale)
      }
      case 'CHAR':
        return t.charType(this.#numbers()[0] ?? 1)
      case 'VARCHAR':
        return t.varcharType(this.#numbers()[0] ?? 1)
      case 'BINARY':
        return t.binaryType(this.#numbers()[0] ?? 1)
      case 'VARBINARY':
        return t.varbinaryType(this.#numbers()[0] ?? 1)
      case 'TIME':
        return t.timeType(this.#numbers()[0] ?? 0)
      case 'TIMESTAMP':
        return t.timestampType(this.#numbers()[0] ?? 6)
      case 'TIMESTAMP_LTZ':
        return t.timestampLtzType(this.#numbers()[0] ?? 6)
      case 'INTERVAL':
        return this.#interval()
      case 'ARRAY':
        return t.arrayType(this.#arguments(1)[0]!)
      case 'MULTISET':
        return t.multisetType(this.#arguments(1)[0]!)
      case 'MAP': {
        const [key, value] = this.#arguments(2)
        return t.mapType(key!, value!)
      }
      case 'ROW':
        return this.#row()
      default:
        this.#at--
        return this.#fail()
    }
  }

  #interval(): LogicalType {
    const start = this.#tokens[this.#at++]?.toUpperCase()
    this.#numbers()
    if (this.#accept('TO')) {
      this.#at++
      this.#numbers()
    }
    return start === 'YEAR' || start === 'MONTH' ? t.yearMonthType() : t.dayTimeType()
  }

  #arguments(count: number): LogicalType[] {
    this.#expect('<')
    const types = [this.#type()]
    while (types.length < count) {
      this.#expect(',')
      types.push(this.#type())
    }
    this.#expect('>')
    return types
  }

  #row(): LogicalType {
    this.#expect('<')
    const fields: RowField[] = []
    if (this.#accept('>')) return t.rowType(fields)
    do {
      const name = this.#tokens[this.#at++] ?? this.#fail()
      const plain = name.startsWith('`') ? name.slice(1, -1).replaceAll('``', '`') : name
      fields.push({ name: plain, type: this.#type() })
    } while (this.#accept(','))
    this.#expect('>')
    return t.rowType(fields)
  }
}

const simpleTypes: Readonly<Record<string, LogicalType>> = {
  BOOLEAN: t.booleanType(),
  TINYINT: t.tinyintType(),
  SMALLINT: t.smallintType(),
  INT: t.integerType(),
  INTEGER: t.integerType(),
  BIGINT: t.bigintType(),
  FLOAT: t.floatType(),
  DOUBLE: t.doubleType(),
  DATE: t.dateType(),
  STRING: t.stringType(),
  BYTES: t.bytesType(),
  NULL: t.nullType,
}

/** Throws an internal error for text that is no type: the text is ours, never a user's. */
export const parseTypeText = (text: string): LogicalType => new TypeTextReader(text).readAll()

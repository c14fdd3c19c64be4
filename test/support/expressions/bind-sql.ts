/**
 * Binds SQL expression text for tests of functions and kernels: a small reader of its own, so that these tests
 * depend on neither parser nor planner. The forms of special calls are the ones the planner's binder makes.
 */
import type { BoundExpression, Case } from '../../../src/expressions/bound-expression.ts'
import { literalOf } from '../../../src/expressions/literal-value.ts'
import { resolveScalar } from '../../../src/functions/index.ts'
import * as types from '../../../src/types/index.ts'
import { type LogicalType, type PlainValue, sameType, withNullable } from '../../../src/types/index.ts'
import { type Token, tokenize } from './sql-tokens.ts'

export interface TestColumn {
  readonly name: string
  readonly type: LogicalType
}

export function bindSql(sql: string, columns: readonly TestColumn[] = []): BoundExpression {
  return new Reader(sql, columns).read()
}

/** A call with the casts its signature asks for. */
export function bindCall(name: string, args: readonly BoundExpression[]): BoundExpression {
  const infos = args.map(arg => ({
    type: arg.type,
    ...(arg.kind === 'Literal' && !Array.isArray(arg.value)
      ? { literal: arg.value as string | number | null }
      : {}),
  }))
  const resolution = resolveScalar(name, infos)
  return {
    kind: 'Call',
    function: resolution.function,
    arguments: args.map((arg, i) => castTo(arg, resolution.argumentTypes[i]!)),
    type: resolution.returnType,
  }
}

export function castTo(operand: BoundExpression, wanted: LogicalType): BoundExpression {
  const type = withNullable(wanted, operand.type.nullable)
  return sameType(operand.type, type) ? operand : { kind: 'Cast', operand, safe: false, type }
}

const literal = (value: PlainValue, type: LogicalType): BoundExpression =>
  literalOf(value, withNullable(type, false))
const text = (value: string): BoundExpression => literal(value, types.charType([...value].length || 1))

const precedence: Readonly<Record<string, number>> = {
  OR: 1,
  AND: 2,
  '=': 4,
  '<>': 4,
  '<': 4,
  '<=': 4,
  '>': 4,
  '>=': 4,
  IS: 4,
  IN: 4,
  LIKE: 4,
  SIMILAR: 4,
  BETWEEN: 4,
  NOT: 4,
  '||': 5,
  '+': 6,
  '-': 6,
  '*': 7,
  '/': 7,
  '%': 7,
}
const timeFunctions = new Set([
  'CURRENT_DATE',
  'CURRENT_TIME',
  'CURRENT_TIMESTAMP',
  'LOCALTIME',
  'LOCALTIMESTAMP',
  'CURRENT_ROW_TIMESTAMP',
])
const unitFirst = new Set(['TIMESTAMPADD', 'TIMESTAMPDIFF'])

class Reader {
  readonly #tokens: readonly Token[]
  readonly #columns: readonly TestColumn[]
  #at = 0

  constructor(sql: string, columns: readonly TestColumn[]) {
    this.#tokens = tokenize(sql)
    this.#columns = columns
  }

  read(): BoundExpression {
    const expression = this.#expression(0)
    if (this.#peek.kind !== 'end') this.#fail()
    return expression
  }

  get #peek(): Token {
    return this.#tokens[this.#at]!
  }

  #fail(): never {
    throw new Error(`unexpected '${this.#peek.text}' at token ${this.#at}`)
  }

  #accept(...words: string[]): boolean {
    for (let i = 0; i < words.length; i++) {
      const token = this.#tokens[this.#at + i]
      if (token === undefined || token.kind === 'string' || token.text.toUpperCase() !== words[i])
        return false
    }
    this.#at += words.length
    return true
  }

  #expect(...words: string[]): void {
    if (!this.#accept(...words)) this.#fail()
  }

  #expression(minimum: number): BoundExpression {
    let left = this.#unary()
    for (;;) {
      const token = this.#peek
      const operator = token.text === '!=' ? '<>' : token.text.toUpperCase()
      const power = token.kind === 'word' || token.kind === 'symbol' ? precedence[operator] : undefined
      if (power === undefined || power <= minimum) return left
      this.#at++
      left = this.#infix(left, operator, power)
    }
  }

  #infix(left: BoundExpression, operator: string, power: number): BoundExpression {
    switch (operator) {
      case 'IS':
        return this.#isTest(left)
      case 'NOT': {
        const inner = this.#peek.text.toUpperCase()
        this.#at++
        return bindCall('NOT', [this.#infix(left, inner, power)])
      }
      case 'IN': {
        const items = this.#list('(', ')')
        return bindCall('IN', [left, ...items])
      }
      case 'SIMILAR':
        this.#expect('TO')
        return this.#like('SIMILAR TO', left, power)
      case 'LIKE':
        return this.#like('LIKE', left, power)
      case 'BETWEEN': {
        const low = this.#expression(power)
        this.#expect('AND')
        const high = this.#expression(power)
        return bindCall('AND', [bindCall('>=', [left, low]), bindCall('<=', [left, high])])
      }
      default:
        return bindCall(operator, [left, this.#expression(power)])
    }
  }

  #like(name: string, left: BoundExpression, power: number): BoundExpression {
    const pattern = this.#expression(power)
    return bindCall(name, this.#accept('ESCAPE') ? [left, pattern, this.#expression(power)] : [left, pattern])
  }

  #isTest(left: BoundExpression): BoundExpression {
    const negated = this.#accept('NOT')
    if (this.#accept('DISTINCT', 'FROM'))
      return bindCall(negated ? 'IS NOT DISTINCT FROM' : 'IS DISTINCT FROM', [left, this.#expression(4)])
    if (this.#accept('JSON')) {
      const kind = ['OBJECT', 'ARRAY', 'SCALAR', 'VALUE'].find(word => this.#accept(word)) ?? 'VALUE'
      const test = bindCall(`IS JSON ${kind}`, [left])
      return negated ? bindCall('NOT', [test]) : test
    }
    const word = this.#peek.text.toUpperCase()
    this.#at++
    return bindCall(`IS ${negated ? 'NOT ' : ''}${word}`, [left])
  }

  #unary(): BoundExpression {
    if (this.#accept('NOT')) return bindCall('NOT', [this.#expression(3)])
    if (this.#accept('-')) return this.#negated(this.#expression(7))
    if (this.#accept('+')) return this.#expression(7)
    return this.#postfix(this.#primary())
  }

  #negated(operand: BoundExpression): BoundExpression {
    return bindCall('NEGATE', [operand])
  }

  #postfix(base: BoundExpression): BoundExpression {
    if (this.#accept('[')) {
      const index = this.#expression(0)
      this.#expect(']')
      return this.#postfix(bindCall('ITEM', [base, index]))
    }
    if (this.#accept('.'))
      return this.#postfix(bindCall('GET_FIELD', [base, text(this.#tokens[this.#at++]!.text)]))
    return base
  }

  #list(open: string, close: string): BoundExpression[] {
    this.#expect(open)
    const items: BoundExpression[] = []
    if (this.#accept(close)) return items
    do items.push(this.#expression(0))
    while (this.#accept(','))
    this.#expect(close)
    return items
  }

  #primary(): BoundExpression {
    const token = this.#peek
    if (this.#accept('(')) {
      const inner = this.#expression(0)
      this.#expect(')')
      return inner
    }
    this.#at++
    switch (token.kind) {
      case 'string':
        return text(token.text)
      case 'binary':
        return literal(
          new Uint8Array(Buffer.from(token.text, 'hex')),
          types.binaryType(token.text.length / 2),
        )
      case 'number':
        return numberLiteral(token.text)
      case 'quoted':
        return this.#column(token.text)
      case 'word':
        return this.#word(token.text)
      default:
        this.#at--
        return this.#fail()
    }
  }

  #word(word: string): BoundExpression {
    const upper = word.toUpperCase()
    const next = this.#peek
    if (upper === 'TRUE' || upper === 'FALSE') return literal(upper === 'TRUE', types.booleanType())
    if (upper === 'NULL') return literalOf(null, types.nullType)
    if (upper === 'CASE') return this.#case()
    if (upper === 'CAST' || upper === 'TRY_CAST') return this.#cast(upper === 'TRY_CAST')
    if (upper === 'ARRAY' && next.text === '[') return bindCall('ARRAY', this.#list('[', ']'))
    if (upper === 'MAP' && next.text === '[') return bindCall('MAP', this.#list('[', ']'))
    if (next.kind === 'string') {
      if (upper === 'INTERVAL') return this.#interval()
      if (['DATE', 'TIME', 'TIMESTAMP', 'TIMESTAMP_LTZ'].includes(upper)) {
        this.#at++
        return temporalLiteral(upper, next.text)
      }
    }
    if (timeFunctions.has(upper) && next.text !== '(') return bindCall(upper, [])
    if (next.text === '(') return this.#call(upper)
    return this.#column(word)
  }

  #column(name: string): BoundExpression {
    const index = this.#columns.findIndex(column => column.name === name)
    if (index < 0) throw new Error(`no column ${name}`)
    return { kind: 'InputRef', index, type: this.#columns[index]!.type }
  }

  #unit(): BoundExpression {
    return text(this.#tokens[this.#at++]!.text.toUpperCase())
  }

  #call(name: string): BoundExpression {
    if (name === 'EXTRACT' || unitFirst.has(name)) {
      this.#expect('(')
      const unit = this.#unit()
      if (name === 'EXTRACT') this.#expect('FROM')
      else this.#expect(',')
      return bindCall(name, [unit, ...this.#restOfList()])
    }
    if (name === 'TRIM') return this.#trim()
    if (name === 'JSON_VALUE' || name === 'JSON_EXISTS') return this.#json(name)
    this.#expect('(')
    if (this.#accept(')')) return bindCall(name, [])
    // POSITION(a IN b): 4 keeps IN from being read as the operator.
    const first = this.#expression(name === 'POSITION' ? 4 : 0)
    if (name === 'POSITION' && this.#accept('IN')) return bindCall(name, [first, ...this.#restOfList()])
    if ((name === 'FLOOR' || name === 'CEIL') && this.#accept('TO')) {
      const unit = this.#unit()
      this.#expect(')')
      return bindCall(name, [first, unit])
    }
    if (this.#accept(')')) return bindCall(name, [first])
    this.#expect(',')
    return bindCall(name, [first, ...this.#restOfList()])
  }

  #restOfList(): BoundExpression[] {
    const items: BoundExpression[] = []
    do items.push(this.#expression(0))
    while (this.#accept(','))
    this.#expect(')')
    return items
  }

  #trim(): BoundExpression {
    this.#expect('(')
    const side = ['BOTH', 'LEADING', 'TRAILING'].find(word => this.#accept(word))
    const first = this.#accept('FROM') ? text(' ') : this.#expression(0)
    if (side === undefined && this.#accept(')')) return bindCall('TRIM', [text('BOTH'), text(' '), first])
    this.#accept('FROM')
    const operand = this.#expression(0)
    this.#expect(')')
    return bindCall('TRIM', [text(side ?? 'BOTH'), first, operand])
  }

  #json(name: string): BoundExpression {
    this.#expect('(')
    const input = this.#expression(0)
    this.#expect(',')
    const path = this.#expression(0)
    if (name === 'JSON_EXISTS') {
      const onError =
        ['TRUE', 'FALSE', 'UNKNOWN', 'ERROR'].find(word => this.#accept(word, 'ON', 'ERROR')) ?? 'FALSE'
      this.#expect(')')
      return bindCall(name, [input, path, text(onError)])
    }
    const returning = this.#accept('RETURNING') ? this.#type() : types.stringType()
    const onEmpty = this.#jsonBehavior('EMPTY')
    const onError = this.#jsonBehavior('ERROR')
    this.#expect(')')
    return castTo(bindCall(name, [input, path, ...onEmpty, ...onError]), returning)
  }

  #jsonBehavior(when: string): readonly [BoundExpression, BoundExpression] {
    const nothing = literalOf(null, types.stringType())
    if (this.#accept('NULL', 'ON', when)) return [text('NULL'), nothing]
    if (this.#accept('ERROR', 'ON', when)) return [text('ERROR'), nothing]
    const start = this.#at
    if (!this.#accept('DEFAULT')) return [text('NULL'), nothing]
    const value = this.#expression(0)
    if (!this.#accept('ON', when)) {
      this.#at = start
      return [text('NULL'), nothing]
    }
    return [text('DEFAULT'), value]
  }

  #case(): BoundExpression {
    const branches: { when: BoundExpression; then: BoundExpression }[] = []
    while (this.#accept('WHEN')) {
      const when = this.#expression(0)
      this.#expect('THEN')
      branches.push({ when, then: this.#expression(0) })
    }
    const otherwise = this.#accept('ELSE') ? this.#expression(0) : literalOf(null, types.nullType)
    this.#expect('END')
    const type = types.commonType([...branches.map(branch => branch.then.type), otherwise.type])
    if (type === undefined) throw new Error('no common type in CASE')
    const cast = (part: BoundExpression) => castTo(part, type)
    const bound = branches.map(({ when, then }) => ({ when, then: cast(then) }))
    return { kind: 'Case', branches: bound, otherwise: cast(otherwise), type } satisfies Case
  }

  #cast(safe: boolean): BoundExpression {
    this.#expect('(')
    const operand = this.#expression(0)
    this.#expect('AS')
    const type = this.#type()
    this.#expect(')')
    return { kind: 'Cast', operand, safe, type: withNullable(type, safe || operand.type.nullable) }
  }

  #type(): LogicalType {
    const parts: string[] = []
    let depth = 0
    for (;;) {
      const { text: part, kind } = this.#peek
      const ends =
        depth === 0 && (part === ')' || part === ',' || ['DEFAULT', 'ERROR'].includes(part.toUpperCase()))
      if (
        ends ||
        kind === 'end' ||
        (part.toUpperCase() === 'NULL' && parts.length > 0 && parts.at(-1) !== 'NOT')
      )
        break
      if (part === '(' || part === '<') depth++
      if (part === ')' || part === '>') depth--
      parts.push(kind === 'quoted' ? `\`${part}\`` : part)
      this.#at++
    }
    return types.parseTypeText(parts.join(' '))
  }

  #interval(): BoundExpression {
    const value = this.#tokens[this.#at++]!.text
    const start = this.#tokens[this.#at++]!.text.toUpperCase() as types.IntervalUnit
    const end = this.#accept('TO')
      ? (this.#tokens[this.#at++]!.text.toUpperCase() as types.IntervalUnit)
      : undefined
    const size = types.parseInterval(value, start, end)
    if (size === undefined) throw new Error(`no interval: ${value}`)
    const months = start === 'YEAR' || start === 'MONTH' || start === 'QUARTER'
    return literal(size, months ? types.yearMonthType() : types.dayTimeType())
  }
}

function numberLiteral(digits: string): BoundExpression {
  if (/[eE]/.test(digits)) return literal(Number(digits), types.doubleType())
  if (digits.includes('.')) {
    const { unscaled, scale } = types.parseDecimal(digits)!
    const precision = Math.max(unscaled.toString().length, scale)
    return literal(unscaled, types.decimalType(precision, scale))
  }
  const value = BigInt(digits)
  if (value <= 2147483647n) return literal(Number(value), types.integerType())
  if (value <= 9223372036854775807n) return literal(value, types.bigintType())
  return literal(value, types.decimalType(digits.length, 0))
}

function temporalLiteral(kind: string, value: string): BoundExpression {
  if (kind === 'DATE') return literal(types.parseDate(value)!, types.dateType())
  if (kind === 'TIME') return literal(types.parseTime(value)![0], types.timeType(0))
  const precision = (/\.(\d+)$/.exec(value)?.[1] ?? '').length
  const [ms, nanos] = types.parseTimestamp(value)!
  // TIMESTAMP_LTZ literals of the tests are in UTC.
  const type = kind === 'TIMESTAMP' ? types.timestampType(precision) : types.timestampLtzType(precision)
  return literal(types.plainOfInstant(ms, nanos, precision), type)
}

/**
 * The text of one kernel while it is written: lines, names of locals, constants passed in from outside, and the
 * scopes in which an expression already has its locals. A scope is a JavaScript block: what is computed inside a
 * lazy branch is not known outside of it.
 */
import { type Representation, representationOf } from '../../functions/index.ts'
import type { LogicalType, PlainValue } from '../../types/index.ts'
import type { BoundExpression } from '../bound-expression.ts'
import { ExpressionIds } from './expression-ids.ts'
import type { KernelEnvironment } from './kernel.ts'

/** One value in locals: [value], [ms, nanos] or [bytes, start, end]. They hold garbage where `isNull` is true. */
export interface LocalValue {
  readonly type: LogicalType
  readonly representation: Representation
  /** 'true', 'false' or the name of a boolean local. */
  readonly isNull: string
  readonly locals: readonly string[]
  readonly constant?: PlainValue
  /** (lo, hi) of a 64-bit integer in a column or literal. */
  readonly words?: readonly [lo: string, hi: string]
}

const EMPTY_BYTES = new Uint8Array(0)

export class KernelBuilder {
  readonly environment: KernelEnvironment
  /** Passed to the kernel in this order, as k0, k1 … */
  readonly constants: unknown[] = []
  /** Lines that run once per batch. */
  readonly prologue: string[] = []
  readonly inputs = new Map<number, LogicalType>()
  #body: string[] = []
  #numNames = 0
  #constantNames = new Map<unknown, string>()
  readonly #ids = new ExpressionIds()
  #scopes: Map<number, LocalValue>[] = [new Map()]
  #now: string | undefined

  constructor(environment: KernelEnvironment) {
    this.environment = environment
  }

  get body(): string {
    return this.#body.join('\n')
  }

  line(text: string): void {
    this.#body.push(text)
  }

  name(prefix: string): string {
    return `${prefix}${this.#numNames++}`
  }

  /** A block with its own scope. */
  block(header: string, write: () => void): void {
    this.line(`${header} {`)
    this.#scopes.push(new Map())
    write()
    this.#scopes.pop()
    this.line('}')
  }

  /** The locals that hold an equal expression already, in this block or around it. */
  known(expression: BoundExpression): LocalValue | undefined {
    const key = this.#ids.idOf(expression)
    for (let i = this.#scopes.length - 1; i >= 0; i--) {
      const value = this.#scopes[i]!.get(key)
      if (value !== undefined) return value
    }
    return undefined
  }

  remember(expression: BoundExpression, value: LocalValue): void {
    this.#scopes.at(-1)!.set(this.#ids.idOf(expression), value)
  }

  /** The same name for the same value. */
  constant(value: unknown): string {
    const known = this.#constantNames.get(value)
    if (known !== undefined) return known
    const name = this.instance(value)
    this.#constantNames.set(value, name)
    return name
  }

  /** A name of its own, for objects with state. */
  instance(value: unknown): string {
    this.constants.push(value)
    return `k${this.constants.length - 1}`
  }

  now(): string {
    if (this.#now === undefined) {
      this.#now = this.name('now')
      this.prologue.push(`const ${this.#now} = ${this.constant(this.environment)}.now()`)
    }
    return this.#now
  }

  /** `const` local of a text; a name or literal stays as it is. */
  local(prefix: string, text: string): string {
    if (/^(\w+|-?\d+n?)$/.test(text)) return text
    const name = this.name(prefix)
    this.line(`const ${name} = ${text}`)
    return name
  }

  /** Locals to be assigned later; NULL until then. */
  declare(type: LogicalType): LocalValue {
    const representation = representationOf(type)
    const isNull = this.name('n')
    const locals = this.#defaults(representation).map(([prefix, initial]) => {
      const name = this.name(prefix)
      this.line(`let ${name} = ${initial}`)
      return name
    })
    this.line(`let ${isNull} = true`)
    return { type, representation, isNull, locals }
  }

  #defaults(representation: Representation): readonly (readonly [string, string])[] {
    switch (representation) {
      case 'bool':
        return [['t', 'false']]
      case 'i32':
      case 'f64':
        return [['t', '0']]
      case 'i64':
        return [['t', '0n']]
      case 'msnanos':
        return [
          ['t', '0'],
          ['u', '0'],
        ]
      case 'bytes':
        return [
          ['b', this.constant(EMPTY_BYTES)],
          ['s', '0'],
          ['e', '0'],
        ]
      case 'object':
        return [['t', 'null']]
    }
  }

  nullValue(type: LogicalType): LocalValue {
    const representation = representationOf(type)
    const locals = this.#defaults(representation).map(([, initial]) => initial)
    return { type, representation, isNull: 'true', locals, constant: null }
  }
}

/** Whether any of them is NULL, as text. */
export function anyNull(values: readonly LocalValue[]): string {
  const names = new Set(values.map(value => value.isNull))
  if (names.has('true')) return 'true'
  names.delete('false')
  return names.size === 0 ? 'false' : [...names].join(' || ')
}

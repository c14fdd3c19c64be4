/** Names and declarations of values in generated loops: batch columns, state pages, result locals. */
import type { Storage } from '../../types/index.ts'
import type { ResultText, StateText, ValueText } from './aggregate-function.ts'

const none = { high: '', nanos: '', bytes: '', start: '', end: '' }

/** Declares `name` for a column of a batch; values are read at row `row`. */
export function batchValue(
  name: string,
  column: string,
  storage: Storage,
  row: string,
): { readonly declare: string; readonly text: ValueText } {
  const nulls = `const ${name}u = ${column}.nulls;`
  const isNull = `(${name}u !== null && ${name}u[${row}] === 1)`
  switch (storage) {
    case 'i32':
    case 'f64':
    case 'object':
      return {
        declare: `${nulls} const ${name}v = ${column}.values;`,
        text: { ...none, storage, isNull, value: `${name}v[${row}]` },
      }
    case 'i64':
      return {
        declare: `${nulls} const ${name}v = ${column}.words;`,
        text: { ...none, storage, isNull, value: `${name}v[2 * ${row}]`, high: `${name}v[2 * ${row} + 1]` },
      }
    case 'msnanos':
      return {
        declare: `${nulls} const ${name}v = ${column}.values, ${name}x = ${column}.nanos;`,
        text: { ...none, storage, isNull, value: `${name}v[${row}]`, nanos: `${name}x[${row}]` },
      }
    case 'bytes':
      return {
        declare: `${nulls} const ${name}b = ${column}.bytes, ${name}o = ${column}.offsets;`,
        text: {
          ...none,
          storage,
          isNull,
          value: '',
          bytes: `${name}b`,
          start: `${name}o[${row}]`,
          end: `${name}o[${row} + 1]`,
        },
      }
  }
}

/**
 * A column of a paged table. `declare` goes before the loop, `page` where the page number `p` is known (and the
 * page writable, if it is to be written); values are those of row `a` of the page.
 */
export function pageValue(
  name: string,
  column: string,
  storage: Storage,
  p = 'p',
  a = 'a',
): { readonly declare: string; readonly page: string; readonly text: StateText } {
  const isNull = `${name}u[${a}] === 1`
  const nullByte = `${name}u[${a}]`
  const setNull = () => `${nullByte} = 1;`
  const declareNulls = `const ${name}U = ${column}.nulls;`
  const pageNulls = `const ${name}u = ${name}U[${p}];`
  const base = { ...none, storage, isNull, nullByte, setNull }
  switch (storage) {
    case 'i32':
    case 'f64':
    case 'object': {
      const value = `${name}v[${a}]`
      return {
        declare: `${declareNulls} const ${name}V = ${column}.values;`,
        page: `${pageNulls} const ${name}v = ${name}V[${p}];`,
        text: { ...base, value, set: from => `${value} = ${from.value}; ${nullByte} = 0;` },
      }
    }
    case 'i64': {
      const value = `${name}v[2 * ${a}]`
      const high = `${name}v[2 * ${a} + 1]`
      return {
        declare: `${declareNulls} const ${name}V = ${column}.words;`,
        page: `${pageNulls} const ${name}v = ${name}V[${p}];`,
        text: {
          ...base,
          value,
          high,
          set: from => `${value} = ${from.value}; ${high} = ${from.high}; ${nullByte} = 0;`,
        },
      }
    }
    case 'msnanos': {
      const value = `${name}v[${a}]`
      const nanos = `${name}x[${a}]`
      return {
        declare: `${declareNulls} const ${name}V = ${column}.values, ${name}X = ${column}.nanos;`,
        page: `${pageNulls} const ${name}v = ${name}V[${p}], ${name}x = ${name}X[${p}];`,
        text: {
          ...base,
          value,
          nanos,
          set: from => `${value} = ${from.value}; ${nanos} = ${from.nanos}; ${nullByte} = 0;`,
        },
      }
    }
    case 'bytes': {
      const start = `(${name}v[2 * ${a}] & 65535)`
      return {
        declare: `${declareNulls} const ${name}C = ${column}, ${name}V = ${column}.spans, ${name}H = ${column}.heap.chunks;`,
        page: `${pageNulls} const ${name}v = ${name}V[${p}];`,
        text: {
          ...base,
          value: '',
          bytes: `${name}H[${name}v[2 * ${a}] >>> 16]`,
          start,
          end: `(${start} + ${name}v[2 * ${a} + 1])`,
          set: from => `${name}C.setBytes(${p}, ${a}, ${from.bytes}, ${from.start}, ${from.end});`,
          setNull: () => `${name}C.clear(${p}, ${a});`,
        },
      }
    }
  }
}

/** Locals that hold one result. `declare` makes it NULL. */
export function resultLocals(
  name: string,
  storage: Storage,
): { readonly declare: string; readonly text: ResultText } {
  const initial = storage === 'object' ? 'null' : '0'
  const extra: Record<Storage, string> = {
    i32: '',
    f64: '',
    object: '',
    i64: `, ${name}h = 0`,
    msnanos: `, ${name}x = 0`,
    bytes: `, ${name}b = null, ${name}s = 0, ${name}e = 0`,
  }
  return {
    declare: `let ${name}z = true, ${name} = ${initial}${extra[storage]};`,
    text: {
      storage,
      isNull: `${name}z`,
      value: name,
      high: `${name}h`,
      nanos: `${name}x`,
      bytes: `${name}b`,
      start: `${name}s`,
      end: `${name}e`,
    },
  }
}

/** Statements that write a value to row `row` of the output column held in local `column`. */
export function writeColumn(column: string, value: ValueText, row: string): string {
  switch (value.storage) {
    case 'i32':
    case 'f64':
    case 'object':
      return `if (${value.isNull}) ${column}.setNull(${row}); else ${column}.values[${row}] = ${value.value};`
    case 'i64':
      return `if (${value.isNull}) ${column}.setNull(${row}); else {
        const words = ${column}.words; words[2 * ${row}] = ${value.value}; words[2 * ${row} + 1] = ${value.high}; }`
    case 'msnanos':
      return `if (${value.isNull}) ${column}.setNull(${row}); else {
        ${column}.values[${row}] = ${value.value}; ${column}.nanos[${row}] = ${value.nanos}; }`
    case 'bytes':
      return `if (${value.isNull}) ${column}.appendNull(${row});
        else ${column}.append(${row}, ${value.bytes}, ${value.start}, ${value.end});`
  }
}

/** A boolean expression: the two results are equal, NULL equal to NULL, NaN to NaN. */
export function sameValue(x: ValueText, y: ValueText): string {
  const equal: Record<Storage, string> = {
    i32: `${x.value} === ${y.value}`,
    f64: `(${x.value} === ${y.value} || (${x.value} !== ${x.value} && ${y.value} !== ${y.value}))`,
    object: `env.sameObject(${x.value}, ${y.value})`,
    i64: `(${x.value} === ${y.value} && ${x.high} === ${y.high})`,
    msnanos: `(${x.value} === ${y.value} && ${x.nanos} === ${y.nanos})`,
    bytes: `env.compareBytes(${x.bytes}, ${x.start}, ${x.end}, ${y.bytes}, ${y.start}, ${y.end}) === 0`,
  }
  return `(${x.isNull} ? ${y.isNull} : !${y.isNull} && ${equal[x.storage]})`
}

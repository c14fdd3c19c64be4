/**
 * Key encoding and hash. Both are part of the state format (the hash decides the key group) and of the hash
 * exchange, so they never change without a new state version.
 *
 * A key is a sequence of 32-bit words, column by column:
 *   NULL       the single word 0x7fc0dead
 *   i32        the value
 *   i64        low word, high word
 *   f64        the low and high word of the IEEE bits; -0 counts as 0, every NaN as the NaN 0x7ff8000000000000
 *   msnanos    as f64, then the nanoseconds
 *   bytes      little-endian words, the last padded with zero bytes, then the length in bytes
 *   object     as bytes, of the UTF-8 text of object-codec.ts
 * The hash is MurmurHash3 x86_32 with seed 0 over those words: its body for each word, then fmix32 (without the
 * final length). Keys are equal when their words are equal; NULL equals NULL.
 */
import {
  type Batch,
  BytesColumn,
  type Column,
  type LogicalType,
  type Storage,
  storageOf,
} from '../../types/index.ts'
import { encodeObject } from '../object-codec.ts'
import { hashByKernel } from './hash-by-kernel.ts'

export const NULL_WORD = 0x7fc0dead

export type HashKernel = (columns: readonly Column[], length: number, out: Int32Array) => void

const mix = (word: string): string =>
  `k = Math.imul(${word}, -862048943); k = (k << 15) | (k >>> 17); k = Math.imul(k, 461845907);
   h ^= k; h = (h << 13) | (h >>> 19); h = (Math.imul(h, 5) - 430675100) | 0;`

const mixFloat = (value: string): string => `{
  const v = ${value};
  scratch[0] = v === 0 ? 0 : v !== v ? NaN : v;
  ${mix('scratchWords[0]')}
  ${mix('scratchWords[1]')}
}`

function mixColumn(storage: Storage, c: number): string {
  switch (storage) {
    case 'i32':
      return mix(`v${c}[i]`)
    case 'i64':
      return `${mix(`w${c}[2 * i]`)} ${mix(`w${c}[2 * i + 1]`)}`
    case 'f64':
      return mixFloat(`v${c}[i]`)
    case 'msnanos':
      return `${mixFloat(`v${c}[i]`)} ${mix(`x${c}[i]`)}`
    case 'bytes':
    case 'object':
      return `{
        let q = o${c}[i]; const e = o${c}[i + 1], len = e - q;
        for (; q + 4 <= e; q += 4) { ${mix(`d${c}.getInt32(q, true)`)} }
        if (q < e) {
          let w = b${c}[q];
          if (q + 1 < e) w |= b${c}[q + 1] << 8;
          if (q + 2 < e) w |= b${c}[q + 2] << 16;
          ${mix('w')}
        }
        ${mix('len')}
      }`
  }
}

/** Declares the arrays of key column `c` of a batch: v values, w words, x nanos, b bytes, d the same, o offsets, u nulls. */
export function declareColumn(storage: Storage, c: number): string {
  const column = `columns[${c}]`
  const nulls = `const u${c} = ${column}.nulls;`
  switch (storage) {
    case 'i32':
    case 'f64':
      return `${nulls} const v${c} = ${column}.values;`
    case 'i64':
      return `${nulls} const w${c} = ${column}.words;`
    case 'msnanos':
      return `${nulls} const v${c} = ${column}.values, x${c} = ${column}.nanos;`
    case 'bytes':
    case 'object':
      return `${nulls} const b${c} = ${column}.bytes, o${c} = ${column}.offsets,
        d${c} = new DataView(b${c}.buffer, b${c}.byteOffset, b${c}.byteLength);`
  }
}

function hashText(storages: readonly Storage[]): string {
  const mixes = storages.map((storage, c) => {
    const body = mixColumn(storage, c)
    return `if (u${c} !== null && u${c}[i] === 1) { ${mix(String(NULL_WORD))} } else { ${body} }`
  })
  return `
    const scratch = new Float64Array(1), scratchWords = new Int32Array(scratch.buffer);
    return function hashKeys(columns, length, out) {
      ${storages.map(declareColumn).join('\n')}
      for (let i = 0; i < length; i++) {
        let h = 0, k = 0;
        ${mixes.join('\n')}
        h ^= h >>> 16; h = Math.imul(h, -2048144789); h ^= h >>> 13; h = Math.imul(h, -1028477387); h ^= h >>> 16;
        out[i] = h;
      }
    }`
}

const kernels = new Map<string, HashKernel>()

/** The generated loop, which is the reference. */
export function hashLoop(storages: readonly Storage[]): HashKernel {
  return new Function(hashText(storages))() as HashKernel
}

export function hashKernel(storages: readonly Storage[]): HashKernel {
  const signature = storages.join()
  let kernel = kernels.get(signature)
  if (kernel === undefined) {
    const loop = hashLoop(storages)
    kernel = (columns, length, out) => {
      if (!hashByKernel(columns, length, out)) loop(columns, length, out)
    }
    kernels.set(signature, kernel)
  }
  return kernel
}

/** The key columns of batches, object values turned into their encoded text. One per user: it keeps buffers. */
export class KeyReader {
  readonly storages: readonly Storage[]
  readonly #positions: readonly number[]
  readonly #columns: Column[] = []

  constructor(types: readonly LogicalType[], positions: readonly number[]) {
    this.storages = positions.map(position => storageOf(types[position]!))
    this.#positions = positions
  }

  /** Borrowed until the next call. */
  read(batch: Batch): readonly Column[] {
    for (let k = 0; k < this.#positions.length; k++) {
      const column = batch.columns[this.#positions[k]!]!
      this.#columns[k] =
        column.storage === 'object' ? encoded(column.values, column.nulls, batch.length) : column
    }
    return this.#columns
  }

  /** Writes the key hash of each row to `out`: those the batch brings with it, or made anew. */
  hash(batch: Batch, out: Int32Array): void {
    const known = batch.keyHashes ?? null
    if (known !== null && this.#isKey(known.keys)) out.set(known.values.subarray(0, batch.length))
    else hashKernel(this.storages)(this.read(batch), batch.length, out)
  }

  #isKey(positions: readonly number[]): boolean {
    return (
      positions.length === this.#positions.length &&
      positions.every((position, k) => position === this.#positions[k])
    )
  }
}

const utf8 = new TextEncoder()

function encoded(values: readonly unknown[], nulls: Uint8Array | null, length: number): BytesColumn {
  const column = new BytesColumn(length)
  for (let row = 0; row < length; row++) {
    if (nulls !== null && nulls[row] === 1) {
      column.appendNull(row)
    } else {
      const bytes = utf8.encode(encodeObject(values[row]))
      column.append(row, bytes, 0, bytes.length)
    }
  }
  return column
}

/** A function that writes the key hash of each row of a batch to `out`; `columns` are positions in the batch. */
export function compileHash(
  types: readonly LogicalType[],
  columns: readonly number[],
): (batch: Batch, out: Int32Array) => void {
  const reader = new KeyReader(types, columns)
  return (batch, out) => reader.hash(batch, out)
}

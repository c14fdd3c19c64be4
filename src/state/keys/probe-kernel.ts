/**
 * Finds or inserts the keys of a whole batch. The text is made per key signature, so that V8's type feedback of
 * one signature is not spoiled by another. Key equality is that of key-hash.ts.
 */
import type { Column, Storage } from '../../types/index.ts'
import { wordAt } from '../table/byte-heap.ts'
import type { KeyedTable } from '../table/keyed-table.ts'
import { PAGE_MASK, PAGE_SHIFT } from '../table/paged-column.ts'
import { keepTouched, TOUCH_ROWS, TOUCH_STEP } from '../table/touch.ts'
import { declareColumn } from './key-hash.ts'

/**
 * For i in [0, count): `ids[i]` = row id of the key in row `rows[i]` of the columns, whose hash is
 * `hashes[rows[i]]`. A missing key is inserted, or gets -1 if `insert` is false.
 */
export type ProbeKernel = (
  table: KeyedTable,
  columns: readonly Column[],
  rows: Int32Array,
  count: number,
  hashes: Int32Array,
  ids: Int32Array,
  insert: boolean,
) => void

function declareKey(storage: Storage, c: number): string {
  const key = `table.keys[${c}]`
  const nulls = `const tu${c} = ${key}.nulls;`
  switch (storage) {
    case 'i32':
    case 'f64':
      return `${nulls} const tv${c} = ${key}.values;`
    case 'i64':
      return `${nulls} const tw${c} = ${key}.words;`
    case 'msnanos':
      return `${nulls} const tv${c} = ${key}.values, tx${c} = ${key}.nanos;`
    case 'bytes':
    case 'object':
      return `${nulls} const k${c} = ${key}, ts${c} = ${key}.spans, th${c} = ${key}.heap.chunks, tw${c} = ${key}.heap.words;`
  }
}

/** Loads the row's key value into locals. */
function loadKey(storage: Storage, c: number): string {
  const isNull = `const z${c} = u${c} !== null && u${c}[r] === 1 ? 1 : 0;`
  switch (storage) {
    case 'i32':
      return `${isNull} const y${c} = v${c}[r];`
    case 'f64':
      return `${isNull} const y${c} = v${c}[r] === 0 ? 0 : v${c}[r];`
    case 'i64':
      return `${isNull} const y${c} = w${c}[2 * r], g${c} = w${c}[2 * r + 1];`
    case 'msnanos':
      return `${isNull} const y${c} = v${c}[r] === 0 ? 0 : v${c}[r], g${c} = x${c}[r];`
    case 'bytes':
    case 'object':
      return `${isNull} const y${c} = o${c}[r], g${c} = z${c} === 1 ? 0 : o${c}[r + 1] - y${c};`
  }
}

/** Leaves the block `same` when the stored key differs. */
function compareKey(storage: Storage, c: number): string {
  const differ = (condition: string) => `if (z${c} === 0 && (${condition})) break same;`
  const nulls = `if (tu${c}[p][a] !== z${c}) break same;`
  // A key that is NULL is kept as zero: unless this one is zero or NULL, the value says all.
  const nullsOf = (zero: string) => `if (z${c} === 1 || ${zero}) { ${nulls} }`
  const floats = `{ const t = tv${c}[p][a]; ${differ(`t !== y${c} && (t === t || y${c} === y${c})`)} }`
  switch (storage) {
    case 'i32':
      return `${differ(`tv${c}[p][a] !== y${c}`)} ${nullsOf(`y${c} === 0`)}`
    case 'f64':
      return `${floats} ${nullsOf(`y${c} === 0`)}`
    case 'i64':
      return `{ const t = tw${c}[p]; ${differ(`t[2 * a] !== y${c} || t[2 * a + 1] !== g${c}`)} }
        ${nullsOf(`(y${c} | g${c}) === 0`)}`
    case 'msnanos':
      return `${floats} ${differ(`tx${c}[p][a] !== g${c}`)} ${nullsOf(`y${c} === 0`)}`
    case 'bytes':
    case 'object':
      // Only a value of length 0 can be NULL. By words: heap blocks are aligned; of the last one the bytes behind the end are cut off.
      return `{
        const span = ts${c}[p];
        if (span[2 * a + 1] !== g${c}) break same;
        if (g${c} === 0) { ${nulls} }
        else {
          const address = span[2 * a], words = tw${c}[address >>> 16], end = y${c} + g${c};
          let q = y${c}, w = (address & 65535) >>> 2;
          for (; q + 4 < end; q += 4) if (words[w++] !== d${c}.getInt32(q, true)) break same;
          const last = q + 4 <= b${c}.length ? d${c}.getInt32(q, true) : wordAt(b${c}, q);
          if ((words[w] ^ last) << ((q + 4 - end) << 3) !== 0) break same;
        }
      }`
  }
}

function storeKey(storage: Storage, c: number): string {
  const stored = (write: string) => `if (z${c} === 0) { tu${c}[p][a] = 0; ${write} }`
  switch (storage) {
    case 'i32':
      return stored(`tv${c}[p][a] = y${c};`)
    case 'f64':
      return stored(`tv${c}[p][a] = y${c};`)
    case 'i64':
      return stored(`tw${c}[p][2 * a] = y${c}; tw${c}[p][2 * a + 1] = g${c};`)
    case 'msnanos':
      return stored(`tv${c}[p][a] = y${c}; tx${c}[p][a] = g${c};`)
    case 'bytes':
    case 'object':
      return stored(`k${c}.setBytes(p, a, b${c}, y${c}, y${c} + g${c});`)
  }
}

/** Loads of stored keys for rows [from, to), and nothing that waits for them. */
function touchKey(storage: Storage, c: number): string {
  const each = (load: string) => `for (let i = from; i < to; i++) {
    const id = ids[i];
    if (id >= 0) { const p = id >>> ${PAGE_SHIFT}, a = id & ${PAGE_MASK}; ${load} }
  }`
  switch (storage) {
    case 'i32':
    case 'f64':
    case 'msnanos':
      return each(`sum += tv${c}[p][a];`)
    case 'i64':
      return each(`sum += tw${c}[p][2 * a];`)
    case 'bytes':
    case 'object':
      return `${each(`sum += ts${c}[p][2 * a];`)}
        ${each(`const span = ts${c}[p], address = span[2 * a];
          if (span[2 * a + 1] > 0) sum += tw${c}[address >>> 16][(address & 65535) >>> 2];`)}`
  }
}

function probeText(storages: readonly Storage[]): string {
  const all = (part: (storage: Storage, c: number) => string) => storages.map(part).join('\n')
  // Passes over a few rows at a time: one touches nothing but the index, one checks what it found, and between them, where
  // the table is larger than the caches, one only loads. So the processor has many rows' memory under way at once.
  return `return function probe(table, columns, rows, count, hashes, ids, insert) {
    const directory = table.index.directory;
    let shift = table.index.shift;
    ${all(declareColumn)}
    ${all(declareKey)}
    const isLarge = table.numRowIds > ${TOUCH_ROWS}, step = isLarge ? ${TOUCH_STEP} : count;
    for (let from = 0; from < count; from += step) {
      const to = from + step < count ? from + step : count;
      let sum = 0;
      if (isLarge) {
        for (let i = from; i < to; i++) {
          const h = hashes[rows[i]], segment = directory[(h >>> 1) >>> shift];
          sum += segment[(h << 1) & (segment.length - 3)];
        }
      }
      for (let i = from; i < to; i++) {
        const h = hashes[rows[i]];
        const segment = directory[(h >>> 1) >>> shift], mask = segment.length - 3;
        let at = (h << 1) & mask;
        while (segment[at] !== h && segment[at + 1] !== 0) at = (at + 2) & mask;
        ids[i] = segment[at + 1] - 1;
      }
      if (isLarge) {
        ${all(touchKey)}
        keepTouched(sum);
      }
      for (let i = from; i < to; i++) {
        const r = rows[i];
        ${all(loadKey)}
        const found = ids[i];
        if (found >= 0) {
          const p = found >>> ${PAGE_SHIFT}, a = found & ${PAGE_MASK};
          same: {
            ${all(compareKey)}
            continue;
          }
        } else if (!insert) continue;
        const h = hashes[r];
        const segment = directory[(h >>> 1) >>> shift], mask = segment.length - 3;
        let at = (h << 1) & mask, id = -1;
        for (;;) {
          const entry = segment[at + 1];
          if (entry === 0) break;
          same: if (segment[at] === h) {
            const p = (entry - 1) >>> ${PAGE_SHIFT}, a = (entry - 1) & ${PAGE_MASK};
            ${all(compareKey)}
            id = entry - 1;
          }
          if (id >= 0) break;
          at = (at + 2) & mask;
        }
        if (id < 0 && insert) {
          id = table.insertRow(h);
          shift = table.index.shift;
          const p = id >>> ${PAGE_SHIFT}, a = id & ${PAGE_MASK};
          ${all(storeKey)}
        }
        ids[i] = id;
      }
    }
  }`
}

const kernels = new Map<string, ProbeKernel>()

export function probeKernel(storages: readonly Storage[]): ProbeKernel {
  const signature = storages.join()
  let kernel = kernels.get(signature)
  if (kernel === undefined) {
    kernel = new Function('wordAt', 'keepTouched', probeText(storages))(wordAt, keepTouched) as ProbeKernel
    kernels.set(signature, kernel)
  }
  return kernel
}

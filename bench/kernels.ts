/**
 * Nanoseconds per row of compiled kernels over thousands of rotating 4,096-row batches: `node bench/kernels.ts
 * [name …]`. Includes the measurement design.md §2 asks for: BigInt64Array arithmetic against Int32 pairs, and
 * selection vectors against a fused loop. Short: about half a second a line.
 */

import { compileCalc } from '../src/expressions/index.ts'
import {
  BATCH_ROWS,
  type Batch,
  BatchBuilder,
  bigintType,
  decimalType,
  integerType,
  type PlainValue,
  stringType,
  timestampType,
  writePlain,
} from '../src/types/index.ts'
import { bindSql, type TestColumn } from '../test/support/expressions/bind-sql.ts'

const ROTATION = 64
const BUDGET_MS = 400

const environment = {
  timeZone: 'UTC',
  now: () => Date.now(),
  currentWatermark: () => Number.NEGATIVE_INFINITY,
}
const columns: readonly TestColumn[] = [
  { name: 'auction', type: bigintType() },
  { name: 'price', type: bigintType() },
  { name: 'channel', type: stringType() },
  { name: 'url', type: stringType() },
  { name: 'text', type: stringType() },
  { name: 'amount', type: decimalType(9, 2) },
  { name: 'rate', type: decimalType(9, 4) },
  { name: 'ts', type: timestampType(3) },
  { name: 'n', type: integerType() },
]
const inputTypes = columns.map(column => column.type)

function makeBatch(seed: number): Batch {
  const builder = new BatchBuilder(inputTypes, BATCH_ROWS)
  let state = seed * 2654435761 + 1
  const random = (limit: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    return (state >>> 8) % limit
  }
  for (let i = 0; i < BATCH_ROWS; i++) {
    const row = builder.addRow()
    const second = String(random(60)).padStart(2, '0')
    const values: PlainValue[] = [
      BigInt(random(1000)),
      BigInt(random(10_000_000)),
      ['Google', 'Facebook', 'Baidu', 'Apple'][random(4)]!,
      `https://www.nexmark.com/abo/item.htm?query=${random(100)}&channel_id=${random(1000)}`,
      `2024-03-10 12:34:${second}.${String(random(1000)).padStart(3, '0')}`,
      BigInt(random(1_000_000)),
      BigInt(random(100_000)),
      1_710_000_000_000 + random(100_000_000),
      random(1_000_000),
    ]
    values.forEach((value, column) => {
      writePlain(builder.columns[column]!, row, value)
    })
  }
  return builder
}

const batches = Array.from({ length: ROTATION }, (_, i) => makeBatch(i + 1))

/** Median of five slices, ns per row. */
function measure(run: (batch: Batch) => void): number {
  for (let i = 0; i < ROTATION * 4; i++) run(batches[i % ROTATION]!)
  const slices: number[] = []
  for (let slice = 0; slice < 5; slice++) {
    let rows = 0
    const start = performance.now()
    while (performance.now() - start < BUDGET_MS / 5)
      for (let i = 0; i < 8; i++) {
        run(batches[(rows / BATCH_ROWS) % ROTATION]!)
        rows += BATCH_ROWS
      }
    slices.push(((performance.now() - start) * 1e6) / rows)
  }
  return slices.sort((a, b) => a - b)[2]!
}

const wanted = process.argv.slice(2)
function report(name: string, run: () => (batch: Batch) => void): void {
  if (wanted.length > 0 && !wanted.some(word => name.includes(word))) return
  const ns = measure(run())
  console.log(
    `${name.padEnd(58)} ${ns.toFixed(2).padStart(8)} ns/row ${(1000 / ns).toFixed(0).padStart(6)} M/s`,
  )
}

const kernel = (projections: readonly string[], condition?: string) => () => {
  const calc = compileCalc(
    {
      inputTypes,
      condition: condition === undefined ? null : bindSql(condition, columns),
      projections: projections.map(projection => bindSql(projection, columns)),
      watermark: null,
    },
    environment,
  )
  return (batch: Batch): void => {
    calc.process(batch)
  }
}

report('filter BIGINT, half pass, BIGINT out', kernel(['auction'], 'price > 5000000'))
report('filter BIGINT, half pass, BIGINT + STRING out', kernel(['auction', 'url'], 'price > 5000000'))
report('filter BIGINT, 1 in 100 passes, BIGINT + STRING out', kernel(['auction', 'url'], 'price > 9900000'))
report('filter BIGINT modulo (Nexmark q2)', kernel(['auction', 'price'], 'MOD(auction, 123) = 0'))
report(
  'project 3 columns: BIGINT, INT, TIMESTAMP arithmetic',
  kernel(['price * 2 + auction', 'n + 1', "ts + INTERVAL '5' SECOND"]),
)
report('project 0.908 * price (Nexmark q1)', kernel(['auction', '0.908 * price']))
report('string equality filter', kernel(['auction'], "channel = 'Baidu'"))
report('string IN list filter', kernel(['auction'], "channel IN ('Apple', 'Google', 'Facebook')"))
report("LIKE '%channel_id=5%'", kernel(['auction'], "url LIKE '%channel_id=5%'"))
report("LIKE 'https://%item.htm%'", kernel(['auction'], "url LIKE 'https://%item.htm%'"))
report('UPPER of an 8-byte string', kernel(['UPPER(channel)']))
report('SPLIT_INDEX of a url', kernel(["SPLIT_INDEX(url, '/', 3)"]))
report('REGEXP_EXTRACT of a url', kernel(["REGEXP_EXTRACT(url, '(&|^)channel_id=([^&]*)', 2)"]))
report('CAST string to TIMESTAMP(3)', kernel(['CAST(text AS TIMESTAMP(3))']))
report(
  "TO_TIMESTAMP with 'yyyy-MM-dd HH:mm:ss.SSS'",
  kernel(["TO_TIMESTAMP(text, 'yyyy-MM-dd HH:mm:ss.SSS')"]),
)
report("DATE_FORMAT(ts, 'yyyy-MM-dd')", kernel(["DATE_FORMAT(ts, 'yyyy-MM-dd')"]))
report('EXTRACT(HOUR)', kernel(['HOUR(ts)']))
report('DECIMAL(9,2) * DECIMAL(9,4), 64 bits', kernel(['amount * rate']))
report('DECIMAL(9,2) + DECIMAL(9,4)', kernel(['amount + rate']))
report(
  'CASE over BIGINT',
  kernel(["CASE WHEN price < 10000 THEN 'low' WHEN price < 1000000 THEN 'mid' ELSE 'high' END"]),
)

// --- 64-bit layouts, in loops of the shape the kernels have ---------------------------------------------------

interface Words {
  readonly values: BigInt64Array
  readonly words: Int32Array
}
const wordsOf = (batch: Batch, column: number): Words => batch.columns[column] as unknown as Words
const target = { values: new BigInt64Array(BATCH_ROWS), words: new Int32Array(0) }
target.words = new Int32Array(target.values.buffer)

function addBig(a: BigInt64Array, b: BigInt64Array, out: BigInt64Array, length: number): void {
  for (let i = 0; i < length; i++) out[i] = BigInt.asIntN(64, a[i]! + b[i]!)
}
function addPairs(a: Int32Array, b: Int32Array, out: Int32Array, length: number): void {
  for (let i = 0; i < length; i++) {
    const at = i * 2
    const low = (a[at]! >>> 0) + (b[at]! >>> 0)
    out[at] = low | 0
    out[at + 1] = (a[at + 1]! + b[at + 1]! + (low > 4294967295 ? 1 : 0)) | 0
  }
}
function multiplyBig(a: BigInt64Array, b: BigInt64Array, out: BigInt64Array, length: number): void {
  for (let i = 0; i < length; i++) out[i] = BigInt.asIntN(64, a[i]! * b[i]!)
}
/** 64-bit product from 16-bit limbs of the low words. */
function multiplyPairs(a: Int32Array, b: Int32Array, out: Int32Array, length: number): void {
  for (let i = 0; i < length; i++) {
    const at = i * 2
    const aLow = a[at]!
    const bLow = b[at]!
    const a0 = aLow & 0xffff
    const a1 = aLow >>> 16
    const b0 = bLow & 0xffff
    const b1 = bLow >>> 16
    const low = a0 * b0
    const middle = a1 * b0 + (low >>> 16)
    const middle2 = a0 * b1 + (middle % 65536)
    out[at] = ((middle2 & 0xffff) << 16) | (low & 0xffff)
    const high = a1 * b1 + Math.floor(middle / 65536) + Math.floor(middle2 / 65536)
    out[at + 1] = (high + Math.imul(a[at + 1]!, bLow) + Math.imul(aLow, b[at + 1]!)) | 0
  }
}
function countBig(a: BigInt64Array, limit: bigint, selection: Int32Array, length: number): number {
  let count = 0
  for (let i = 0; i < length; i++) if (a[i]! > limit) selection[count++] = i
  return count
}
function countPairs(a: Int32Array, low: number, high: number, selection: Int32Array, length: number): number {
  let count = 0
  for (let i = 0; i < length; i++) {
    const h = a[i * 2 + 1]!
    if (h > high || (h === high && a[i * 2]! >>> 0 > low)) selection[count++] = i
  }
  return count
}
const selection = new Int32Array(BATCH_ROWS)
report(
  'int64 add, BigInt64Array',
  () => b => addBig(wordsOf(b, 0).values, wordsOf(b, 1).values, target.values, BATCH_ROWS),
)
report(
  'int64 add, Int32 pairs',
  () => b => addPairs(wordsOf(b, 0).words, wordsOf(b, 1).words, target.words, BATCH_ROWS),
)
report(
  'int64 multiply, BigInt64Array',
  () => b => multiplyBig(wordsOf(b, 0).values, wordsOf(b, 1).values, target.values, BATCH_ROWS),
)
report(
  'int64 multiply, Int32 pairs',
  () => b => multiplyPairs(wordsOf(b, 0).words, wordsOf(b, 1).words, target.words, BATCH_ROWS),
)
report('int64 compare, BigInt64Array', () => b => {
  countBig(wordsOf(b, 1).values, 5000000n, selection, BATCH_ROWS)
})
report('int64 compare, Int32 pairs', () => b => {
  countPairs(wordsOf(b, 1).words, 5000000, 0, selection, BATCH_ROWS)
})

// --- compacting inside the loop against a selection and one pass per column ------------------------------------

interface Numbers {
  readonly values: Float64Array
}
const fused = { a: new Int32Array(BATCH_ROWS * 2), t: new Float64Array(BATCH_ROWS) }
function fusedFilter(
  price: BigInt64Array,
  auction: Int32Array,
  ts: Float64Array,
  limit: bigint,
  length: number,
): number {
  let count = 0
  for (let i = 0; i < length; i++) {
    if (price[i]! <= limit) continue
    fused.a[count * 2] = auction[i * 2]!
    fused.a[count * 2 + 1] = auction[i * 2 + 1]!
    fused.t[count] = ts[i]!
    count++
  }
  return count
}
function selectedFilter(
  price: BigInt64Array,
  auction: Int32Array,
  ts: Float64Array,
  limit: bigint,
  length: number,
): number {
  const count = countBig(price, limit, selection, length)
  for (let i = 0; i < count; i++) {
    const at = selection[i]! * 2
    fused.a[i * 2] = auction[at]!
    fused.a[i * 2 + 1] = auction[at + 1]!
  }
  for (let i = 0; i < count; i++) fused.t[i] = ts[selection[i]!]!
  return count
}
const ofBatch = (b: Batch, filter: typeof fusedFilter, limit: bigint): void => {
  const ts = b.columns[7] as unknown as Numbers
  filter(wordsOf(b, 1).values, wordsOf(b, 0).words, ts.values, limit, BATCH_ROWS)
}
report('filter half, 2 columns: fused loop', () => b => ofBatch(b, fusedFilter, 5000000n))
report('filter half, 2 columns: selection, then columns', () => b => ofBatch(b, selectedFilter, 5000000n))
report('filter 1 in 100, 2 columns: fused loop', () => b => ofBatch(b, fusedFilter, 9900000n))
report('filter 1 in 100, 2 columns: selection, then columns', () => b => ofBatch(b, selectedFilter, 9900000n))

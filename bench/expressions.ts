/** Compiled filters and projections over rotating batches: nanoseconds per row. */
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
import { type ContenderBenchmark, scaled } from './harness.ts'

const ROTATION = 64
const NUM_BATCHES = 512

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

/** Name, projections, condition. */
const expressions: readonly (readonly [name: string, projections: readonly string[], condition?: string])[] =
  [
    ['filter BIGINT, half pass, BIGINT out', ['auction'], 'price > 5000000'],
    ['filter BIGINT, half pass, BIGINT + STRING out', ['auction', 'url'], 'price > 5000000'],
    ['filter BIGINT, 1 in 100 passes, BIGINT + STRING out', ['auction', 'url'], 'price > 9900000'],
    ['filter BIGINT modulo (Nexmark q2)', ['auction', 'price'], 'MOD(auction, 123) = 0'],
    [
      'project 3 columns: BIGINT, INT, TIMESTAMP arithmetic',
      ['price * 2 + auction', 'n + 1', "ts + INTERVAL '5' SECOND"],
    ],
    ['project 0.908 * price (Nexmark q1)', ['auction', '0.908 * price']],
    ['string equality filter', ['auction'], "channel = 'Baidu'"],
    ['string IN list filter', ['auction'], "channel IN ('Apple', 'Google', 'Facebook')"],
    ["LIKE '%channel_id=5%'", ['auction'], "url LIKE '%channel_id=5%'"],
    ["LIKE 'https://%item.htm%'", ['auction'], "url LIKE 'https://%item.htm%'"],
    ['UPPER of an 8-byte string', ['UPPER(channel)']],
    ['SPLIT_INDEX of a url', ["SPLIT_INDEX(url, '/', 3)"]],
    ['REGEXP_EXTRACT of a url', ["REGEXP_EXTRACT(url, '(&|^)channel_id=([^&]*)', 2)"]],
    ['CAST string to TIMESTAMP(3)', ['CAST(text AS TIMESTAMP(3))']],
    ["TO_TIMESTAMP with 'yyyy-MM-dd HH:mm:ss.SSS'", ["TO_TIMESTAMP(text, 'yyyy-MM-dd HH:mm:ss.SSS')"]],
    ["DATE_FORMAT(ts, 'yyyy-MM-dd')", ["DATE_FORMAT(ts, 'yyyy-MM-dd')"]],
    ['EXTRACT(HOUR)', ['HOUR(ts)']],
    ['DECIMAL(9,2) * DECIMAL(9,4), 64 bits', ['amount * rate']],
    ['DECIMAL(9,2) + DECIMAL(9,4)', ['amount + rate']],
    [
      'CASE over BIGINT',
      ["CASE WHEN price < 10000 THEN 'low' WHEN price < 1000000 THEN 'mid' ELSE 'high' END"],
    ],
  ]

function compile(projections: readonly string[], condition?: string): (batch: Batch) => void {
  const calc = compileCalc(
    {
      inputTypes,
      condition: condition === undefined ? null : bindSql(condition, columns),
      projections: projections.map(projection => bindSql(projection, columns)),
      watermark: null,
    },
    environment,
  )
  return batch => {
    calc.process(batch)
  }
}

export const compiledExpressions: ContenderBenchmark = {
  kind: 'contenders',
  name: 'expressions',
  title: 'compiled filters and projections over batches of 4,096 rows',
  rounds: 3,
  contenders(scale) {
    const batches = Array.from({ length: scaled(ROTATION, scale) }, (_, i) => makeBatch(i + 1))
    const numBatches = scaled(NUM_BATCHES, scale)
    return Promise.resolve({
      contenders: expressions.map(([name, projections, condition]) => {
        const process = compile(projections, condition)
        return {
          name,
          run() {
            for (let i = 0; i < numBatches; i++) process(batches[i % batches.length]!)
            return numBatches * BATCH_ROWS
          },
        }
      }),
    })
  },
}

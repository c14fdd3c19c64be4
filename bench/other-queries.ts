/**
 * The IP count again after ten queries of other types have run in the process: V8 shares type feedback between all
 * users of a function's text, so an engine can get slower by what else it has done. The ratio to the baseline before
 * and after is what counts. `npm run bench -- other-queries`.
 */
import { accessLog } from './access-log.ts'
import { runBaseline } from './baseline/ip-count.ts'
import { type ContenderBenchmark, type Measurement, scaled } from './harness.ts'
import { runIpCount } from './ip-count.ts'
import { runOverMemory } from './run-over-memory.ts'

const NUM_RECORDS = 600_000
const NUM_WARM_UP = 150_000

const source = `CREATE TABLE log (
  event_time TIMESTAMP(3), ip STRING, \`method\` STRING, path STRING, status INT, \`bytes\` BIGINT, user_agent STRING,
  WATERMARK FOR event_time AS event_time - INTERVAL '5' SECOND
) WITH ('connector' = 'kafka', 'topic' = 't', 'properties.bootstrap.servers' = 'memory:0',
  'properties.group.id' = 'g', 'scan.startup.mode' = 'earliest-offset', 'format' = 'json');`

const windowed = (window: string, select: string, keys: string) =>
  `SELECT ${select} FROM TABLE(${window}) GROUP BY window_start, window_end${keys}`
const tumble = "TUMBLE(TABLE log, DESCRIPTOR(event_time), INTERVAL '5' SECOND)"
const hop = "HOP(TABLE log, DESCRIPTOR(event_time), INTERVAL '5' SECOND, INTERVAL '10' SECOND)"
const cumulate = "CUMULATE(TABLE log, DESCRIPTOR(event_time), INTERVAL '5' SECOND, INTERVAL '20' SECOND)"

/** Columns of the sink, and the query. */
const queries: readonly (readonly [columns: string, query: string])[] = [
  ['a INT, b BIGINT', windowed(tumble, 'status, SUM(`bytes`)', ', status')],
  ['a STRING, b BIGINT, c DOUBLE', windowed(hop, 'path, COUNT(*), AVG(CAST(`bytes` AS DOUBLE))', ', path')],
  ['a BIGINT, b STRING', windowed(cumulate, '`bytes`, MAX(path)', ', `bytes`')],
  ['a TIMESTAMP(3), b BIGINT', windowed(tumble, 'window_start, COUNT(DISTINCT ip)', '')],
  [
    'a STRING, b BIGINT',
    'SELECT UPPER(path), `bytes` * 2 + status FROM log WHERE status = 200 AND `bytes` > 5000',
  ],
  ['a STRING, b INT', "SELECT CONCAT(ip, '-', `method`), CHAR_LENGTH(path) FROM log WHERE path LIKE '%7%'"],
  [
    'a DECIMAL(20, 2), b STRING',
    'SELECT CAST(`bytes` AS DECIMAL(18, 2)) / 3, SUBSTRING(user_agent, 1, 7) FROM log',
  ],
  ['a STRING, b BIGINT, c BIGINT', 'SELECT ip, COUNT(*), SUM(`bytes`) FROM log GROUP BY ip'],
  ['a INT, b STRING, c BIGINT', windowed(tumble, 'status, `method`, MIN(`bytes`)', ', status, `method`')],
  ['a BIGINT', 'SELECT COUNT(*) FROM log'],
]

async function runOthers(numRecords: number): Promise<void> {
  const topic = accessLog(numRecords)
  for (const [columns, query] of queries) {
    const sink = `CREATE TABLE nowhere (${columns}) WITH ('connector' = 'blackhole');`
    await runOverMemory(`${source}\n${sink}\nINSERT INTO nowhere ${query};`, topic, {
      numRows: 0,
      numBytes: 0,
    })
  }
}

export const otherQueries: ContenderBenchmark = {
  kind: 'contenders',
  warmUps: 5,
  name: 'other-queries',
  title: 'the IP count in a fresh process, and after ten other queries',
  contenders(scale) {
    const numRecords = scaled(NUM_RECORDS, scale)
    const topic = accessLog(numRecords)
    const buffers = topic.batches.map(batch => Buffer.from(batch.buffer, batch.byteOffset, batch.byteLength))
    const baseline = async () => (await runBaseline(buffers)).numRecords
    const millrace = async () => {
      await runIpCount(topic, { numRows: 0, numBytes: 0 })
      return numRecords
    }
    return Promise.resolve({
      contenders: [
        { name: 'baseline', run: baseline },
        { name: 'millrace', run: millrace },
      ],
      then: {
        prepare: () => runOthers(scaled(NUM_WARM_UP, scale)),
        contenders: [
          { name: 'baseline, after the others', run: baseline },
          { name: 'millrace, after the others', run: millrace },
        ],
      },
    })
  },
  print(measurements: readonly Measurement[]) {
    const [, fresh, , after] = measurements
    const kept = after!.ratio.median / fresh!.ratio.median
    console.log(`  kept of the fresh figure: ${(kept * 100).toFixed(0)} %`)
  },
}

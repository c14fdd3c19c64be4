/** What grows in the shape of a job: open windows, fields, partitions, sinks, subtasks. One file, for each is a few lines. */
import { accessLog } from '../access-log.ts'
import { type FigureBenchmark, scaled } from '../harness.ts'
import { inChild } from '../in-child.ts'
import { type Axis, growthBenchmark, type SizeFigures } from './growth.ts'
import { DIGITS, patchedTopic, RECORDS_PER_BATCH } from './patched-topic.ts'
import { measureWork, type Work } from './run-size.ts'

const options = `'connector' = 'kafka', 'topic' = 't', 'properties.bootstrap.servers' = 'memory:0',
  'properties.group.id' = 'g', 'scan.startup.mode' = 'earliest-offset', 'format' = 'json'`
const logTable = `CREATE TABLE log (
  event_time TIMESTAMP(3), ip STRING, \`method\` STRING, path STRING, status INT, \`bytes\` BIGINT, user_agent STRING,
  WATERMARK FOR event_time AS event_time - INTERVAL '5' SECOND
) WITH (${options});`
const table = (name: string, columns: string, connector = options) =>
  `CREATE TABLE ${name} (${columns}) WITH (${connector});`
const blackhole = `'connector' = 'blackhole'`

interface Shape {
  readonly name: string
  readonly title: string
  readonly sizes: readonly number[]
  work(size: number, numRecords: number): Work
}

/** So many that starting the job and compiling its code are not most of it. */
const NUM_RECORDS = 1_600_000
const KEYS_PER_WINDOW = 10
const START_MS = Date.UTC(2025, 0, 1)

const shapes: readonly Shape[] = [
  {
    name: 'growth-windows',
    title: 'windows open at a time, ten keys each: TUMBLE, the same records spread over all of them',
    sizes: [1, 10, 100, 1000, 10_000],
    work(size, numRecords) {
      // Seconds after START_MS that stand in ten digits: window, then key.
      const topic = patchedTopic(`{"n":${DIGITS}}`, numRecords * 2, n => {
        const window = n % size
        return window * 100 + (Math.floor(n / size) % KEYS_PER_WINDOW)
      })
      const sql = `${table(
        'source',
        `n BIGINT, ts AS TO_TIMESTAMP_LTZ(${START_MS} + (n - 1000000000) / 100 * 1000, 3),
         k AS MOD(n, 100), WATERMARK FOR ts AS ts - INTERVAL '10' DAY`,
      )}
        ${table('nowhere', 'k BIGINT, c BIGINT', blackhole)}
        INSERT INTO nowhere SELECT k, COUNT(*) FROM TABLE(TUMBLE(TABLE source, DESCRIPTOR(ts), INTERVAL '1' SECOND))
        GROUP BY k, window_start, window_end;`
      return { sql, topic, numUnits: topic.numRecords, unit: 'record' }
    },
  },
  {
    name: 'growth-fields',
    title: 'fields of a record, all read and written, JSON to JSON: a record of so many fields',
    sizes: [4, 16, 64, 256],
    work(size, numRecords) {
      // Fields of as many bytes at every size.
      const names = Array.from({ length: size }, (_, f) => `field_${1000 + f}`)
      const rest = names
        .slice(1)
        .map((name, f) => (f % 2 === 0 ? `"${name}":"text${1000 + f}"` : `"${name}":${(1000 + f) * 1001}`))
      const columns = names.map((name, f) => `${name} ${f % 2 === 1 ? 'STRING' : 'BIGINT'}`).join(', ')
      // As many fields at every size.
      const numHere = Math.max(RECORDS_PER_BATCH, Math.floor((numRecords * 16) / size))
      const topic = patchedTopic(`{"${names[0]}":${DIGITS},${rest.join()}}`, numHere, n => n)
      const sql = `${table('source', columns)} ${table('target', columns)} INSERT INTO target SELECT * FROM source;`
      return { sql, topic, numUnits: topic.numRecords * size, unit: 'record and field', perSize: true }
    },
  },
  {
    name: 'growth-partitions',
    title: 'partitions of the source, one reader: count per IP and 5 s window of the same records',
    sizes: [1, 10, 100, 1000],
    work(size, numRecords) {
      const topic = { ...accessLog(numRecords), numPartitions: size }
      const sql = `${logTable} ${table('nowhere', 'ip STRING, c BIGINT', blackhole)}
        INSERT INTO nowhere SELECT ip, COUNT(*) FROM TABLE(TUMBLE(TABLE log, DESCRIPTOR(event_time), INTERVAL '5' SECOND))
        GROUP BY ip, window_start, window_end;`
      return { sql, topic, numUnits: numRecords, unit: 'record' }
    },
  },
  {
    name: 'growth-sinks',
    title:
      'sinks of a statement set over one source, each with a filter of its own: a record for so many sinks',
    sizes: [1, 4, 16, 64],
    work(size, numRecords) {
      const sinks = Array.from({ length: size }, (_, s) => `sink_${s}`)
      const topic = accessLog(numRecords)
      const sql = `${logTable} ${sinks.map(name => table(name, 'ip STRING, b BIGINT')).join('\n')}
        EXECUTE STATEMENT SET BEGIN
        ${sinks.map((name, s) => `INSERT INTO ${name} SELECT ip, \`bytes\` FROM log WHERE MOD(\`bytes\`, 64) = ${s};`).join('\n')}
        END;`
      return { sql, topic, numUnits: numRecords * size, unit: 'record and sink', perSize: true }
    },
  },
  {
    name: 'growth-parallelism',
    title: 'subtasks in one thread: count per IP and 5 s window of the same records, in 64 partitions',
    sizes: [1, 2, 4, 16, 64],
    work(size, numRecords) {
      const topic = { ...accessLog(numRecords), numPartitions: 64 }
      const sql = `SET 'parallelism.default' = '${size}';
        ${logTable} ${table('nowhere', 'ip STRING, c BIGINT', blackhole)}
        INSERT INTO nowhere SELECT ip, COUNT(*) FROM TABLE(TUMBLE(TABLE log, DESCRIPTOR(event_time), INTERVAL '5' SECOND))
        GROUP BY ip, window_start, window_end;`
      return { sql, topic, numUnits: topic.numRecords, unit: 'record' }
    },
  },
]

/** In the child. */
export function measureShape(name: string, size: number, scale: number): Promise<SizeFigures> {
  const shape = shapes.find(other => other.name === name)!
  return measureWork(shape.work(size, scaled(NUM_RECORDS, scale)))
}

const axisOf = ({ name, title, sizes }: Shape): Axis => ({
  name,
  title,
  sizes,
  measure: (size, scale) =>
    scale < 1
      ? measureShape(name, size, scale)
      : inChild<SizeFigures>(import.meta.url, 'measureShape', [name, size, scale]),
})

export const growthOfShapes: readonly FigureBenchmark[] = shapes.map(shape => growthBenchmark(axisOf(shape)))

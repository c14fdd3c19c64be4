/** The examples under test: what goes into their topics, and DuckDB's query for what must come out. */

import type { Random } from '../../support/random.ts'
import type { Fields } from './odd-json.ts'
import { closing, recordsAt, type SourceRecord, traffic, watermarkAfter } from './traffic.ts'

export interface ExpectedTopic {
  readonly topic: string
  /** Columns of the sink in the order of the oracle's; `time` columns are compared as epoch ms. */
  readonly columns: readonly { readonly name: string; readonly time?: true }[]
  /** Over `source(part, off, v JSON)`; `$W` stands for the last watermark, epoch ms. */
  readonly oracle: string
}

export interface Example {
  readonly name: string
  readonly source: string
  /** Written before the job starts; ends with one closing record per partition. */
  readonly first: readonly SourceRecord[]
  readonly firstWatermark: number
  /** Written when all of `first` was read. */
  readonly second: readonly SourceRecord[]
  readonly lastWatermark: number
  readonly sinks: readonly ExpectedTopic[]
  /** Keyed sink: compare what is left per key, and let no update repeat the value before. */
  readonly foldByKey?: true
  /** Rows of `second` that come too late even for the allowed lateness. */
  readonly numLateDropped: number
  /** The fail point at which the run with a crash is killed; manifest 1 holds only where reading starts. */
  readonly killAt: string
}

const NOON = Date.UTC(2025, 5, 1, 12)
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const time = (name: string) => ({ name, time: true }) as const
const column = (name: string) => ({ name })

/** Steady traffic in two halves, the second of which ends with records far ahead that close every window. */
function halves(
  timeField: string,
  seed: number,
  numRecords: number,
  spanMs: number,
  fields: (random: Random) => Fields,
): Pick<Example, 'first' | 'firstWatermark' | 'second' | 'lastWatermark' | 'numLateDropped'> {
  const half = NOON + Math.floor(spanMs / 2)
  const end = NOON + spanMs
  const far = end + 2 * DAY + 123
  const options = { numRecords: numRecords / 2, timeField, fields }
  // The second half starts where the first half's watermark stands, so no record of it is late.
  return {
    first: [...traffic({ ...options, seed, fromMs: NOON, toMs: half }), ...closing(timeField, half)],
    firstWatermark: watermarkAfter(half),
    second: [...traffic({ ...options, seed: seed + 1, fromMs: half, toMs: end }), ...closing(timeField, far)],
    lastWatermark: watermarkAfter(far),
    numLateDropped: 0,
  }
}

const ips = [...Array.from({ length: 40 }, (_, i) => `10.0.${i % 4}.${i}`), '::1', 'größe', '💧.example', '']
const accessFields = (random: Random): Fields => ({
  ip: random.chance(0.03) ? null : random.pick(ips),
  path: random.chance(0.03)
    ? null
    : random.pick(['/', '/Search?q=a%20b', '/ÄRGER?x', '/a/b?c?d', '/"quoted"', '/tab\t/\\', '?only']),
  status: random.chance(0.03) ? null : random.pick([200, 200, 200, 301, 404, 500, 503, 599]),
})

const ipCount: Example = {
  name: 'ip_count',
  source: 'ip_count_source',
  ...halves('event_time', 11, 4_000, 2 * MINUTE, accessFields),
  sinks: [
    {
      topic: 'ip_count_sink',
      columns: [time('window_start'), time('window_end'), column('ip'), column('request_count')],
      oracle: `SELECT w, w + 5000, ip, count(*) FROM (
        SELECT t // 5000 * 5000 AS w, ip
        FROM (SELECT epoch_ms(CAST(v->>'$.event_time' AS TIMESTAMP)) AS t, v->>'$.ip' AS ip FROM source)
      ) WHERE w + 5000 - 1 <= $W GROUP BY ALL`,
    },
  ],
  killAt: 'checkpoint.after-manifest=kill@2',
}

const LATE_FIRST_END = NOON + MINUTE
/** The windows of 45 s and before are out of the allowed lateness then; that of 50 s is closed, but within it. */
const lateTimes = Array.from({ length: 60 }, (_, i) => NOON + 50_000 + i * 83)
const tooLateTimes = Array.from({ length: 40 }, (_, i) => NOON + 10_000 + i * 997)
const lateFar = NOON + 10 * MINUTE + 1
const lateFields = (random: Random): Fields => ({ ip: random.pick([...ips, 'late.example', null]) })
const lateOptions = { timeField: 'event_time', fields: lateFields }

const tooLate = recordsAt(tooLateTimes, { ...lateOptions, seed: 23 })

const ipCountLate: Example = {
  name: 'ip_count_late',
  source: 'ip_count_source',
  first: [
    ...traffic({ ...lateOptions, seed: 21, numRecords: 2_000, fromMs: NOON, toMs: LATE_FIRST_END }),
    ...closing('event_time', LATE_FIRST_END),
  ],
  firstWatermark: watermarkAfter(LATE_FIRST_END),
  second: [
    ...recordsAt(lateTimes, { ...lateOptions, seed: 22 }),
    ...tooLate,
    ...closing('event_time', lateFar),
  ],
  lastWatermark: watermarkAfter(lateFar),
  numLateDropped: tooLate.filter(({ value }) => (JSON.parse(value!) as { ip?: string | null }).ip != null)
    .length,
  sinks: [
    {
      topic: 'ip_count_late_sink',
      columns: [time('window_start'), time('window_end'), column('ip'), column('request_count')],
      // Too late: behind its partition's closing record, from a window that the watermark then had left by 5 s.
      oracle: `WITH r AS (
          SELECT part, off, epoch_ms(CAST(v->>'$.event_time' AS TIMESTAMP)) AS t, v->>'$.ip' AS ip FROM source
        ), closed AS (SELECT part, off FROM r WHERE t = ${LATE_FIRST_END})
        SELECT w, w + 5000, ip, count(*) FROM (
          SELECT r.t // 5000 * 5000 AS w, ip FROM r JOIN closed USING (part)
          WHERE ip IS NOT NULL AND (r.off <= closed.off OR r.t // 5000 * 5000 + 5000 - 1 + 5000 > ${watermarkAfter(LATE_FIRST_END)})
        ) WHERE w + 5000 - 1 <= $W GROUP BY ALL`,
    },
  ],
  foldByKey: true,
  killAt: 'kafka.commit.after=kill',
}

const hotItems: Example = {
  name: 'hot_items',
  source: 'item_views',
  ...halves('view_time', 31, 4_000, 5 * MINUTE, random => ({
    // Few items with like chances, so that places are often tied.
    item_id: random.chance(0.02) ? null : random.below(25) * 1_000_000_000_000,
    user_id: random.below(1000),
  })),
  sinks: [
    {
      topic: 'hot_items',
      columns: [
        time('window_start'),
        time('window_end'),
        column('place'),
        column('item_id'),
        column('view_count'),
      ],
      oracle: `WITH r AS (
          SELECT epoch_ms(CAST(v->>'$.view_time' AS TIMESTAMP)) AS t, CAST(v->>'$.item_id' AS BIGINT) AS item_id
          FROM source
        ), counted AS (
          SELECT w, item_id, count(*) AS views
          FROM (SELECT unnest(range(t // 10000 * 10000 - 50000, t + 1, 10000)) AS w, item_id FROM r)
          GROUP BY ALL
        ), placed AS (
          SELECT *, row_number() OVER (PARTITION BY w ORDER BY views DESC, item_id ASC NULLS FIRST) AS place
          FROM counted
        )
        SELECT w, w + 60000, place, item_id, views FROM placed WHERE place <= 3 AND w + 60000 - 1 <= $W`,
    },
  ],
  killAt: 'checkpoint.before-manifest=kill@2',
}

const uniqueVisitors: Example = {
  name: 'unique_visitors',
  source: 'page_visits',
  ...halves('visit_time', 41, 3_000, 30 * HOUR, random => ({
    user_id: random.chance(0.05) ? null : `u${random.below(700)}${random.pick(['', 'é', '\u0000', '"'])}`,
    page: random.pick(['/', '/a']),
  })),
  sinks: [
    {
      topic: 'unique_visitors',
      columns: [time('window_start'), time('window_end'), column('visitors'), column('visits')],
      oracle: `WITH r AS (
          SELECT epoch_ms(CAST(v->>'$.visit_time' AS TIMESTAMP)) AS t, v->>'$.user_id' AS user_id FROM source
        )
        SELECT day, until, count(DISTINCT user_id), count(*) FROM (
          SELECT t // ${DAY} * ${DAY} AS day,
            unnest(range(t // ${10 * MINUTE} * ${10 * MINUTE} + ${10 * MINUTE}, t // ${DAY} * ${DAY} + ${DAY} + 1, ${10 * MINUTE})) AS until,
            user_id
          FROM r
        ) WHERE until - 1 <= $W GROUP BY ALL`,
    },
  ],
  killAt: 'kafka.flush.after=kill',
}

const etlFanout: Example = {
  name: 'etl_fanout',
  source: 'access_log',
  ...halves('event_time', 51, 4_000, 4 * MINUTE, accessFields),
  sinks: [
    {
      topic: 'requests',
      columns: [time('event_time'), column('ip'), column('page'), column('status')],
      oracle: `SELECT epoch_ms(CAST(v->>'$.event_time' AS TIMESTAMP)), v->>'$.ip',
          lower(split_part(v->>'$.path', '?', 1)), v->>'$.status'
        FROM source WHERE v->>'$.ip' IS NOT NULL`,
    },
    {
      topic: 'request_errors',
      columns: [time('event_time'), column('path'), column('status')],
      oracle: `SELECT epoch_ms(CAST(v->>'$.event_time' AS TIMESTAMP)), v->>'$.path', v->>'$.status'
        FROM source WHERE CAST(v->>'$.status' AS INT) >= 500`,
    },
    {
      topic: 'status_per_minute',
      columns: [time('window_start'), column('status'), column('request_count')],
      oracle: `SELECT w, status, count(*) FROM (
          SELECT epoch_ms(CAST(v->>'$.event_time' AS TIMESTAMP)) // 60000 * 60000 AS w, v->>'$.status' AS status
          FROM source
        ) WHERE w + 60000 - 1 <= $W GROUP BY ALL`,
    },
  ],
  killAt: 'kafka.commit.before=kill',
}

export const examples: readonly Example[] = [ipCount, ipCountLate, hotItems, uniqueVisitors, etlFanout]

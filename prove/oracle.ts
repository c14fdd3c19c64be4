/**
 * What both sinks must hold: DuckDB's answer over the source records as the foreign reader read them, and its
 * comparison with what the foreign reader read from the sinks, record for record, keys and numbers of copies included.
 */
import { askOracle, type OracleTable } from '../test/support/oracle.ts'
import type { ForeignRecord } from './foreign-reader.ts'

export const sinkNames = ['totals', 'large_payments'] as const
export type SinkName = (typeof sinkNames)[number]

export interface SinkVerdict {
  readonly expected: number
  readonly lost: number
  readonly duplicated: number
  /** Records nobody expects: other values, or another key. */
  readonly wrong: number
  /** Some of what is lost, duplicated or wrong. */
  readonly examples: readonly string[]
}

const NUM_EXAMPLES = 5

const recordTable = (name: string, records: readonly ForeignRecord[]): OracleTable => ({
  name,
  columns: [
    ['partition', 'INTEGER'],
    ['key', 'VARCHAR'],
    ['value', 'JSON'],
  ],
  rows: records.map(({ partition, key, value }) => [String(partition), key, value]),
})

/** A window is there when the slowest partition's newest record, less the delay of the watermark, has passed its end. */
const expected = `
  payments AS (
    SELECT partition, CAST(value->>'id' AS BIGINT) AS id, value->>'account' AS account,
           CAST(value->>'amount' AS INTEGER) AS amount, CAST(value->>'paid_at' AS TIMESTAMP) AS paid_at
    FROM source),
  newest AS (SELECT max(paid_at) AS paid_at FROM payments GROUP BY partition),
  watermark AS (SELECT min(paid_at) - INTERVAL '1 second' AS reached FROM newest),
  windows AS (
    SELECT account, time_bucket(INTERVAL '2 seconds', paid_at) AS window_start,
           count(*) AS num_payments, sum(amount) AS total
    FROM payments GROUP BY ALL),
  expected_totals AS (
    SELECT account AS key, account, window_start, window_start + INTERVAL '2 seconds' AS window_end,
           num_payments, CAST(total AS BIGINT) AS total
    FROM windows WHERE window_start + INTERVAL '2 seconds' <= (SELECT reached FROM watermark)),
  expected_large_payments AS (
    SELECT CAST(NULL AS VARCHAR) AS key, id, account, amount FROM payments WHERE amount >= 20)`

const actual = `
  actual_totals AS (
    SELECT key, value->>'account' AS account, CAST(value->>'window_start' AS TIMESTAMP) AS window_start,
           CAST(value->>'window_end' AS TIMESTAMP) AS window_end,
           CAST(value->>'num_payments' AS BIGINT) AS num_payments, CAST(value->>'total' AS BIGINT) AS total
    FROM totals),
  actual_large_payments AS (
    SELECT key, CAST(value->>'id' AS BIGINT) AS id, value->>'account' AS account,
           CAST(value->>'amount' AS INTEGER) AS amount
    FROM large_payments)`

/** How many records each sink must hold in the end. */
export async function expectedCounts(source: readonly ForeignRecord[]): Promise<Record<SinkName, number>> {
  const counts = sinkNames.map(name => `(SELECT count(*) FROM expected_${name}) AS ${name}`).join(', ')
  const [row] = await askOracle([recordTable('source', source)], `WITH ${expected} SELECT ${counts}`)
  const [totals, large] = row!
  return { totals: Number(totals), large_payments: Number(large) }
}

const differences = sinkNames
  .map(
    name => `
  SELECT '${name}' AS sink, 'lost' AS what, to_json(d) AS example
  FROM (SELECT * FROM expected_${name} EXCEPT ALL SELECT * FROM actual_${name}) d
  UNION ALL
  SELECT '${name}', CASE WHEN EXISTS (SELECT 1 FROM expected_${name} e WHERE to_json(e) = to_json(d))
                         THEN 'duplicated' ELSE 'wrong' END, to_json(d)
  FROM (SELECT * FROM actual_${name} EXCEPT ALL SELECT * FROM expected_${name}) d`,
  )
  .join(' UNION ALL ')

export async function compareSinks(
  source: readonly ForeignRecord[],
  sinks: Readonly<Record<SinkName, readonly ForeignRecord[]>>,
): Promise<Record<SinkName, SinkVerdict>> {
  const tables = [recordTable('source', source), ...sinkNames.map(name => recordTable(name, sinks[name]))]
  const counts = await expectedCounts(source)
  const rows = await askOracle(tables, `WITH ${expected}, ${actual} ${differences}`)
  const verdictOf = (sink: SinkName): SinkVerdict => {
    const own = rows.filter(([name]) => name === sink)
    const numOf = (kind: string) => own.filter(([, what]) => what === kind).length
    return {
      expected: counts[sink],
      lost: numOf('lost'),
      duplicated: numOf('duplicated'),
      wrong: numOf('wrong'),
      examples: own.slice(0, NUM_EXAMPLES).map(([, what, example]) => `${what}: ${example}`),
    }
  }
  return { totals: verdictOf('totals'), large_payments: verdictOf('large_payments') }
}

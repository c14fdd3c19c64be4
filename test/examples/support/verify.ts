/** Compares what the sinks hold with what DuckDB computes from the same source records, record for record. */
import { expect } from 'vitest'
import { askOracle } from '../../support/oracle.ts'
import type { Example, ExpectedTopic } from './examples.ts'
import type { StoredRecord, Topics } from './topics.ts'

type Row = readonly (string | null)[]

function rowOf(value: string, { columns }: ExpectedTopic): Row {
  const object = JSON.parse(value) as Readonly<Record<string, string | number | null>>
  expect(Object.keys(object)).toEqual(columns.map(column => column.name))
  return columns.map(column => {
    const field = object[column.name]!
    if (field === null || column.time !== true) return field === null ? null : String(field)
    return String(Date.parse(`${String(field).replace(' ', 'T')}Z`))
  })
}

const sorted = (rows: readonly Row[]): string[] => rows.map(row => JSON.stringify(row)).toSorted()

/** The last value of each key; no value may repeat the one before it. */
function fold(records: readonly StoredRecord[]): string[] {
  const values = new Map<string, string>()
  for (const { key, value } of records) {
    if (key === null || value === null) throw new Error('a count of a window is never deleted')
    expect(values.get(key), `repeated update of ${key}`).not.toBe(value)
    values.set(key, value)
  }
  return [...values.values()]
}

export async function verify(topics: Topics, example: Example): Promise<void> {
  const source = await topics.read(example.source)
  expect(source).toHaveLength(example.first.length + example.second.length)
  const rows = source
    .filter(({ value }) => value !== null)
    .map(({ partition, offset, value }) => [String(partition), String(offset), value])
  const table = {
    name: 'source',
    columns: [
      ['part', 'INTEGER'],
      ['off', 'BIGINT'],
      ['v', 'JSON'],
    ] as const,
    rows,
  }
  for (const sink of example.sinks) {
    const query = sink.oracle.replaceAll('$W', String(example.lastWatermark))
    const expected = sorted(await askOracle([table], query))
    expect(expected.length).toBeGreaterThan(10)
    const records = await topics.read(sink.topic)
    const values = example.foldByKey === true ? fold(records) : records.map(({ value }) => value!)
    if (example.foldByKey === true) expect(records.length).toBeGreaterThan(values.length)
    expect(sorted(values.map(value => rowOf(value, sink)))).toEqual(expected)
  }
}

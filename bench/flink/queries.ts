/** The three queries: what they read, and how far ahead of the others Millrace has to be. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { accessLogRecord, evenly } from '../access-log.ts'
import { bidRecord } from './bids.ts'
import type { ContenderName } from './contenders.ts'

export interface Target {
  readonly against: ContenderName
  /** `memory` is ours divided by theirs, the others theirs in terms of ours. */
  readonly figure: 'whole process' | 'warmed up' | 'memory'
  readonly limit: number
}

export interface Query {
  readonly name: string
  readonly title: string
  readonly record: (n: number) => string
  readonly targets: readonly Target[]
}

const folder = join(import.meta.dirname, 'sql')

export const sqlFile = (query: Query): string => join(folder, `${query.name}.sql`)
export const sqlOf = (query: Query): string => readFileSync(sqlFile(query), 'utf8')

export const queries: readonly Query[] = [
  {
    name: 'ip-count',
    title: 'count per IP and 5 s window: 10,000 IPs, one row out for five in',
    record: n => accessLogRecord(n, evenly(n)),
    targets: [
      { against: 'flink', figure: 'whole process', limit: 10 },
      { against: 'flink', figure: 'warmed up', limit: 8 },
      { against: 'flink', figure: 'memory', limit: 1 / 5 },
      { against: 'kafkajs', figure: 'whole process', limit: 8 },
    ],
  },
  {
    name: 'filter',
    title: 'one bid in 123 passes',
    record: bidRecord,
    targets: [
      { against: 'flink', figure: 'whole process', limit: 10 },
      { against: 'flink', figure: 'memory', limit: 1 / 3 },
    ],
  },
  {
    name: 'projection',
    title: 'every bid cut down to three columns',
    record: bidRecord,
    targets: [
      { against: 'flink', figure: 'whole process', limit: 5 },
      { against: 'flink', figure: 'memory', limit: 1 / 3 },
    ],
  },
]

/** The wall clock may be set at any time, so it says what time it is and never how long something took. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { aggregateEnvironment, continueArrivals } from '../../src/runtime/aggregates/aggregate-environment.ts'

const src = resolve(import.meta.dirname, '../../src')

/** File → lines that mean the time of day. */
const wallClock = {
  'checkpoint/checkpoint-store.ts': ['new Date().toISOString()'],
  'checkpoint/coordinator.ts': ['createdAt: new Date()', 'lastCheckpointCompletedTimestamp = Date.now()'],
  'checkpoint/lease.ts': ['startedAt: new Date()'],
  'connectors/kafka/sink/kafka-writer.ts': ['const now = Date.now()'],
  'connectors/kafka/transaction/recovery.ts': ['const age = Date.now()'],
  'connectors/kafka/transaction/transaction.ts': ['this.startedAt = Date.now()'],
  'connectors/kafka/transport/kafkajs.ts': ['this.throttledUntil > Date.now()'],
  'runtime/aggregates/aggregate-environment.ts': ['let arrivals = Date.now()'],
  'runtime/job/attempt.ts': ['lastCheckpointRestoreTimestamp = Date.now()'],
} as const satisfies Record<string, readonly string[]>

test('checkpoints, Kafka and runtime read the wall clock only where the time of day is meant', () => {
  const found: string[] = []
  for (const folder of ['checkpoint', 'connectors/kafka', 'runtime', 'state'])
    for (const entry of readdirSync(join(src, folder), { recursive: true, encoding: 'utf8' })) {
      if (!entry.endsWith('.ts')) continue
      const file = join(folder, entry)
      const allowed: readonly string[] = (wallClock as Record<string, readonly string[]>)[file] ?? []
      for (const line of readFileSync(join(src, file), 'utf8').split('\n'))
        if (/Date\.now\(\)|new Date\(\)/.test(line) && !allowed.some(text => line.includes(text)))
          found.push(`${file}: ${line.trim()}`)
    }
  expect(found).toEqual([])
})

test('numbers of arrival go on above those of restored state, wherever the clock stands', () => {
  const ahead = aggregateEnvironment.nextArrival() + 3_600_000 * 1024
  continueArrivals(ahead)
  expect(aggregateEnvironment.nextArrival()).toBeGreaterThan(ahead)
  continueArrivals(5)
  expect(aggregateEnvironment.nextArrival()).toBeGreaterThan(ahead + 1)
})

/**
 * What one idle job costs in memory: `millrace run` from an empty Kafka topic into another, resident bytes ten seconds
 * after it runs. `npm run bench -- memory`; see bench/broker.ts for the broker.
 */
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { benchBroker, makeTopics } from './broker.ts'
import { Engine } from './engine.ts'
import type { Figure, FigureBenchmark } from './harness.ts'

const SETTLE_MS = 10_000

const sources = {
  filter: 'SELECT ip FROM source WHERE status = 200',
  'count per key and window':
    "SELECT ip FROM TABLE(TUMBLE(TABLE source, DESCRIPTOR(ts), INTERVAL '5' SECOND)) GROUP BY ip, window_start, window_end HAVING COUNT(*) > 0",
} as const

const sqlOf = (bootstrap: string, query: string) => `SET 'execution.checkpointing.interval' = '1 s';
CREATE TABLE source (ts TIMESTAMP(3), ip STRING, status INT, WATERMARK FOR ts AS ts - INTERVAL '5' SECOND) WITH (
  'connector' = 'kafka', 'topic' = 'memory-in', 'properties.bootstrap.servers' = '${bootstrap}',
  'scan.startup.mode' = 'earliest-offset', 'format' = 'json');
CREATE TABLE sink (ip STRING) WITH ('connector' = 'kafka', 'topic' = 'memory-out', 'format' = 'json',
  'properties.bootstrap.servers' = '${bootstrap}', 'sink.delivery-guarantee' = 'exactly-once',
  'sink.transactional-id-prefix' = 'memory', 'properties.transaction.timeout.ms' = '60000');
INSERT INTO sink ${query};
`

/** Resident bytes of a process, as the kernel counts them (Linux). */
export function residentBytesOf(pid: number): number {
  const kilobytes = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kilobytes) * 1024
}

export const memory: FigureBenchmark = {
  kind: 'figures',
  name: 'memory',
  title: 'resident memory of `millrace run` on an empty Kafka topic, after 10 s',
  async figures() {
    await using broker = await benchBroker()
    const figures: Figure[] = []
    for (const [name, query] of Object.entries(sources)) {
      await makeTopics(broker.bootstrap, ['memory-in', 'memory-out'], 3)
      await using engine = await Engine.start(sqlOf(broker.bootstrap, query))
      await sleep(SETTLE_MS)
      figures.push({ name, value: residentBytesOf(engine.pid) / 1e6, unit: 'MB' })
    }
    return figures
  },
}

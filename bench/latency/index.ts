/**
 * From the moment a record is sent to the source topic to the moment a read_committed consumer has it from the sink
 * topic, at a low rate, through an unbounded filter. `npm run bench -- latency`; see bench/broker.ts for the broker.
 */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { benchBroker, makeTopics } from '../broker.ts'
import { Engine } from '../engine.ts'
import type { Figure, FigureBenchmark } from '../harness.ts'
import { quantile } from '../statistics.ts'

const RATE = 1_000
const SECONDS = 30
const WARM_UP_SECONDS = 5
const NUM_PARTITIONS = 3

interface Mode {
  readonly name: string
  readonly settings: string
  readonly sinkOptions: string
}

const modes: readonly Mode[] = [
  {
    name: 'at-least-once',
    settings: "SET 'execution.checkpointing.interval' = '1 s';",
    sinkOptions: "'sink.delivery-guarantee' = 'at-least-once'",
  },
  {
    name: 'exactly-once, checkpoints every 200 ms',
    settings: "SET 'execution.checkpointing.interval' = '200 ms';",
    sinkOptions:
      "'sink.delivery-guarantee' = 'exactly-once', 'sink.transactional-id-prefix' = 'latency', 'properties.transaction.timeout.ms' = '60000'",
  },
]

const sqlOf = (
  bootstrap: string,
  source: string,
  sink: string,
  { settings, sinkOptions }: Mode,
) => `${settings}
CREATE TABLE source (id BIGINT, keep BOOLEAN, payload STRING) WITH ('connector' = 'kafka', 'topic' = '${source}',
  'properties.bootstrap.servers' = '${bootstrap}', 'scan.startup.mode' = 'earliest-offset', 'format' = 'json');
CREATE TABLE sink (id BIGINT, payload STRING) WITH ('connector' = 'kafka', 'topic' = '${sink}',
  'properties.bootstrap.servers' = '${bootstrap}', 'format' = 'json', ${sinkOptions});
INSERT INTO sink SELECT id, payload FROM source WHERE keep;
`

function probe(args: readonly (string | number)[]): Promise<readonly number[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'probe.ts'), ...args.map(String)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let output = ''
    child.stdout.on('data', chunk => (output += chunk))
    child.on('close', code =>
      code === 0 ? resolve(JSON.parse(output) as number[]) : reject(new Error('the probe failed')),
    )
  })
}

export const latency: FigureBenchmark = {
  kind: 'figures',
  name: 'latency',
  title: `${RATE} records/s through a filter, from one topic to another: send to read_committed receipt`,
  async figures() {
    await using broker = await benchBroker()
    const figures: Figure[] = []
    for (const [i, mode] of modes.entries()) {
      const [source, sink] = [`latency-in-${i}`, `latency-out-${i}`]
      await makeTopics(broker.bootstrap, [source, sink], NUM_PARTITIONS)
      await using _engine = await Engine.start(sqlOf(broker.bootstrap, source, sink, mode))
      const latencies = await probe([broker.bootstrap, source, sink, RATE, SECONDS, WARM_UP_SECONDS])
      for (const [name, q] of [
        ['p50', 0.5],
        ['p90', 0.9],
        ['p99', 0.99],
        ['max', 1],
      ] as const)
        figures.push({ name: `${mode.name}: ${name}`, value: quantile(latencies, q), unit: 'ms' })
    }
    return figures
  },
}

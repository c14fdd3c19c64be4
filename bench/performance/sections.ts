/** The sections of docs/performance.md. One whose results are not there is left out. */
import type { ContenderResult, QueryResult, Ratio } from '../flink/results.ts'
import { shown, spreadText } from '../print.ts'
import type { Spread } from '../statistics.ts'
import { barChart } from './charts.ts'
import { checkpoint, growth } from './growth.ts'
import { command, type MakeSection, table } from './section.ts'

const millions = (value: number): string => `${(value / 1e6).toFixed(2)} M`
const megabytes = (value: number): string => `${shown(value / 1e6)} MB`
const spread = (ratio: Spread): string => `× ${shown(ratio.median)}${spreadText(ratio)}`

const engine: MakeSection = results => {
  const measurements = results.measurements('ip-count')
  if (measurements === undefined) return null
  const bars = measurements.map(m => ({
    label: m.contender,
    value: m.recordsPerCpuSecond,
    text: millions(m.recordsPerCpuSecond),
    isOurs: m.contender === 'millrace',
  }))
  const rows = measurements.map(m => [
    m.contender,
    millions(m.recordsPerCpuSecond),
    String(Math.round(m.cpuSecondsPerMillion * 1000)),
    m.peakMemoryBytes === null ? '' : megabytes(m.peakMemoryBytes),
    spread(m.ratio),
  ])
  const others = results.measurements('other-queries')
  const kept =
    others === undefined
      ? ''
      : `\n\nAfter ten other queries of other types have run in the process, the engine keeps ${Math.round((others[3]!.ratio.median / others[1]!.ratio.median) * 100)} % of its ratio (\`npm run bench -- other-queries\`).`
  return {
    heading: 'The engine alone, one core',
    text: `Kafka record batches in memory, JSON records of about 165 bytes, are counted per IP and 5 s window, and the rows encoded
into sink batches. The baseline is what one writes first: kafkajs' record decoder, \`JSON.parse\` and a \`Map\`
(\`bench/baseline/ip-count.ts\`). The ceiling is a loop written by hand for this one query on the engine's kernels
(\`bench/ceiling/ip-count.ts\`). Memory is what two passes add to the process.

![Records per CPU second](performance/engine.svg)

${table(['', 'records per CPU second', 'ns a record', 'memory', 'ratio'], rows)}

${command(['ip-count'], results.origin(['ip-count']))}${kept}`,
    charts: { engine: barChart('Records per CPU second, engine alone', bars) },
  }
}

const stages: MakeSection = results => {
  const measurements = results.measurements('stages')
  if (measurements === undefined) return null
  let before = 0
  const costs = measurements.map(({ contender, cpuSecondsPerMillion }) => {
    const cost = cpuSecondsPerMillion * 1000 - before
    before = cpuSecondsPerMillion * 1000
    return { label: contender, value: Math.max(0, cost), text: `${Math.round(cost)} ns` }
  })
  return {
    heading: 'Where a record spends its time',
    text: `Pipelines that end one stage later each; a stage costs what its pipeline costs more than the one before.

![Nanoseconds of each stage](performance/stages.svg)

${command(['stages'], results.origin(['stages']))}`,
    charts: { stages: barChart(`Nanoseconds a record, ${Math.round(before)} together`, costs) },
  }
}

const kernelNames = [
  'json-scan',
  'json-scan-all',
  'json-encode',
  'record-decode',
  'record-encode',
  'crc',
  'utf8',
  'parse-bigint',
  'parse-double',
  'parse-timestamp',
  'print-bigint',
  'print-timestamp',
  'key-hash',
  'string-equality',
]

const kernels: MakeSection = results => {
  const names = kernelNames.filter(name => results.measurements(name) !== undefined)
  if (names.length === 0) return null
  const rows = names.flatMap(name =>
    results
      .measurements(name)!
      .map((m, i) => [
        i === 0 ? `\`${name}\`: ${results.title(name)}` : '',
        m.contender,
        shown((m.bytesPerCpuSecond ?? 0) / 1e6),
        `× ${shown(m.ratio.median)}`,
      ]),
  )
  return {
    heading: 'Kernels',
    text: `Megabytes per CPU second of each kernel beside its plain twin; the ratio is to the first of each group. Single values
have no WebAssembly kernel of their own: "in JSON" is a record with that one field, of which only the value's bytes count.

${table(['', '', 'MB/s', 'ratio'], rows)}

${command(names, results.origin(names))}`,
    charts: {},
  }
}

const oddNames = [
  'odd-repeated-key',
  'odd-escape',
  'odd-order',
  'odd-nesting',
  'odd-timestamp',
  'odd-number',
  'odd-utf8',
]

const oddRecords: MakeSection = results => {
  const names = oddNames.filter(name => results.measurements(name) !== undefined)
  if (names.length === 0) return null
  const ns = (name: string) =>
    results.measurements(name)!.map(m => String(Math.round(m.cpuSecondsPerMillion * 1000)))
  const what = (name: string) => results.title(name).replace(/^.* some have /, '')
  return {
    heading: 'Odd records',
    text: `A record that the fast path does not understand takes the exact path, and no other does. Nanoseconds a record when so
many of the records are odd:

${table(
  ['records with …', '0 %', '1 %', '10 %', '100 %'],
  names.map(name => [what(name), ...ns(name)]),
)}

${command(names, results.origin(names))}`,
    charts: {},
  }
}

function contenderRow(c: ContenderResult): readonly string[] {
  return [
    c.name,
    Math.round(c.perCpuSecond).toLocaleString('en'),
    Math.round(c.warmPerCpuSecond).toLocaleString('en'),
    megabytes(c.peakBytes),
  ]
}

function ratioText(ratio: Ratio): string {
  const { target, median, min, max, isReached } = ratio
  const isMemory = target.figure === 'memory'
  const part = (value: number) => `1/${shown(1 / value)}`
  const measured = isMemory ? `${part(median)} (${part(min)} to ${part(max)})` : spread(ratio)
  const goal = isMemory ? part(target.limit) : `× ${target.limit}`
  return `${target.figure}, against ${target.against}: ${measured}; the goal is ${goal}${isReached ? '' : ', which is missed'}.`
}

function queryText({ name, title, numRecords, contenders, ratios }: QueryResult): string {
  return `**${name}**: ${title}; ${numRecords.toLocaleString('en')} records.

${table(['', 'records per CPU second', 'warmed up', 'peak memory'], contenders.map(contenderRow))}

${ratios.map(ratio => `- ${ratioText(ratio)}`).join('\n')}`
}

const flink: MakeSection = results => {
  const measured = results.flink
  if (measured === undefined || measured.queries.length === 0) return null
  const bars = measured.queries.flatMap(({ name, contenders }) =>
    contenders.map(c => ({
      label: `${name}, ${c.name}`,
      value: c.perCpuSecond,
      text: Math.round(c.perCpuSecond).toLocaleString('en'),
      isOurs: c.name === 'millrace',
    })),
  )
  return {
    heading: 'End to end, exactly once, beside Apache Flink',
    text: `From topic to topic of an Apache Kafka ${measured.kafka}, exactly once, the broker on one core and the contender on the other;
the same .sql file for both engines (\`bench/flink/sql\`), Flink in one JVM with the settings in \`bench/flink/config\`, and
a careful program by hand on kafkajs. The rows of all are compared byte for byte. CPU time is that of the whole process, its
start included; the warmed-up rate leaves the first third out.

![Records per CPU second, end to end](performance/flink.svg)

${measured.queries.map(queryText).join('\n\n')}

\`npm run bench:flink\` (${results.flinkOrigin})`,
    charts: { flink: barChart('Records per CPU second of the whole process', bars) },
  }
}

/** A table of figures as they are. */
const plain =
  (name: string, heading: string, text: string): MakeSection =>
  results => {
    const figures = results.figures(name)
    if (figures === undefined) return null
    const rows = figures.map(({ name: what, at, value, unit, spread: range }) => [
      at === undefined ? what : `${what}, ${at.toLocaleString('en')}`,
      `${shown(value)} ${unit}${spreadText(range)}`,
    ])
    return {
      heading,
      text: `${text}\n\n${table(['', ''], rows)}\n\n${command([name], results.origin([name]))}`,
      charts: {},
    }
  }

const threads = plain(
  'threads',
  'Threads',
  `The IP count with parallelism 2 in two worker threads, against one thread on one core: the rate in the middle of a
pass of 9.6 M records, after 16 such passes; the median of five rounds.`,
)

export const sections: readonly MakeSection[] = [
  flink,
  engine,
  stages,
  kernels,
  oddRecords,
  growth,
  checkpoint,
  threads,
  plain(
    'startup',
    'Start',
    'From the start of the process to the first byte of its answer; the median of 15.',
  ),
  plain(
    'latency',
    'Latency',
    'From the send of a record to its receipt by a read_committed consumer of the sink topic, 1,000 records/s.',
  ),
  plain('memory', 'Memory of an idle job', 'Resident memory of `millrace run` on an empty Kafka topic.'),
  plain('idle-jobs', 'Idle jobs', 'A thousand idle jobs in one process.'),
  plain(
    'event-loop',
    'The host’s event loop',
    'How long an embedded job at full load holds the event loop of its host.',
  ),
]

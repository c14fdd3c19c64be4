/** The command line of `npm run prove`. */
import { parseArgs } from 'node:util'
import { wholeNumber } from '../harness/command-line.ts'

export interface ProveOptions {
  /** `dev`, `3.9`, `4.x` or `HOST:PORT`. */
  readonly broker: string
  /** How many of them, for random kills: 1 or 3. */
  readonly brokers: number
  readonly seed: number
  /** Random kills to deal; 0 = the scenarios. */
  readonly kills: number
  /** A safeguard to switch off, or `all`; undefined = the proof itself. */
  readonly mutate: string | undefined
  /** The report as a Markdown file. */
  readonly report: string | undefined
  /** The part that fits into CI. */
  readonly short: boolean
  /** Every first point with every recovery point. */
  readonly allPairs: boolean
  /** Only scenarios whose `family/name` holds this text. */
  readonly only: string | undefined
  /** Worker threads of the job, which then has a parallelism of 2 and windows of two phases; 0 = as its file says. */
  readonly threads: number
  /** Trials at a time. */
  readonly width: number
}

export const usage = `npm run prove -- [options]

  --broker NAME   dev (default), 3.9, 4.x, or HOST:PORT of a cluster of yours
  --kills N       N kills at random moments instead, among them zombies, slow brokers and stops
  --brokers 3     with --kills, on 3.9 or 4.x: three brokers, killed one at a time
  --seed N        other records, other random kills (default 1)
  --mutate NAME   switch a safeguard off and show what catches it; 'all' takes one after another
  --report FILE   write the report there, as Markdown
  --short         a third of the crash matrix and a part of the rest, for CI; the seed says which
  --all-pairs     kill at every step and again at every step of recovery; takes hours
  --only TEXT     only scenarios whose family or name holds TEXT
  --threads N     the job at parallelism 2 in N worker threads, its windows with a local phase
  --width N       trials at a time (default 4, and 3 on Apache Kafka)`

/** Undefined when help was asked for. Throws on options it does not know. */
export function parseOptions(args: readonly string[]): ProveOptions | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      broker: { type: 'string', default: 'dev' },
      kills: { type: 'string', default: '0' },
      seed: { type: 'string', default: '1' },
      brokers: { type: 'string', default: '1' },
      mutate: { type: 'string' },
      report: { type: 'string' },
      short: { type: 'boolean', default: false },
      'all-pairs': { type: 'boolean', default: false },
      only: { type: 'string' },
      threads: { type: 'string', default: '0' },
      width: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) return undefined
  if (values.brokers !== '1' && (values.brokers !== '3' || values.kills === '0'))
    throw new Error(`--brokers ${values.brokers}: 1, or together with --kills 3`)
  return {
    broker: values.broker,
    kills: wholeNumber('kills', values.kills, 0),
    seed: wholeNumber('seed', values.seed, 0),
    brokers: wholeNumber('brokers', values.brokers, 1),
    mutate: values.mutate,
    report: values.report,
    short: values.short,
    allPairs: values['all-pairs'],
    only: values.only,
    threads: wholeNumber('threads', values.threads, 0),
    width: wholeNumber('width', values.width ?? (values.broker === 'dev' ? '4' : '3'), 1),
  }
}

/** What `--threads` adds to the job's command line. */
export const threadArgs = ({ threads }: Pick<ProveOptions, 'threads'>): readonly string[] =>
  threads === 0
    ? []
    : [
        `millrace.threads=${threads}`,
        'parallelism.default=2',
        'table.optimizer.agg-phase-strategy=TWO_PHASE',
      ].flatMap(setting => ['-D', setting])

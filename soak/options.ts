/** The command line of `npm run soak`. */
import { parseArgs } from 'node:util'

/** What is broken on purpose: the soak must then fail. */
const mutations = ['leak', 'no-ttl'] as const
export type Mutation = (typeof mutations)[number]

export interface SoakOptions {
  readonly minutes: number
  readonly seed: number
  /** Records per second. */
  readonly rate: number
  /** Where report.html and report.json are written. */
  readonly report: string
  /** `dev`, `3.9`, `4.x` or `HOST:PORT`. */
  readonly broker: string
  readonly mutate: Mutation | undefined
}

export const usage = `npm run soak -- [options]

  --minutes N     how long records are written (default 60)
  --seed N        other records, other moments of the kills (default 1)
  --rate N        records per second (default 3000)
  --report DIR    where report.html and report.json go (default: a folder in the temporary directory)
  --broker NAME   dev (default, a process of its own), 3.9, 4.x, or HOST:PORT of a cluster of yours
  --mutate NAME   ${mutations.join(' | ')}: let the job leak memory and files, or keep its state for ever; the soak must then fail`

function positive(name: string, text: string, isWhole: boolean): number {
  const value = Number(text)
  if (!(value > 0) || (isWhole && !Number.isInteger(value)))
    throw new Error(`--${name} must be a positive ${isWhole ? 'whole ' : ''}number, not '${text}'`)
  return value
}

/** Undefined when help was asked for. Throws on options it does not know. */
export function parseOptions(args: readonly string[], defaultReport: () => string): SoakOptions | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: 'string', default: '60' },
      seed: { type: 'string', default: '1' },
      rate: { type: 'string', default: '3000' },
      report: { type: 'string' },
      broker: { type: 'string', default: 'dev' },
      mutate: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) return undefined
  const mutate = mutations.find(name => name === values.mutate)
  if (values.mutate !== undefined && mutate === undefined)
    throw new Error(`--mutate ${values.mutate}: one of ${mutations.join(', ')} is wanted`)
  return {
    minutes: positive('minutes', values.minutes, false),
    seed: positive('seed', values.seed, true),
    rate: positive('rate', values.rate, true),
    report: values.report ?? defaultReport(),
    broker: values.broker,
    mutate,
  }
}

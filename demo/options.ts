/** The demo's command line: `npm run demo -- [--bootstrap HOST:PORT] [--force] [--seed N] [--mutate NAME] …`. */
import { parseArgs } from 'node:util'

export interface DemoOptions {
  /** A real cluster; absent = the dev broker in this process. */
  readonly bootstrap: string | undefined
  /** Allows topics that hold records already: they are deleted and made anew. */
  readonly force: boolean
  readonly seed: number
  /** Seconds of traffic. */
  readonly seconds: number
  /** Records per second. */
  readonly rate: number
  /** Safeguards to switch off in the job (MILLRACE_MUTATE); the demo must then fail. */
  readonly mutate: string | undefined
}

export const usage = `npm run demo -- [options]

  --bootstrap HOST:PORT  run on this Kafka cluster instead of the dev broker
  --force                delete and re-create ip_count_source and ip_count_sink if they hold records
  --seed N               another traffic (default 1)
  --seconds N            how long traffic is written (default 20)
  --rate N               records per second (default 3000)
  --mutate NAME          switch a safeguard off in the job, e.g. no-resume; the demo must then fail`

function positive(name: string, text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value <= 0)
    throw new Error(`--${name} must be a positive whole number, not '${text}'`)
  return value
}

/** Undefined when help was asked for. Throws on options it does not know. */
export function parseOptions(args: readonly string[]): DemoOptions | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      bootstrap: { type: 'string' },
      force: { type: 'boolean', default: false },
      seed: { type: 'string', default: '1' },
      seconds: { type: 'string', default: '20' },
      rate: { type: 'string', default: '3000' },
      mutate: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) return undefined
  return {
    bootstrap: values.bootstrap,
    force: values.force,
    seed: positive('seed', values.seed),
    seconds: positive('seconds', values.seconds),
    rate: positive('rate', values.rate),
    mutate: values.mutate,
  }
}

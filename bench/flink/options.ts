/** The command line of `npm run bench:flink`. */
import { parseArgs } from 'node:util'
import { wholeNumber } from '../../harness/command-line.ts'
import { type ContenderName, contenderNames } from './contenders.ts'
import { type Query, queries } from './queries.ts'

export interface Options {
  readonly numRecords: number
  readonly rounds: number
  readonly queries: readonly Query[]
  readonly contenders: readonly ContenderName[]
  /** Where the results go; null = only printed. */
  readonly json: string | null
}

export const usage = `npm run bench:flink -- [options]

  --records N         records of the long run (default 6000000); the short run reads a third
  --rounds N          contenders take turns this often (default 3)
  --only QUERY        ${queries.map(({ name }) => name).join(', ')}; several with commas (default all)
  --contenders LIST   ${contenderNames.join(', ')}; several with commas (default all)
  --json FILE|DIR/    write the results there; queries in it that were not run now are kept`

function chosen<T>(
  option: string,
  text: string | undefined,
  all: readonly T[],
  nameOf: (one: T) => string,
): T[] {
  if (text === undefined) return [...all]
  return text.split(',').map(name => {
    const found = all.find(one => nameOf(one) === name)
    if (found === undefined) throw new Error(`--${option} ${name}: there are ${all.map(nameOf).join(', ')}`)
    return found
  })
}

/** Undefined when help was asked for. Throws on options it does not know. */
export function parseOptions(args: readonly string[]): Options | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      records: { type: 'string', default: '6000000' },
      rounds: { type: 'string', default: '3' },
      only: { type: 'string' },
      contenders: { type: 'string' },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return undefined
  return {
    numRecords: wholeNumber('records', values.records, 30_000),
    rounds: wholeNumber('rounds', values.rounds, 1),
    queries: chosen('only', values.only, queries, ({ name }) => name),
    contenders: chosen('contenders', values.contenders, contenderNames, name => name),
    json: values.json ?? null,
  }
}

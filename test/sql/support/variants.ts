/** The ways each query is run: its answer must not depend on any of them. */
export interface Variant {
  readonly name: string
  readonly parallelism: number
  readonly rowsPerBatch: number
  /** Checkpoints, and failures at points of this seed. */
  readonly chaosSeed?: number
  /** Windows are aggregated before the exchange as well. */
  readonly twoPhases?: boolean
  /** Operators run in worker threads; the tables stay in this one. */
  readonly threads?: number
  /** Stops with a savepoint when so many elements of every split were read, and goes on at another parallelism. */
  readonly stops?: readonly { readonly elements: number; readonly parallelism: number }[]
}

export const variants: readonly Variant[] = [
  { name: 'plain', parallelism: 1, rowsPerBatch: 1024 },
  { name: 'tiny', parallelism: 1, rowsPerBatch: 1 },
  { name: 'parallel2', parallelism: 2, rowsPerBatch: 1024 },
  { name: 'parallel3', parallelism: 3, rowsPerBatch: 1, twoPhases: true },
  { name: 'crashes1', parallelism: 1, rowsPerBatch: 1, chaosSeed: 1 },
  { name: 'crashes2', parallelism: 2, rowsPerBatch: 2, chaosSeed: 2 },
  { name: 'threads', parallelism: 2, rowsPerBatch: 2, threads: 2 },
  { name: 'threads-crashes', parallelism: 3, rowsPerBatch: 2, chaosSeed: 3, threads: 2, twoPhases: true },
  {
    name: 'rescaled',
    parallelism: 2,
    rowsPerBatch: 2,
    twoPhases: true,
    stops: [
      { elements: 2, parallelism: 1 },
      { elements: 5, parallelism: 3 },
    ],
  },
]

/** SQL_SEEDS=20 adds twenty more runs with crashes per query, for a longer search. */
export const extraVariants: readonly Variant[] = Array.from(
  { length: Number(process.env['SQL_SEEDS'] ?? 0) },
  (_, i) => ({
    name: `crashes${i + 3}`,
    parallelism: (i % 3) + 1,
    rowsPerBatch: (i % 2) + 1,
    chaosSeed: i + 3,
    twoPhases: i % 2 === 1,
  }),
)

export const configOf = ({
  parallelism,
  chaosSeed,
  stops,
  threads = 0,
  twoPhases = false,
}: Variant): Readonly<Record<string, string>> => ({
  'millrace.threads': String(threads),
  'parallelism.default': String(parallelism),
  'table.optimizer.agg-phase-strategy': twoPhases ? 'TWO_PHASE' : 'ONE_PHASE',
  ...(stops === undefined ? {} : { 'execution.checkpointing.interval': '1 h' }),
  ...(chaosSeed === undefined
    ? {}
    : {
        'execution.checkpointing.interval': '3 ms',
        'restart-strategy.type': 'fixed-delay',
        'restart-strategy.fixed-delay.attempts': '100',
        'restart-strategy.fixed-delay.delay': '0 ms',
      }),
})

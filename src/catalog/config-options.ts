/**
 * Every key SET knows: those the engine honours, and those it knowingly accepts although they have nothing to
 * act on here (`effect`). A key that is not in this table is an error, so that a misspelt setting is never silent.
 * docs/configuration.md is generated from it. Sources: Flink's configuration pages, and the SQL options page.
 */
import type { OptionSpec } from './option-spec.ts'

export interface ConfigOption extends OptionSpec {
  /** `honoured`, or why setting it changes nothing; the session prints that as a notice. */
  readonly effect: 'honoured' | string
  /** Not in Flink: marked by EXPLAIN and `millrace check`. */
  readonly extension?: boolean
}

type Extra = Partial<Pick<ConfigOption, 'values' | 'effect' | 'extension' | 'secret'>>

const option = (
  key: string,
  type: OptionSpec['type'],
  initial: string | undefined,
  doc: string,
  extra: Extra = {},
): ConfigOption => ({
  key,
  type,
  ...(initial === undefined ? {} : { default: initial }),
  doc,
  effect: 'honoured',
  ...extra,
})

const oneProcess = 'has no meaning in one process'
const streamingOnly = 'steers an optimization this planner does not have'
const notYet = 'waits for a feature that is not supported yet'
const checkpointing = (
  key: string,
  type: OptionSpec['type'],
  initial: string | undefined,
  doc: string,
  extra: Extra = {},
) => option(`execution.checkpointing.${key}`, type, initial, doc, extra)

const checkpointOptions: readonly ConfigOption[] = [
  checkpointing('interval', 'duration', undefined, 'Time between checkpoints; unset or 0 = off.'),
  checkpointing('mode', 'enum', 'EXACTLY_ONCE', 'Barriers are aligned (EXACTLY_ONCE) or not.', {
    values: ['EXACTLY_ONCE', 'AT_LEAST_ONCE'],
    effect: 'is always EXACTLY_ONCE: barriers are aligned',
  }),
  checkpointing('timeout', 'duration', '10 min', 'A checkpoint that takes longer is given up.'),
  checkpointing(
    'min-pause',
    'duration',
    '0 ms',
    'Least time between the end of one checkpoint and the next.',
  ),
  checkpointing('max-concurrent-checkpoints', 'integer', '1', 'Checkpoints in flight.', {
    effect: 'is always 1',
  }),
  checkpointing(
    'tolerable-failed-checkpoints',
    'integer',
    '0',
    'Failed checkpoints in a row before the job fails.',
  ),
  checkpointing(
    'externalized-checkpoint-retention',
    'enum',
    'RETAIN_ON_CANCELLATION',
    'Whether the newest checkpoint outlives a cancelled job. Flink deletes it by default; we keep it.',
    { values: ['RETAIN_ON_CANCELLATION', 'DELETE_ON_CANCELLATION', 'NO_EXTERNALIZED_CHECKPOINTS'] },
  ),
  checkpointing('num-retained', 'integer', '1', 'Completed checkpoints to keep.'),
  checkpointing('dir', 'string', undefined, 'Directory of checkpoints; default <state-dir>/<job>.'),
  checkpointing('savepoint-dir', 'string', undefined, 'Directory of savepoints.', {
    effect: 'is ignored: savepoints lie beside the checkpoints of their job',
  }),
  checkpointing('storage', 'string', undefined, 'Kind of checkpoint storage.', {
    effect: 'is always the file system',
  }),
  checkpointing('create-subdir', 'boolean', 'true', 'A folder per job under the directory.', {
    effect: 'is always on',
  }),
  checkpointing('incremental', 'boolean', 'false', 'Write changes only.', { effect: 'snapshots are full' }),
  checkpointing('unaligned.enabled', 'boolean', 'false', 'Barriers overtake rows in flight.', {
    effect: 'barriers are aligned',
  }),
  checkpointing('unaligned.forced', 'boolean', 'false', 'As in Flink.', { effect: 'barriers are aligned' }),
  checkpointing('unaligned.interruptible-timers.enabled', 'boolean', 'false', 'As in Flink.', {
    effect: 'barriers are aligned',
  }),
  checkpointing('aligned-checkpoint-timeout', 'duration', '0 ms', 'As in Flink.', {
    effect: 'barriers are aligned',
  }),
  checkpointing(
    'checkpoints-after-tasks-finish',
    'boolean',
    'true',
    'Checkpoints go on when some sources have ended.',
    { effect: 'is always on' },
  ),
  checkpointing('interval-during-backlog', 'duration', undefined, 'As in Flink.', {
    effect: 'is ignored: sources report no backlog',
  }),
  checkpointing('snapshot-compression', 'boolean', 'false', 'As in Flink.', {
    effect: 'is ignored: the snapshot format decides',
  }),
  checkpointing('data-inline-threshold', 'memory', '20 kb', 'State up to this size goes into the manifest.'),
  checkpointing('write-buffer-size', 'integer', '4096', 'As in Flink.', { effect: oneProcess }),
  checkpointing('cleaner.parallel-mode', 'boolean', 'true', 'As in Flink.', { effect: oneProcess }),
  checkpointing('local-backup.enabled', 'boolean', 'false', 'As in Flink.', { effect: oneProcess }),
  checkpointing('file-merging.enabled', 'boolean', 'false', 'As in Flink.', { effect: oneProcess }),
]

const restartOptions: readonly ConfigOption[] = [
  option(
    'restart-strategy.type',
    'enum',
    undefined,
    'What happens after a retriable failure. Default: exponential-delay with checkpointing, none without.',
    {
      values: [
        'none',
        'off',
        'disable',
        'fixed-delay',
        'fixeddelay',
        'failure-rate',
        'failurerate',
        'exponential-delay',
        'exponentialdelay',
      ],
    },
  ),
  option('restart-strategy.fixed-delay.attempts', 'integer', '1', 'Restarts before the job fails.'),
  option('restart-strategy.fixed-delay.delay', 'duration', '1 s', 'Wait before each restart.'),
  option(
    'restart-strategy.failure-rate.max-failures-per-interval',
    'integer',
    '1',
    'Failures per interval before the job fails.',
  ),
  option('restart-strategy.failure-rate.failure-rate-interval', 'duration', '1 min', 'The interval.'),
  option('restart-strategy.failure-rate.delay', 'duration', '1 s', 'Wait before each restart.'),
  option('restart-strategy.exponential-delay.initial-backoff', 'duration', '1 s', 'First wait.'),
  option('restart-strategy.exponential-delay.max-backoff', 'duration', '1 min', 'Longest wait.'),
  option('restart-strategy.exponential-delay.backoff-multiplier', 'string', '1.5', 'Growth of the wait.'),
  option('restart-strategy.exponential-delay.jitter-factor', 'string', '0.1', 'Random share of the wait.'),
  option(
    'restart-strategy.exponential-delay.reset-backoff-threshold',
    'duration',
    '1 h',
    'Time without failure after which the wait starts over.',
  ),
  option(
    'restart-strategy.exponential-delay.attempts-before-reset-backoff',
    'integer',
    '2147483647',
    'Restarts before the job fails, unless the backoff was reset.',
  ),
]

const jobOptions: readonly ConfigOption[] = [
  option('pipeline.name', 'string', undefined, 'Name of the next job: its identity for state.'),
  option(
    'pipeline.max-parallelism',
    'integer',
    '-1',
    'Number of key groups; cannot change while state is kept.',
  ),
  option('pipeline.auto-watermark-interval', 'duration', '200 ms', 'Period of watermarks.', {
    effect: 'is ignored: a watermark follows every batch',
  }),
  option('pipeline.operator-chaining.enabled', 'boolean', 'true', 'Chain operators into one task.', {
    effect: 'chaining is always on',
  }),
  option('pipeline.object-reuse', 'boolean', 'false', 'As in Flink.', { effect: 'there are no row objects' }),
  option('parallelism.default', 'integer', '1', 'Subtasks of each operator.'),
  option('execution.runtime-mode', 'enum', 'STREAMING', 'BATCH is accepted for bounded sources only.', {
    values: ['STREAMING', 'BATCH', 'AUTOMATIC'],
    effect: 'is always STREAMING; a job over bounded tables ends with them',
  }),
  option('execution.buffer-timeout.interval', 'duration', '100 ms', 'Longest wait of rows in an exchange.'),
  option('execution.buffer-timeout.enabled', 'boolean', 'true', 'As in Flink.', { effect: 'is always on' }),
  option('execution.target', 'string', undefined, 'Sent by clients of Flink.', { effect: oneProcess }),
  option('execution.attached', 'boolean', 'true', 'Sent by clients of Flink.', { effect: oneProcess }),
  option('execution.shutdown-on-attached-exit', 'boolean', 'false', 'Sent by clients of Flink.', {
    effect: oneProcess,
  }),
  option('execution.state-recovery.path', 'string', undefined, 'Savepoint or checkpoint to start from.'),
  option(
    'execution.state-recovery.ignore-unclaimed-state',
    'boolean',
    'false',
    'Drop state no operator of the new plan claims, instead of refusing to start.',
  ),
  option('execution.state-recovery.claim-mode', 'enum', 'NO_CLAIM', 'Who owns the restored snapshot.', {
    values: ['NO_CLAIM', 'CLAIM'],
    effect: 'is always NO_CLAIM: the snapshot stays',
  }),
  option('state.backend.type', 'enum', 'hashmap', 'Where keyed state lives.', {
    values: ['hashmap', 'rocksdb', 'forst'],
    effect: 'state is always in memory',
  }),
]

const table = (
  key: string,
  type: OptionSpec['type'],
  initial: string | undefined,
  doc: string,
  extra: Extra = {},
) => option(`table.${key}`, type, initial, doc, extra)

const tableOptions: readonly ConfigOption[] = [
  table(
    'local-time-zone',
    'string',
    'default',
    "Zone of TIMESTAMP_LTZ: an IANA name, or 'default' for the system's.",
  ),
  table('dml-sync', 'boolean', 'false', 'INSERT waits for its job to end.', {
    effect: 'is ignored: millrace run starts the jobs of a script together and waits for all',
  }),
  table('dynamic-table-options.enabled', 'boolean', 'true', 'Allow OPTIONS hints.'),
  table('column-expansion-strategy', 'string-list', '', 'Columns that * leaves out.', {
    values: ['EXCLUDE_ALIASED_VIRTUAL_METADATA_COLUMNS', 'EXCLUDE_DEFAULT_VIRTUAL_METADATA_COLUMNS'],
    effect: '* gives all columns',
  }),
  table(
    'exec.state.ttl',
    'duration',
    '0 ms',
    'Idle state of unbounded operators is dropped after it; 0 = never.',
  ),
  table(
    'exec.source.idle-timeout',
    'duration',
    '0 ms',
    'A silent, fully read split stops holding the watermark.',
  ),
  table('exec.emit.early-fire.enabled', 'boolean', 'false', 'Windows also speak before their end.'),
  table('exec.emit.early-fire.delay', 'duration', undefined, 'Period of early firing; 0 = on every row.'),
  table(
    'exec.emit.late-fire.enabled',
    'boolean',
    'false',
    'Late rows within the lateness fire with a delay.',
  ),
  table('exec.emit.late-fire.delay', 'duration', undefined, 'Period of late firing; 0 = on every row.'),
  table('exec.emit.allow-lateness', 'duration', undefined, 'Windows are kept, and updated, for so long.'),
  table(
    'exec.sink.not-null-enforcer',
    'enum',
    'ERROR',
    'NULL for a NOT NULL column fails the job or drops the row.',
    {
      values: ['ERROR', 'DROP'],
    },
  ),
  table('exec.sink.type-length-enforcer', 'enum', 'IGNORE', 'CHAR/VARCHAR/BINARY lengths at the sink.', {
    values: ['IGNORE', 'TRIM_PAD', 'ERROR'],
    effect: 'the implicit cast cuts text to the declared length',
  }),
  table('exec.sink.upsert-materialize', 'enum', 'AUTO', 'As in Flink.', {
    values: ['NONE', 'AUTO', 'FORCE'],
    effect: 'a query whose upsert key is not the primary key is refused',
  }),
  table('exec.sink.keyed-shuffle', 'enum', 'AUTO', 'Rows go to an upsert sink by primary key.', {
    values: ['NONE', 'AUTO', 'FORCE'],
  }),
  table('exec.sink.require-on-conflict', 'boolean', 'true', 'As in Flink.', {
    effect: 'ON CONFLICT is not supported yet',
  }),
  table(
    'exec.source.cdc-events-duplicate',
    'boolean',
    'false',
    'CDC sources may repeat rows: normalize by key.',
  ),
  table('exec.resource.default-parallelism', 'integer', '-1', 'Like parallelism.default, and stronger.'),
  table('exec.mini-batch.enabled', 'boolean', 'false', 'Bundle updates.', {
    effect: 'operators work on batches anyway',
  }),
  table('exec.mini-batch.allow-latency', 'duration', '0 ms', 'As in Flink.', {
    effect: 'operators work on batches anyway',
  }),
  table('exec.mini-batch.size', 'integer', '-1', 'As in Flink.', {
    effect: 'operators work on batches anyway',
  }),
  table('exec.legacy-cast-behaviour', 'enum', 'DISABLED', 'As in Flink.', {
    values: ['ENABLED', 'DISABLED'],
    effect: 'CAST always fails on bad input; use TRY_CAST',
  }),
  table('exec.rank.topn-cache-size', 'integer', '10000', 'As in Flink.', { effect: oneProcess }),
  table('exec.uid.generation', 'enum', 'PLAN_ONLY', 'As in Flink.', {
    values: ['PLAN_ONLY', 'ALWAYS', 'DISABLED'],
    effect: 'operator ids are always stable',
  }),
  table('exec.uid.format', 'string', undefined, 'As in Flink.', { effect: 'operator ids are always stable' }),
  table(
    'optimizer.agg-phase-strategy',
    'enum',
    'AUTO',
    'TWO_PHASE: at a parallelism above one, windows whose results can be joined are aggregated before the exchange as well. For few keys, or a key that most rows have; with many keys it costs more than it saves, so AUTO is ONE_PHASE.',
    { values: ['AUTO', 'ONE_PHASE', 'TWO_PHASE'] },
  ),
  table('optimizer.distinct-agg.split.enabled', 'boolean', 'false', 'As in Flink.', {
    effect: streamingOnly,
  }),
  table('optimizer.distinct-agg.split.bucket-num', 'integer', '1024', 'As in Flink.', {
    effect: streamingOnly,
  }),
  table('optimizer.incremental-agg-enabled', 'boolean', 'true', 'As in Flink.', { effect: streamingOnly }),
  table('optimizer.reuse-source-enabled', 'boolean', 'true', 'One scan per table and options in a job.'),
  table('optimizer.reuse-sub-plan-enabled', 'boolean', 'true', 'As in Flink.', { effect: streamingOnly }),
  table('optimizer.reuse-sink-enabled', 'boolean', 'true', 'As in Flink.', { effect: streamingOnly }),
  table('optimizer.non-deterministic-update.strategy', 'enum', 'IGNORE', 'As in Flink.', {
    values: ['IGNORE', 'TRY_RESOLVE'],
    effect: 'is always IGNORE',
  }),
  table('plan.compile.catalog-objects', 'string', 'ALL', 'As in Flink.', {
    effect: 'plans hold whole tables',
  }),
  table('plan.restore.catalog-objects', 'string', 'ALL', 'As in Flink.', {
    effect: 'plans hold whole tables',
  }),
  table('plan.force-recompile', 'boolean', 'false', 'COMPILE PLAN overwrites an existing file.', {
    effect: 'is ignored: checkpoints keep the plan',
  }),
  table('exec.deduplicate.insert-update-after-sensitive-enabled', 'boolean', 'true', 'As in Flink.', {
    effect: streamingOnly,
  }),
  table('exec.deduplicate.mini-batch.compact-changes-enabled', 'boolean', 'false', 'As in Flink.', {
    effect: streamingOnly,
  }),
  table('exec.interval-join.min-cleanup-interval', 'duration', '0 ms', 'As in Flink.', { effect: notYet }),
  table('exec.async-lookup.buffer-capacity', 'integer', '100', 'As in Flink.', { effect: notYet }),
  table('exec.async-lookup.timeout', 'duration', '3 min', 'As in Flink.', { effect: notYet }),
  table('exec.async-lookup.output-mode', 'enum', 'ORDERED', 'As in Flink.', {
    values: ['ORDERED', 'ALLOW_UNORDERED'],
    effect: notYet,
  }),
  table('exec.async-lookup.key-ordered-enabled', 'boolean', 'false', 'As in Flink.', { effect: notYet }),
  ...['scalar', 'table'].flatMap(kind => [
    table(`exec.async-${kind}.max-concurrent-operations`, 'integer', '10', 'As in Flink.', {
      effect: notYet,
    }),
    table(`exec.async-${kind}.timeout`, 'duration', '3 min', 'As in Flink.', { effect: notYet }),
    table(`exec.async-${kind}.max-attempts`, 'integer', '3', 'As in Flink.', { effect: notYet }),
    table(`exec.async-${kind}.retry-delay`, 'duration', '100 ms', 'As in Flink.', { effect: notYet }),
    table(`exec.async-${kind}.retry-strategy`, 'enum', 'FIXED_DELAY', 'As in Flink.', {
      values: ['NO_RETRY', 'FIXED_DELAY'],
      effect: notYet,
    }),
  ]),
  table('exec.legacy-bytes-to-string-cast', 'boolean', 'false', 'As in Flink.', {
    effect: 'CAST of bytes that are no UTF-8 fails; use TRY_CAST',
  }),
  table('exec.sink.nested-constraint-enforcer', 'enum', 'IGNORE', 'As in Flink.', {
    values: ['IGNORE', 'ERROR', 'DROP'],
    effect: 'nested fields are not checked',
  }),
  table('rtas-ctas.atomicity-enabled', 'boolean', 'false', 'As in Flink.', {
    effect: 'CREATE TABLE AS is not supported yet',
  }),
  table('display.max-column-width', 'integer', '30', 'Width at which results are cut.', {
    effect: 'is ignored: columns are cut at 40 characters',
  }),
  table('sql-dialect', 'enum', 'default', 'The dialect of statements.', { values: ['default'] }),
  table('builtin-catalog-name', 'string', 'default_catalog', 'As in Flink.', { effect: 'is fixed' }),
  table('builtin-database-name', 'string', 'default_database', 'As in Flink.', { effect: 'is fixed' }),
]

const clientOptions: readonly ConfigOption[] = [
  option('sql-client.execution.result-mode', 'enum', 'table', 'How the CLI shows a SELECT.', {
    values: ['table', 'changelog', 'tableau'],
    effect: 'is ignored: use --format',
  }),
  option(
    'sql-client.execution.max-table-result.rows',
    'integer',
    '1000000',
    'Rows the CLI keeps in table mode.',
    { effect: 'is ignored: rows are printed as they come' },
  ),
  option('sql-client.display.max-column-width', 'integer', '30', 'Width at which the CLI cuts a column.', {
    effect: 'is ignored: columns are cut at 40 characters',
  }),
  option('sql-client.display.print-time-cost', 'boolean', 'true', 'The CLI says how long a query took.', {
    effect: 'is ignored',
  }),
  option('sql-client.display.color-schema', 'string', 'default', 'As in Flink.', { effect: 'is ignored' }),
  option('sql-client.display.show-line-numbers', 'boolean', 'false', 'As in Flink.', {
    effect: 'is ignored',
  }),
  option('sql-client.verbose', 'boolean', 'false', 'Errors with their stack.', {
    effect: 'is ignored: set MILLRACE_STACK in the environment',
  }),
  option(
    'millrace.threads',
    'string',
    'auto',
    'Worker threads that the jobs of a process share: a number, 0 for none, or auto: as many as the job has subtasks, at most one a core, none without parallelism.',
    { extension: true },
  ),
  option('millrace.state-dir', 'string', './.millrace', 'Where jobs keep their state.', { extension: true }),
  option(
    'millrace.kafka.witness-keep-alive',
    'duration',
    '1 d',
    'An idle exactly-once job writes its witness again after this long. Must be well below offsets.retention.minutes and transactional.id.expiration.ms of the brokers (7 days unless changed).',
    { extension: true },
  ),
  option(
    'millrace.kafka.on-unknown-outcome',
    'enum',
    'fail',
    'When it cannot be known whether a transaction was committed: refuse to start, or go on as if it was (its rows may be missing).',
    { values: ['fail', 'continue'], extension: true },
  ),
]

/** Older names, read as the newer ones. */
export const configAliases: Readonly<Record<string, string>> = {
  'restart-strategy': 'restart-strategy.type',
  'state.backend': 'state.backend.type',
  'state.checkpoints.dir': 'execution.checkpointing.dir',
  'state.savepoints.dir': 'execution.checkpointing.savepoint-dir',
  'state.checkpoints.num-retained': 'execution.checkpointing.num-retained',
  'execution.buffer-timeout': 'execution.buffer-timeout.interval',
  'execution.savepoint.path': 'execution.state-recovery.path',
  'execution.savepoint.ignore-unclaimed-state': 'execution.state-recovery.ignore-unclaimed-state',
  'execution.savepoint-restore-mode': 'execution.state-recovery.claim-mode',
}

export const configOptions: readonly ConfigOption[] = [
  ...checkpointOptions,
  ...restartOptions,
  ...jobOptions,
  ...tableOptions,
  ...clientOptions,
]

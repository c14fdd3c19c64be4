/**
 * Runs one operator without a job: pushes rows as plain values, collects what it emits as a changelog, and
 * carries its state through snapshots, also to another parallelism.
 */
import type { Operator, OperatorContext } from '../../src/runtime/operators/operator.ts'
import { keyGroupRange } from '../../src/state/key-groups.ts'
import { readTable } from '../../src/state/snapshot/read-table.ts'
import { writeTable } from '../../src/state/snapshot/write-table.ts'
import {
  type FrozenState,
  KEY_GROUP_COLUMN,
  type StateReader,
  type StateSchema,
  type StateWriter,
} from '../../src/state/state-io.ts'
import {
  type Batch,
  BatchBuilder,
  type LogicalType,
  type PlainValue,
  type RowKind,
  readPlain,
  rowKindNames,
  writePlain,
} from '../../src/types/index.ts'

/** Kind first, then the columns; an insert may leave the kind out. */
export type Change = readonly [RowKind, ...PlainValue[]]

const isChange = (row: readonly PlainValue[]): row is Change =>
  typeof row[0] === 'string' && (rowKindNames as readonly string[]).includes(row[0])

/** A batch of rows given as plain values; a row may start with its kind. */
export function batchOf(types: readonly LogicalType[], rows: readonly (readonly PlainValue[])[]): Batch {
  const builder = new BatchBuilder(types, Math.max(1, rows.length))
  for (const row of rows) {
    const kind = isChange(row) ? rowKindNames.indexOf(row[0]) : 0
    const values = isChange(row) ? row.slice(1) : row
    const at = builder.addRow(kind)
    types.forEach((_, c) => {
      writePlain(builder.columns[c]!, at, values[c] as PlainValue)
    })
  }
  return builder
}

export function rowsOf(types: readonly LogicalType[], batch: Batch): Change[] {
  return Array.from({ length: batch.length }, (_, row) => [
    rowKindNames[batch.kinds?.[row] ?? 0]!,
    ...types.map((type, c) => readPlain(batch.columns[c]!, row, type)),
  ])
}

/** States of all subtasks at one time. */
export interface Snapshot {
  readonly states: readonly { readonly schema: StateSchema; readonly rows: readonly Change[] }[]
  readonly values: ReadonlyMap<string, readonly unknown[]>
}

export interface HarnessOptions {
  readonly outputTypes: readonly LogicalType[]
  readonly inputTypes: readonly LogicalType[]
  readonly timeZone?: string
  readonly subtask?: number
  readonly parallelism?: number
}

const MAX_PARALLELISM = 128

export class OperatorHarness {
  readonly operator: Operator
  /** Everything emitted so far, in order. */
  readonly output: Change[] = []
  readonly watermarks: number[] = []
  readonly gauges = new Map<string, number>()
  numLate = 0
  now = 0
  timer = Number.POSITIVE_INFINITY
  readonly #options: HarnessOptions
  readonly #keyGroups: { readonly first: number; readonly last: number; readonly max: number }

  constructor(create: (context: OperatorContext) => Operator, options: HarnessOptions) {
    this.#options = options
    const subtask = options.subtask ?? 0
    const parallelism = options.parallelism ?? 1
    this.#keyGroups = keyGroupRange(subtask, parallelism, MAX_PARALLELISM)
    this.operator = create({
      output: {
        emit: batch => {
          this.output.push(...rowsOf(options.outputTypes, batch))
        },
        emitWatermark: timestamp => {
          this.watermarks.push(timestamp)
        },
      },
      metrics: {
        lateRecordsDropped: count => {
          this.numLate += count
        },
        set: (name, value) => {
          this.gauges.set(name, value)
        },
      },
      subtask,
      parallelism,
      keyGroups: this.#keyGroups,
      timeZone: options.timeZone ?? 'UTC',
      now: () => this.now,
      requestTimer: timestamp => {
        this.timer = Math.min(this.timer, timestamp)
      },
    })
  }

  push(...rows: readonly (readonly PlainValue[])[]): void {
    this.operator.processBatch(batchOf(this.#options.inputTypes, rows), 0)
  }

  watermark(timestampMs: number): void {
    this.operator.processWatermark(timestampMs)
  }

  /** Moves the clock, firing the timers that are due on the way. */
  advanceClock(to: number): void {
    while (this.timer <= to) {
      this.now = Math.max(this.now, this.timer)
      this.timer = Number.POSITIVE_INFINITY
      this.operator.processTimer?.(this.now)
    }
    this.now = to
  }

  /** Takes what was emitted since the last call. */
  take(): Change[] {
    return this.output.splice(0)
  }

  /** Freezes the state; the rows are read by `materialize`, so that later calls can try to change them; they go through a state file. */
  freeze(): { materialize(): Snapshot } {
    const frozen: FrozenState[] = []
    const values = new Map<string, readonly unknown[]>()
    const writer: StateWriter = {
      write: state => {
        frozen.push(state)
      },
      writeValue: (name, value) => {
        values.set(name, [JSON.parse(JSON.stringify(value))])
      },
    }
    this.operator.snapshot?.(writer)
    return {
      materialize: () => ({
        values,
        states: frozen.map(state => {
          const types = state.schema.columns.map(column => column.type)
          const rows: Change[] = []
          const file = writeTable(state.schema, state.batches())
          state.release()
          for (const batch of readTable(file, state.schema)) rows.push(...rowsOf(types, batch))
          return { schema: state.schema, rows }
        }),
      }),
    }
  }

  snapshot(): Snapshot {
    return this.freeze().materialize()
  }

  restore(snapshots: readonly Snapshot[]): void {
    const { first, last } = this.#keyGroups
    const reader: StateReader = {
      *read(schema) {
        for (const snapshot of snapshots) {
          const state = snapshot.states.find(candidate => candidate.schema.name === schema.name)
          if (state === undefined) continue
          const group = schema.columns.findIndex(column => column.name === KEY_GROUP_COLUMN)
          const rows = state.rows.filter(row => {
            const keyGroup = row[group + 1] as number
            return !schema.keyed || (keyGroup >= first && keyGroup <= last)
          })
          const types = schema.columns.map(column => column.type)
          for (let from = 0; from < rows.length; from += 3) yield batchOf(types, rows.slice(from, from + 3))
        }
      },
      readValues: name => snapshots.flatMap(snapshot => snapshot.values.get(name) ?? []),
    }
    this.operator.restore?.(reader)
  }
}

/**
 * What is left when a changelog has been applied: rows as text with their counts.
 * @throws if a row is taken back that is not there.
 */
export function foldChanges(changes: readonly Change[]): Map<string, number> {
  const rows = new Map<string, number>()
  for (const [kind, ...values] of changes) {
    const text = textOf(values)
    const count = (rows.get(text) ?? 0) + (kind === '-U' || kind === '-D' ? -1 : 1)
    if (count < 0) throw new Error(`${kind} of a row that is not there: ${text}`)
    if (count === 0) rows.delete(text)
    else rows.set(text, count)
  }
  return rows
}

/** JSON in which bigints and NaN can be told apart from other values. */
export const textOf = (values: readonly PlainValue[]): string =>
  JSON.stringify(values, (_, value) => {
    if (typeof value === 'bigint') return `${value}n`
    return typeof value === 'number' && Number.isNaN(value) ? 'NaN' : value
  })

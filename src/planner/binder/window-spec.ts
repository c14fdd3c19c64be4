import { nearestName, type SourcePosition } from '../../errors/index.ts'
import type { Expression } from '../../parser/index.ts'
import { typeToString, withNullable } from '../../types/index.ts'
import type { OutputField, WindowSpec, WindowTime } from '../plan-graph/plan-graph.ts'
import { bindError } from './bind-error.ts'
import { constantInterval } from './constant-interval.ts'

/** Sizes of one window function, as written. */
export interface WindowSizes {
  readonly kind: 'TUMBLE' | 'HOP' | 'CUMULATE'
  readonly size: Expression
  /** HOP: the slide; CUMULATE: the step. */
  readonly step: Expression | undefined
  readonly offset: Expression | undefined
}

/** Checks the sizes by Flink's rules: positive, size a multiple of slide or step, |offset| below the step. */
export function windowSpec({ kind, size, step, offset }: WindowSizes): WindowSpec {
  const sizeName = kind === 'CUMULATE' ? 'maximum size' : 'size'
  const sizeMs = positive(size, sizeName, kind)
  const stepName = kind === 'HOP' ? 'slide' : 'step'
  const stepMs = step === undefined ? sizeMs : positive(step, stepName, kind)
  if (sizeMs % stepMs !== 0) {
    throw bindError(
      'MR_BIND_WINDOW',
      `the ${sizeName} of ${kind} (${sizeMs} ms) must be a multiple of its ${stepName} (${stepMs} ms)`,
      size.position,
      { hint: `${kind}(TABLE t, DESCRIPTOR(ts), ${stepName}, ${sizeName}): the ${stepName} comes first` },
    )
  }
  const offsetMs = offset === undefined ? 0 : constantInterval(offset, 'offset')
  if (Math.abs(offsetMs) >= stepMs) {
    throw bindError(
      'MR_BIND_WINDOW',
      `the offset (${offsetMs} ms) must be smaller than the ${step === undefined ? 'size' : stepName} (${stepMs} ms)`,
      offset!.position,
    )
  }
  switch (kind) {
    case 'TUMBLE':
      return { kind: 'tumble', sizeMs, offsetMs }
    case 'HOP':
      return { kind: 'hop', slideMs: stepMs, sizeMs, offsetMs }
    case 'CUMULATE':
      return { kind: 'cumulate', stepMs, sizeMs, offsetMs }
  }
}

function positive(e: Expression, what: string, kind: string): number {
  const ms = constantInterval(e, what)
  if (ms > 0) return ms
  throw bindError('MR_BIND_WINDOW', `the ${what} of ${kind} must be positive`, e.position)
}

/** The time column of a window; throws when it is no time attribute, and says how to make it one. */
export function windowTime(
  window: WindowSpec,
  column: { readonly index: number; readonly field: OutputField },
  position: SourcePosition,
): WindowTime {
  const { field, index } = column
  const localTimeZone = field.type.kind === 'TIMESTAMP_LTZ'
  if (field.timeAttribute === undefined) throw noTimeAttribute(field, position)
  const timeColumn = field.timeAttribute === 'proctime' ? -1 : index
  return { window, timeColumn, attribute: field.timeAttribute, localTimeZone }
}

function noTimeAttribute(field: OutputField, position: SourcePosition) {
  const type = typeToString(withNullable(field.type, true))
  const isTime = field.type.kind === 'TIMESTAMP' || field.type.kind === 'TIMESTAMP_LTZ'
  const fits = isTime && field.type.precision <= 3
  return bindError(
    'MR_BIND_NO_TIME_ATTRIBUTE',
    `a window needs a time attribute, but '${field.name}' is a plain ${type}`,
    position,
    {
      hint: fits
        ? `declare WATERMARK FOR ${field.name} AS ${field.name} - INTERVAL '5' SECOND in the CREATE TABLE of its table, and select the column as it is; after a window function use window_time`
        : isTime
          ? `a watermark needs precision 3 or less: make it a computed column CAST(${field.name} AS ${field.type.kind}(3)) with a WATERMARK`
          : 'use a TIMESTAMP(3) or TIMESTAMP_LTZ(3) column with a WATERMARK, or a computed column AS PROCTIME()',
    },
  )
}

export function timeColumnNamed(
  name: string,
  fields: readonly OutputField[],
  position: SourcePosition,
): { readonly index: number; readonly field: OutputField } {
  const index = fields.findIndex(f => f.name === name)
  if (index >= 0) return { index, field: fields[index]! }
  throw bindError('MR_BIND_UNKNOWN_COLUMN', `the table has no column '${name}'`, position, {
    nearest: nearestName(
      name,
      fields.map(f => f.name),
    ),
    expected: fields.filter(f => f.timeAttribute !== undefined).map(f => f.name),
  })
}

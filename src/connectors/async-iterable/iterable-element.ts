/** What an iterable may yield. */
import type { RowKind } from '../../types/index.ts'
import type { JsRowInput } from '../shared/rows-to-batch.ts'

/** A row, a change, or a watermark (epoch ms) behind the rows before it. */
export type IterableElement = JsRowInput | IterableChange | IterableWatermark

export interface IterableChange {
  readonly kind: RowKind
  readonly row: JsRowInput
}

export interface IterableWatermark {
  readonly watermark: number
}

/** An object with just `kind` and `row` is a change, not a row with these columns. */
export function isChange(element: IterableElement): element is IterableChange {
  if (Array.isArray(element) || Object.keys(element).length !== 2) return false
  const { kind, row } = element as Partial<IterableChange>
  return typeof kind === 'string' && typeof row === 'object' && row !== null
}

/** An object with just a numeric `watermark` is one, not a row with this column. */
export function isWatermark(element: IterableElement): element is IterableWatermark {
  if (Array.isArray(element) || Object.keys(element).length !== 1) return false
  return typeof (element as Partial<IterableWatermark>).watermark === 'number'
}

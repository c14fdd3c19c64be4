/** What a reference decoder says of one payload. */
import type { LogicalType, PlainValue } from '../../src/types/index.ts'

export interface ReferenceField {
  readonly name: string
  readonly type: LogicalType
}

export type ReferenceRecord =
  | { readonly kind: 'row'; readonly values: readonly PlainValue[]; readonly numFieldErrors: number }
  | { readonly kind: 'empty' }
  | { readonly kind: 'refused' }

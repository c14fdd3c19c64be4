/** Change kinds with Flink's codes; `Batch.kinds` holds these numbers. */
export const ROW_INSERT = 0
export const ROW_UPDATE_BEFORE = 1
export const ROW_UPDATE_AFTER = 2
export const ROW_DELETE = 3

export type RowKind = '+I' | '-U' | '+U' | '-D'
export const rowKindNames = ['+I', '-U', '+U', '-D'] as const satisfies readonly RowKind[]

/** True for −U and −D: kinds that take a row away. */
export const isRetraction = (kind: number): boolean => (kind & 1) === 1

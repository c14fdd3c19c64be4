/** Upsert keys: column sets that identify a row of a node's changelog. A node may have several. */
import type { BoundExpression } from '../../expressions/bound-expression.ts'
import type { LogicalType } from '../../types/index.ts'

export type UpsertKeys = readonly (readonly number[])[]

/** Keys of a projection: every key column must be carried, plainly or by a cast that keeps values apart. */
export function projectedKeys(keys: UpsertKeys, projections: readonly BoundExpression[]): UpsertKeys {
  const places = projectedPlaces(projections)
  return keys.flatMap(key => {
    const moved = key.map(column => places.get(column))
    return moved.every(place => place !== undefined) ? [moved] : []
  })
}

/** Where a projection carries each input column, by the first place; lossy expressions carry nothing. */
export function projectedPlaces(projections: readonly BoundExpression[]): ReadonlyMap<number, number> {
  const places = new Map<number, number>()
  projections.forEach((e, i) => {
    const column = carriedColumn(e)
    if (column !== undefined && !places.has(column)) places.set(column, i)
  })
  return places
}

function carriedColumn(e: BoundExpression): number | undefined {
  if (e.kind === 'InputRef') return e.index
  if (e.kind === 'Cast' && keepsValuesApart(e.operand.type, e.type)) return carriedColumn(e.operand)
  return undefined
}

const integralWidth: Readonly<Record<string, number>> = { TINYINT: 1, SMALLINT: 2, INTEGER: 3, BIGINT: 4 }

/** Whether a cast gives different values for different values. */
function keepsValuesApart(from: LogicalType, to: LogicalType): boolean {
  if (from.kind in integralWidth && to.kind in integralWidth) {
    return integralWidth[from.kind]! <= integralWidth[to.kind]!
  }
  if ((from.kind === 'CHAR' || from.kind === 'VARCHAR') && to.kind === 'VARCHAR') {
    return from.length <= to.length
  }
  if ((from.kind === 'BINARY' || from.kind === 'VARBINARY') && to.kind === 'VARBINARY') {
    return from.length <= to.length
  }
  if (from.kind === 'TIMESTAMP' && to.kind === 'TIMESTAMP') return from.precision <= to.precision
  if (from.kind === 'TIMESTAMP_LTZ' && to.kind === 'TIMESTAMP_LTZ') return from.precision <= to.precision
  return from.kind in integralWidth && (to.kind === 'VARCHAR' || to.kind === 'DECIMAL')
}

/** Whether some upsert key lies within `columns`: then rows of equal `columns` are one row's versions. */
export const isUniqueBy = (keys: UpsertKeys, columns: readonly number[]): boolean =>
  keys.some(key => key.every(k => columns.includes(k)))

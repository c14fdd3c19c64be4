/** Splits rows over subtasks as the hash exchange does. */

import { keyGroupOf, subtaskOf } from '../../src/state/key-groups.ts'
import { compileHash } from '../../src/state/keys/key-hash.ts'
import type { LogicalType } from '../../src/types/index.ts'
import { batchOf, type Change } from './operator-harness.ts'

export function routeRows(
  types: readonly LogicalType[],
  rows: readonly Change[],
  keys: readonly number[],
  parallelism: number,
): Change[][] {
  const hashes = new Int32Array(rows.length)
  compileHash(types, keys)(batchOf(types, rows), hashes)
  const parts: Change[][] = Array.from({ length: parallelism }, () => [])
  rows.forEach((row, i) => {
    parts[subtaskOf(keyGroupOf(hashes[i]!, 128), parallelism, 128)]!.push(row)
  })
  return parts
}

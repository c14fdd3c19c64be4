/** Key groups: the unit in which keyed state moves between subtasks (Flink's scheme). */

/** `pipeline.max-parallelism`; part of the state format, so it cannot change between snapshots. */
export const DEFAULT_MAX_PARALLELISM = 128

/** Mixes a 32-bit key hash so that neighbouring hashes spread over groups; part of the state format. */
export const keyGroupOf = (hash: number, maxParallelism: number): number =>
  (Math.imul(hash ^ (hash >>> 16), 0x9e3779b1) >>> 8) % maxParallelism

/** The subtask that owns a key group: contiguous ranges, as Flink assigns them. */
export const subtaskOf = (keyGroup: number, parallelism: number, maxParallelism: number): number =>
  Math.floor((keyGroup * parallelism) / maxParallelism)

export function keyGroupRange(
  subtask: number,
  parallelism: number,
  maxParallelism: number,
): { readonly first: number; readonly last: number; readonly max: number } {
  const first = Math.floor((subtask * maxParallelism + parallelism - 1) / parallelism)
  const last = Math.floor(((subtask + 1) * maxParallelism - 1) / parallelism)
  return { first, last, max: maxParallelism }
}

/** What a contender wrote, as kcat reads it under read_committed, sorted by `sort`: none of it is ours. */
import { spawnSync } from 'node:child_process'

const read = `set -o pipefail
kcat -C -q -e -b "$1" -t "$2" -o beginning -f '%s\\n' -X isolation.level=read_committed -X fetch.wait.max.ms=20 |
  sort -S 512M -T "$(dirname "$3")" -o "$3"
wc -l < "$3"`

function shell(script: string, args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync('bash', ['-c', script, 'bash', ...args], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  })
  if (error !== undefined) throw error
  if (status !== 0) throw new Error(`${stderr.trim()} (exit ${status})`)
  return stdout
}

/** Writes the committed rows to `file`, one a line, sorted; returns how many. */
export const saveSorted = (bootstrap: string, topic: string, file: string): number =>
  Number(shell(read, [bootstrap, topic, file]))

/** Some lines that are in one file only; empty when they are equal byte for byte. */
export const difference = (one: string, other: string): string =>
  shell(`cmp -s "$1" "$2" || comm -3 "$1" "$2" | head -6; true`, [one, other]).trimEnd()

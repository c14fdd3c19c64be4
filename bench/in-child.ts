/**
 * Calls an exported function in a process of its own: for memory, which one process cannot give to one contender, and
 * for sizes that must not meet the heap and the compiled code of the size before. Arguments and result are JSON.
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

/** Stands before the result in the child's output. */
export const RESULT = '\u0000result '

/**
 * `url`: the module's `import.meta.url`. `launcher`: a command that starts the process, such as `taskset -c 0`. Throws with
 * the child's output when it fails.
 */
export function inChild<T>(
  url: string,
  name: string,
  args: readonly unknown[],
  launcher: readonly string[] = [],
): T {
  const script = join(import.meta.dirname, 'child.ts')
  const [command, ...call] = [...launcher, process.execPath, script, url, name, JSON.stringify(args)]
  const { status, stdout, stderr } = spawnSync(command!, call, {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  const at = stdout.lastIndexOf(RESULT)
  if (status !== 0 || at < 0) throw new Error(`${name} failed in its process:\n${stdout}${stderr}`)
  return JSON.parse(stdout.slice(at + RESULT.length)) as T
}

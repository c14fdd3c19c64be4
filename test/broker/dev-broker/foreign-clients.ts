/**
 * Clients of other make that keep the broker honest: Debian's kcat and the confluent-kafka wheel (MILLRACE_PYTHON names an interpreter that
 * has it). Absent ones are left out with one line of text; with CI=true a missing kcat fails.
 */
import { execFile, spawnSync } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)
const answers = (command: string, args: readonly string[]) => spawnSync(command, args).status === 0

export const hasKcat = answers('kcat', ['-V'])
const pythonPath = process.env['MILLRACE_PYTHON']
export const python =
  pythonPath !== undefined && answers(pythonPath, ['-c', 'import confluent_kafka']) ? pythonPath : undefined

if (!hasKcat) {
  if (process.env['CI'] === 'true') throw new Error('kcat is missing: apt-get install -y kcat')
  console.warn('left out: tests with kcat (apt-get install -y kcat)')
}
if (python === undefined) {
  console.warn('left out: tests with confluent-kafka (set MILLRACE_PYTHON to a python that has it)')
}

/** Runs kcat with `input` as its standard input; returns what it printed. */
export async function kcat(args: readonly string[], input = ''): Promise<string> {
  const running = run('kcat', args, { maxBuffer: 64 * 1024 * 1024 })
  running.child.stdin?.end(input)
  return (await running).stdout
}

export async function runPython(script: string, args: readonly string[]): Promise<string> {
  return (await run(python!, ['-c', script, ...args], { maxBuffer: 64 * 1024 * 1024 })).stdout
}

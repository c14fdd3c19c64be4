/**
 * How long a user waits for the first row of `SELECT 1`, and for `--version`: processes from start to end, started in
 * turn, median wall and CPU time. `node bench/startup.ts [CHECKOUT …]` compares checkouts.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const ROUNDS = 15
const directory = mkdtempSync(join(tmpdir(), 'millrace-startup-'))
const file = join(directory, 'select.sql')
writeFileSync(file, 'SELECT 1;\n')

interface Sample {
  readonly firstByteMs: number
  readonly cpuMs: number
}

/** The child writes its own CPU time at exit: the only way to have it per process without native code. */
const preload = join(directory, 'cpu.cjs')
writeFileSync(
  preload,
  `process.on('exit', () => { const u = process.cpuUsage(); require('fs').writeFileSync(${JSON.stringify(join(directory, 'cpu'))}, String((u.user + u.system) / 1000)) })`,
)

function run(script: string, args: readonly string[]): Promise<Sample> {
  return new Promise((done, reject) => {
    const startedAt = performance.now()
    let firstByteMs = 0
    const child = spawn(process.execPath, ['--require', preload, script, ...args], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    child.stdout.once('data', () => {
      firstByteMs = performance.now() - startedAt
    })
    child.on('close', code => {
      if (code !== 0) reject(new Error(`${script} ended with ${code}`))
      else done({ firstByteMs, cpuMs: Number(readFileSync(join(directory, 'cpu'), 'utf8')) })
    })
  })
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN

const checkouts = process.argv.length > 2 ? process.argv.slice(2) : [resolve(import.meta.dirname, '..')]
const commands: readonly (readonly [string, readonly string[]])[] = [
  ['SELECT 1', ['run', file]],
  ['--version', ['--version']],
]
for (const [name, args] of commands) {
  const samples = new Map<string, Sample[]>(checkouts.map(path => [path, []]))
  for (let round = -1; round < ROUNDS; round++) {
    for (const path of checkouts) {
      const sample = await run(join(path, 'bin/millrace.js'), args)
      if (round >= 0) samples.get(path)!.push(sample)
    }
  }
  for (const [path, all] of samples) {
    const wall = median(all.map(sample => sample.firstByteMs))
    const cpu = median(all.map(sample => sample.cpuMs))
    console.log(`${name.padEnd(10)} first byte ${wall.toFixed(0)} ms, CPU ${cpu.toFixed(0)} ms  ${path}`)
  }
}
rmSync(directory, { recursive: true })

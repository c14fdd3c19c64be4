/**
 * How long a user waits for the first row of `SELECT 1`, and for `--version`: processes from start to the first byte on
 * stdout, started in turn; median wall and CPU time. `npm run bench -- startup`.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { builtMillrace } from './built-package.ts'
import type { Figure, FigureBenchmark } from './harness.ts'
import { median } from './statistics.ts'

const ROUNDS = 15

interface Sample {
  readonly firstByteMs: number
  readonly cpuMs: number
}

/** The child writes its own CPU time at exit: the only way to have it per process without native code. */
const preloadText = (file: string) =>
  `process.on('exit', () => { const u = process.cpuUsage(); require('fs').writeFileSync(${JSON.stringify(file)}, String((u.user + u.system) / 1000)) })`

function run(script: string, args: readonly string[], folder: string, cache: string): Promise<Sample> {
  return new Promise((done, reject) => {
    const startedAt = performance.now()
    let firstByteMs = 0
    const child = spawn(process.execPath, ['--require', join(folder, 'cpu.cjs'), script, ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, XDG_CACHE_HOME: cache },
    })
    child.stdout.once('data', () => {
      firstByteMs = performance.now() - startedAt
    })
    child.on('close', code => {
      if (code !== 0) reject(new Error(`${script} ended with ${code}`))
      else done({ firstByteMs, cpuMs: Number(readFileSync(join(folder, 'cpu'), 'utf8')) })
    })
  })
}

export const startup: FigureBenchmark = {
  kind: 'figures',
  name: 'startup',
  title: 'from the start of the process to the first byte of its answer',
  async figures() {
    const folder = mkdtempSync(join(tmpdir(), 'millrace-startup-'))
    try {
      const file = join(folder, 'select.sql')
      writeFileSync(file, 'SELECT 1;\n')
      writeFileSync(join(folder, 'cpu.cjs'), preloadText(join(folder, 'cpu')))
      const checkout = join(import.meta.dirname, '..', 'bin', 'millrace.js')
      const select = ['run', file]
      const contenders: readonly (readonly [name: string, script: string, args: readonly string[]])[] = [
        ['SELECT 1', builtMillrace(), select],
        ['SELECT 1, the first time after an installation', builtMillrace(), select],
        ['SELECT 1, from a checkout', checkout, select],
        ['--version', builtMillrace(), ['--version']],
      ]
      const samples = contenders.map((): Sample[] => [])
      const warm = join(folder, 'cache')
      for (let round = -1; round < ROUNDS; round++) {
        for (const [i, [name, script, args]] of contenders.entries()) {
          const cache = name.includes('first time') ? join(folder, `cache-${round}`) : warm
          const sample = await run(script, args, folder, cache)
          if (round >= 0) samples[i]!.push(sample)
        }
      }
      return contenders.flatMap(([name], i): Figure[] => [
        { name, value: median(samples[i]!.map(s => s.firstByteMs)), unit: 'ms' },
        { name: `${name}: CPU`, value: median(samples[i]!.map(s => s.cpuMs)), unit: 'ms' },
      ])
    } finally {
      rmSync(folder, { recursive: true })
    }
  },
}

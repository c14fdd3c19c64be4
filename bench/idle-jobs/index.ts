/**
 * What a thousand jobs cost that have nothing to do: each reads an empty topic, filters, and writes exactly once to
 * another; all in one process, for a minute. `npm run bench -- idle-jobs`; see bench/broker.ts for the broker.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { benchBroker, makeTopics } from '../broker.ts'
import type { FigureBenchmark } from '../harness.ts'

const NUM_JOBS = Number(process.env['MILLRACE_BENCH_JOBS'] ?? 1_000)
const SECONDS = Number(process.env['MILLRACE_BENCH_SECONDS'] ?? 60)

interface HostResult {
  readonly startMs: number
  readonly cpuShare: number
  readonly bytesPerJob: number
  readonly connections: number
  readonly handles: number
}

function runHost(bootstrap: string, stateDir: string): Promise<HostResult> {
  return new Promise((resolve, reject) => {
    const args = [
      join(import.meta.dirname, 'host.ts'),
      bootstrap,
      String(NUM_JOBS),
      String(SECONDS),
      stateDir,
    ]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    const kill = () => void child.kill('SIGKILL')
    process.once('exit', kill)
    let output = ''
    child.stdout.on('data', chunk => (output += chunk))
    child.on('close', code => {
      process.off('exit', kill)
      if (code === 0) resolve(JSON.parse(output) as HostResult)
      else reject(new Error(`the process with the jobs ended with ${code}`))
    })
  })
}

export const idleJobs: FigureBenchmark = {
  kind: 'figures',
  name: 'idle-jobs',
  title: `${NUM_JOBS} idle exactly-once Kafka jobs in one process over ${SECONDS} s`,
  async figures() {
    await using broker = await benchBroker()
    await makeTopics(broker.bootstrap, ['idle-in', 'idle-out'], 1)
    const stateDir = mkdtempSync(join(tmpdir(), 'millrace-idle-jobs-'))
    try {
      const { startMs, cpuShare, bytesPerJob, connections, handles } = await runHost(
        broker.bootstrap,
        stateDir,
      )
      return [
        { name: 'CPU of the process', value: cpuShare * 100, unit: '% of one core' },
        { name: 'memory, for each job', value: bytesPerJob / 1e6, unit: 'MB' },
        { name: 'start of all jobs', value: startMs / 1_000, unit: 's' },
        { name: 'connections', value: connections, unit: 'open' },
        { name: 'timers, sockets and files', value: handles, unit: 'open' },
      ]
    } finally {
      rmSync(stateDir, { recursive: true, force: true })
    }
  },
}

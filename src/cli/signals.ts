/**
 * SIGTERM and SIGINT stop every job with a savepoint and say how to resume. It has a deadline, and a second
 * signal stops at once: both are safe, because what is not committed is replayed at the next start.
 */
import type { Logger } from '../logger/logger.ts'
import type { Job } from '../runtime/job/job.ts'

const DEADLINE_MS = 30_000
/** 128 + SIGINT. */
const INTERRUPTED = 130

export interface SignalHandling {
  /** A signal has come: nothing new is to be started. */
  readonly stopping: boolean
  /** A SELECT that is only canceled: its rows went to the terminal. */
  addQuery(job: Job): void
  release(): void
}

/** `announce` shows the resume command on a line of its own, to be copied; logs have it as a field anyway. */
export function stopOnSignals(
  jobs: readonly Job[],
  logger: Logger,
  announce: ((line: string) => void) | null = null,
): SignalHandling {
  const queries = new Set<Job>()
  let stopping = false
  const onSignal = (signal: NodeJS.Signals) => {
    if (stopping) {
      logger.warn('stopped at once by a second signal; what was not committed is replayed at the next start')
      process.exit(INTERRUPTED)
    }
    stopping = true
    setTimeout(() => {
      logger.warn(`stop did not end within ${DEADLINE_MS / 1000} s; stopping at once`)
      process.exit(INTERRUPTED)
    }, DEADLINE_MS).unref()
    for (const query of queries) void query.cancel()
    void stopAll(jobs, signal, logger, announce)
  }
  process.on('SIGTERM', onSignal)
  process.on('SIGINT', onSignal)
  return {
    get stopping() {
      return stopping
    },
    addQuery: job => queries.add(job),
    release() {
      // The rest of a stop must not be cut off by the default action of a further signal.
      if (stopping) return
      process.off('SIGTERM', onSignal)
      process.off('SIGINT', onSignal)
    },
  }
}

async function stopAll(
  jobs: readonly Job[],
  signal: string,
  logger: Logger,
  announce: ((line: string) => void) | null,
): Promise<void> {
  for (const job of jobs) {
    if (job.status === 'FINISHED' || job.status === 'FAILED') continue
    if (job.status === 'CREATED' || job.status === 'RESTARTING') {
      logger.info(`${signal}: the job was not running; the next start resumes from its last checkpoint`, {
        job: job.name,
      })
      await job.cancel({ retain: true })
      continue
    }
    if (!job.keepsState) {
      logger.info(`${signal}: canceling; the job keeps no state`, { job: job.name })
      await job.cancel()
      continue
    }
    try {
      const savepoint = await job.stopWithSavepoint()
      const resume = resumeCommand(savepoint)
      const fields = { job: job.name, savepoint }
      logger.info(`${signal}: stopped with a savepoint`, announce === null ? { ...fields, resume } : fields)
      announce?.(`         resume with: ${resume}`)
    } catch (error) {
      logger.warn(`${signal}: no savepoint could be taken; the next start resumes from the last checkpoint`, {
        job: job.name,
        reason: error instanceof Error ? error.message : String(error),
      })
      await job.cancel({ retain: true })
    }
  }
}

const secretName = /password|secret|token|credential|jaas/i
/** `--param PASSWORD=…` is not repeated: the shell fills it in from a variable. */
const withoutSecret = (arg: string): string | null => {
  const [, start, name] = /^((?:--param=)?([\w.-]+)=)/.exec(arg) ?? []
  return name === undefined || !secretName.test(name) ? null : `${start}"$${name.replace(/\W/g, '_')}"`
}

/** The command line of this process with `--resume PATH` in place of what it said. */
function resumeCommand(path: string): string {
  const args = process.argv.slice(2)
  const at = args.findIndex(arg => arg === '--resume' || arg.startsWith('--resume='))
  if (at >= 0) args.splice(at, args[at] === '--resume' ? 2 : 1)
  const quoted = [...args, '--resume', path].map(
    arg => withoutSecret(arg) ?? (/^[\w./:=,@+-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", "'\\''")}'`),
  )
  return `millrace ${quoted.join(' ')}`
}

/** A step fails instead of killing: the job restarts by itself, or ends and is started again. */
import { crashPoints, wayTo } from '../crash-points.ts'
import type { ProveOptions } from '../options.ts'
import type { Scenario } from '../scenario.ts'

/** What a failing job needs to see that it fails. */
const SETTLE_MS = 500

const fails = (point: string, hit: number): Scenario => ({
  family: 'errors',
  name: `${point}@${hit}`,
  async run(trial) {
    const life = trial.start({ failPoints: `${point}=error@${hit}` })
    await life.reached(point, hit)
    // A start that fails ends the process, sooner or later; a job that runs restarts in it.
    if (wayTo(point) === 'start') await life.running().catch(() => {})
    const end = await trial.endOf(life, SETTLE_MS)
    await trial.finish()
    return [
      `an error at ${point}, time ${hit}: the process ${end === null ? 'went on' : `ended with ${end.code}`}`,
    ]
  },
})

/** The third time, in full flow; steps of a start the first time. */
export function errors({ broker, short, seed }: ProveOptions): Scenario[] {
  if (broker !== 'dev') return []
  const all = Object.keys(crashPoints).flatMap(point => {
    const way = wayTo(point)
    if (way === 'flow') return [fails(point, 3)]
    return way === 'start' ? [fails(point, 1)] : []
  })
  return short ? all.filter((_, n) => n % 8 === seed % 8) : all
}

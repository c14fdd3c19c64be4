/**
 * SIGKILL at every named step, SIGKILL again while the next process recovers, then a third process must set all right.
 * The step of the second kill goes round the steps of recovery, so that each of them gets its turn after many others.
 */
import { crashPoints, leavesPrepared, recoveryPoints, resumePoints, wayTo } from '../crash-points.ts'
import type { ProveOptions } from '../options.ts'
import type { Scenario } from '../scenario.ts'
import type { Trial } from '../trial.ts'
import { fencedByStranger, leavePrepared } from './steps.ts'

const FAMILY = 'crash matrix'

/** The first kill, with what must go before. Returns what was done. */
async function killFirst(trial: Trial, point: string, hit: number): Promise<string[]> {
  const kill = `${point}=kill@${hit}`
  const way = wayTo(point)
  switch (way) {
    case 'start':
    case 'flow':
      await trial.startAndDie(kill)
      return [`killed at ${point}, time ${hit}`]
    case 'resume':
      await leavePrepared(trial)
      await trial.startAndDie(kill)
      return ['killed at kafka.commit.before', `killed at ${point}`]
    case 'ambiguous':
      await leavePrepared(trial)
      await fencedByStranger(trial)
      await trial.startAndDie(kill)
      return ['killed at kafka.commit.before', 'fenced by another job', `killed at ${point}`]
    case 'idle': {
      trial.params['TRANSACTION_TIMEOUT'] = '6000'
      const keepAlive = ['-D', 'millrace.kafka.witness-keep-alive=100 ms']
      const life = trial.start({ args: keepAlive, failPoints: `${point}=kill@${hit}` })
      // On a slow machine the first keep-alive comes, and kills, before the second commit.
      await Promise.race([life.reached('checkpoint.after-commit', 2).catch(() => {}), life.exited])
      await trial.traffic.pause()
      await trial.diesAt(point, life)
      trial.traffic.start()
      return ['idle', `killed at ${point}, time ${hit}`]
    }
    case 'failure':
      await trial.startAndDie(kill, { failPoints: 'kafka.produce.after=error@9' })
      return ['a Produce failed', `killed at ${point}, time ${hit}`]
    default:
      return way satisfies never
  }
}

const killedTwice = (point: string, hit: number, again: string): Scenario => ({
  family: FAMILY,
  name: `${point}@${hit}, then ${again}`,
  async run(trial) {
    const steps = await killFirst(trial, point, hit)
    await trial.startAndDie(`${again}=kill`)
    await trial.finish()
    return [...steps, `killed again at ${again}`]
  },
})

/** Steps of the savepoint that SIGTERM asks for, and the time each is reached: the initial checkpoint came before. */
const savepointHits: Readonly<Record<string, number>> = {
  'checkpoint.acknowledged': 1,
  'checkpoint.prepared': 1,
  'file.state.written': 1,
  'file.manifest.half': 2,
  'file.manifest.renamed': 2,
  'checkpoint.after-manifest': 2,
  'kafka.commit.before': 1,
  'kafka.commit.after': 1,
  'file.confirmed.renamed': 2,
  'checkpoint.after-confirm': 2,
  'kafka.abort.before': 1,
}

const killedInSavepoint = (point: string, hit: number, again: string): Scenario => ({
  family: FAMILY,
  name: `SIGTERM, ${point}@${hit}, then ${again}`,
  async run(trial) {
    trial.params['INTERVAL'] = '9 s'
    const life = trial.start({ failPoints: `${point}=kill@${hit}` })
    await life.reached('kafka.produce.after', 4)
    life.signal('SIGTERM')
    await trial.diesAt(point, life)
    trial.params['INTERVAL'] = '200 ms'
    await trial.startAndDie(`${again}=kill`)
    await trial.finish()
    return [`SIGTERM, killed at ${point} of the savepoint`, `killed again at ${again}`]
  },
})

/** Deals the steps of recovery so that each gets its turn about equally often. */
class Turns {
  readonly #taken = new Map<string, number>()

  /** The one of the list that had the fewest turns. */
  next(list: readonly string[]): string {
    const turnsOf = (point: string) => this.#taken.get(point) ?? 0
    const point = list.reduce((best, each) => (turnsOf(each) < turnsOf(best) ? each : best))
    this.#taken.set(point, turnsOf(point) + 1)
    return point
  }
}

/** How often a step is passed before the kill: in full flow, and the first time it comes at all. */
function hitsOf(point: string): readonly number[] {
  switch (wayTo(point)) {
    case 'flow':
      return [3, 1]
    case 'idle':
      return [2, 1]
    default:
      return [1]
  }
}

/**
 * After a kill that leaves a prepared transaction, the steps that only then are passed. The first checkpoint is the
 * initial one, which has no transaction; a start that finds nothing else does not ask who owns the prefix.
 */
function secondPoints(point: string, hit: number): readonly string[] {
  if (leavesPrepared(point) && (hit > 1 || point.includes('commit.') || point.endsWith('-commit')))
    return resumePoints
  return hit > 1 ? recoveryPoints : recoveryPoints.filter(each => !each.startsWith('kafka.recover.owner'))
}

/** `once`: one story a step, for brokers that take longer. */
function matrix(once: boolean): Scenario[] {
  const turns = new Turns()
  const steps = Object.keys(crashPoints).flatMap(point => {
    // Those with one story are told it twice, with different second kills.
    const [hit = 1, otherHit = hit] = hitsOf(point)
    const again = turns.next(secondPoints(point, hit))
    if (once) return [killedTwice(point, hit, again)]
    const other = turns.next(secondPoints(point, otherHit).filter(each => each !== again))
    return [killedTwice(point, hit, again), killedTwice(point, otherHit, other)]
  })
  const savepoints = Object.entries(savepointHits).map(([point, hit]) =>
    killedInSavepoint(point, hit, turns.next(leavesPrepared(point) ? resumePoints : recoveryPoints)),
  )
  return [...steps, ...savepoints]
}

function allPairs(): Scenario[] {
  return Object.keys(crashPoints).flatMap(point =>
    hitsOf(point).flatMap(hit => secondPoints(point, hit).map(again => killedTwice(point, hit, again))),
  )
}

/** One of three, so that the short form tells every story in some run of three seeds. */
const SHORT_STRIDE = 3

export function crashMatrix({ allPairs: all, broker, short, seed }: ProveOptions): Scenario[] {
  if (all) return allPairs()
  const scenarios = matrix(broker !== 'dev')
  return short ? scenarios.filter((_, n) => n % SHORT_STRIDE === seed % SHORT_STRIDE) : scenarios
}

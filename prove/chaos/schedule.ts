/**
 * What befalls one round, a pure function of seed and number of the round: a seed that failed deals the same acts with
 * the same delays again. Only where in the engine's work a delay ends is left to the machine.
 */
import { randomNumbers } from '../../demo/traffic.ts'
import type { BrokerFault } from '../broker/broker.ts'
import type { NodeRole } from '../broker/cluster-map.ts'

/** From when a delay counts: the start of the process, of its recovery, or of its first transaction. */
export type Since = 'start' | 'recovery' | 'running'

export type Act =
  | { readonly kind: 'engine killed'; readonly since: Since; readonly afterMs: number }
  /** SIGSTOP, another engine on the same state, SIGCONT after a while; the other one is perhaps killed meanwhile. */
  | {
      readonly kind: 'zombie'
      readonly afterMs: number
      readonly wakeAfterMs: number
      readonly killNextAfterMs: number | null
    }
  /** SIGSTOP, another engine that resumes the newest checkpoint into a state directory of its own, SIGCONT. */
  | { readonly kind: 'zombie of other state'; readonly afterMs: number; readonly wakeAfterMs: number }
  /** A second start on the state of an engine that runs, or is stopped for a moment, is refused. */
  | { readonly kind: 'second start'; readonly isStopped: boolean }
  | {
      readonly kind: 'SIGTERM'
      readonly since: Since
      readonly afterMs: number
      readonly nextParallelism: number
    }
  | {
      readonly kind: 'broker killed'
      readonly since: Since
      readonly afterMs: number
      readonly downMs: number
      readonly killsEngine: boolean
    }
  | { readonly kind: 'broker slow'; readonly since: Since; readonly afterMs: number; readonly forMs: number }
  /** Some requests of one kind are late, lost or taken twice. */
  | {
      readonly kind: 'broker faulty'
      readonly since: Since
      readonly afterMs: number
      readonly fault: BrokerFault
    }
  /** Of several brokers the one in this role; the job must live on. */
  | {
      readonly kind: 'node killed'
      readonly role: NodeRole
      readonly since: Since
      readonly afterMs: number
      readonly downMs: number
      readonly killsEngine: boolean
    }
  | {
      readonly kind: 'node slow'
      readonly role: NodeRole
      readonly since: Since
      readonly afterMs: number
      readonly forMs: number
    }
  /** Every broker in turn, by SIGTERM. */
  | { readonly kind: 'rolling restart'; readonly since: Since; readonly afterMs: number }

export type ActKind = Act['kind']

type Weights = readonly (readonly [ActKind, number])[]

/** How often each comes, relative to the others. */
const withOneBroker: Weights = [
  ['engine killed', 72],
  ['zombie', 6],
  ['zombie of other state', 4],
  ['second start', 3],
  ['SIGTERM', 6],
  ['broker killed', 4],
  ['broker slow', 5],
]

const withCluster: Weights = [
  ['engine killed', 30],
  ['zombie', 4],
  ['zombie of other state', 3],
  ['SIGTERM', 4],
  ['node killed', 40],
  ['node slow', 12],
  ['rolling restart', 4],
]

export type BrokerForm = 'dev' | 'one' | 'cluster'
const weightsOf: Readonly<Record<BrokerForm, Weights>> = {
  dev: [...withOneBroker, ['broker faulty', 12]],
  one: withOneBroker,
  cluster: withCluster,
}

/** Whatever a job sends. */
const apis: readonly (readonly [string, number])[] = [
  ['Produce', 3],
  ['EndTxn', 3],
  ['InitProducerId', 2],
  ['AddPartitionsToTxn', 2],
  ['AddOffsetsToTxn', 2],
  ['TxnOffsetCommit', 2],
  ['OffsetFetch', 2],
  ['FindCoordinator', 1],
  ['Fetch', 1],
  ['ListOffsets', 1],
  ['Metadata', 1],
]
const faultKinds: readonly (readonly [BrokerFault['kind'], number])[] = [
  ['taken late', 1],
  ['answered late', 1],
  ['answer lost', 1],
  ['taken twice', 1],
  ['connection cut', 1],
]

/** Taken in turn, so that few acts meet them all. */
const roles: readonly NodeRole[] = [
  'transaction coordinator',
  'sink leader',
  'group coordinator',
  'source leader',
]

/** Much more often in recovery and in the flow than while the program is loaded. */
const origins: readonly (readonly [Since, number])[] = [
  ['start', 1],
  ['recovery', 4],
  ['running', 5],
]

/** The longest delay from each. */
const reachMs: Readonly<Record<Since, number>> = { start: 600, recovery: 400, running: 1_200 }

class Dice {
  readonly #random: () => number

  constructor(seed: number) {
    this.#random = randomNumbers(seed)
  }

  upTo(max: number): number {
    return Math.floor(this.#random() * (max + 1))
  }

  chance(part: number): boolean {
    return this.#random() < part
  }

  among<T>(choices: readonly (readonly [T, number])[]): T {
    let left = this.#random() * choices.reduce((sum, [, weight]) => sum + weight, 0)
    for (const [choice, weight] of choices) {
      left -= weight
      if (left < 0) return choice
    }
    return choices.at(-1)![0]
  }
}

/** How many processes an act ends by SIGKILL. */
export function killsOf(act: Act): number {
  switch (act.kind) {
    case 'engine killed':
      return 1
    case 'zombie':
      return act.killNextAfterMs === null ? 0 : 1
    case 'broker killed':
    case 'node killed':
      return act.killsEngine ? 2 : 1
    case 'zombie of other state':
    case 'second start':
    case 'SIGTERM':
    case 'broker slow':
    case 'broker faulty':
    case 'node slow':
    case 'rolling restart':
      return 0
    default:
      return act satisfies never
  }
}

function dealAct(dice: Dice, weights: Weights, role: NodeRole): Act {
  const kind = dice.among(weights)
  const since = dice.among(origins)
  const afterMs = dice.upTo(reachMs[since])
  switch (kind) {
    case 'engine killed':
      return { kind, since, afterMs }
    case 'zombie': {
      const wakeAfterMs = dice.upTo(1_500)
      const killNextAfterMs = dice.chance(0.4) ? dice.upTo(600) : null
      return { kind, afterMs, wakeAfterMs, killNextAfterMs }
    }
    case 'zombie of other state':
      return { kind, afterMs, wakeAfterMs: dice.upTo(800) }
    case 'second start':
      return { kind, isStopped: dice.chance(0.5) }
    case 'SIGTERM':
      // Before its recovery a process has no handler yet: SIGTERM would be one more kill.
      return {
        kind,
        since: since === 'start' ? 'recovery' : since,
        afterMs,
        nextParallelism: 1 + dice.upTo(2),
      }
    case 'broker killed':
      return { kind, since, afterMs, downMs: dice.upTo(1_500), killsEngine: dice.chance(0.3) }
    case 'broker slow':
      return { kind, since, afterMs, forMs: 100 + dice.upTo(2_400) }
    case 'broker faulty': {
      const [api, faultKind] = [dice.among(apis), dice.among(faultKinds)]
      const times = 1 + dice.upTo(3)
      return {
        kind,
        since,
        afterMs,
        fault: { api, kind: faultKind, ms: dice.upTo(800), times, forMs: 2_000 },
      }
    }
    case 'node killed':
      // Longer and shorter than the cluster takes to see it and to put others in its place.
      return { kind, role, since, afterMs, downMs: dice.upTo(6_000), killsEngine: dice.chance(0.3) }
    case 'node slow':
      return { kind, role, since, afterMs, forMs: 500 + dice.upTo(6_000) }
    case 'rolling restart':
      return { kind, since, afterMs }
    default:
      return kind satisfies never
  }
}

/** Acts that kill `numKills` processes, or one more. */
export function dealRound(
  seed: number,
  round: number,
  numKills: number,
  broker: BrokerForm = 'one',
): readonly Act[] {
  const dice = new Dice(seed * 1_000_003 + round)
  const weights = weightsOf[broker]
  let turn = dice.upTo(roles.length - 1)
  const acts: Act[] = []
  for (let left = numKills; left > 0; ) {
    const act = dealAct(dice, weights, roles[turn % roles.length]!)
    if ('role' in act) turn++
    acts.push(act)
    left -= killsOf(act)
  }
  return acts
}

export function describeAct(act: Act): string {
  const when = (since: Since, ms: number) =>
    since === 'start'
      ? `${ms} ms after its start`
      : `${ms} ms into its ${since === 'recovery' ? 'recovery' : 'work'}`
  switch (act.kind) {
    case 'engine killed':
      return `engine killed ${when(act.since, act.afterMs)}`
    case 'zombie': {
      const next =
        act.killNextAfterMs === null
          ? ''
          : `, the next one killed ${act.killNextAfterMs} ms into its recovery`
      return `engine stopped and replaced ${when('running', act.afterMs)}, woken after ${act.wakeAfterMs} ms${next}`
    }
    case 'zombie of other state':
      return `engine stopped ${when('running', act.afterMs)}, resumed elsewhere, woken ${act.wakeAfterMs} ms later`
    case 'second start':
      return `second start on the state of ${act.isStopped ? 'a stopped' : 'a running'} engine`
    case 'SIGTERM':
      return `SIGTERM ${when(act.since, act.afterMs)}, then parallelism ${act.nextParallelism}`
    case 'broker killed':
      return `broker killed ${when(act.since, act.afterMs)} for ${act.downMs} ms${act.killsEngine ? ', engine killed meanwhile' : ''}`
    case 'broker slow':
      return `broker stands still ${when(act.since, act.afterMs)} for ${act.forMs} ms`
    case 'broker faulty': {
      const { api, kind, ms, times } = act.fault
      const late = kind.endsWith('late') ? ` by ${ms} ms` : ''
      return `broker faulty ${when(act.since, act.afterMs)}: ${times} ${api} ${kind}${late}`
    }
    case 'node killed':
      return `${act.role} killed ${when(act.since, act.afterMs)} for ${act.downMs} ms${act.killsEngine ? ', engine killed meanwhile' : ''}`
    case 'node slow':
      return `${act.role} stands still ${when(act.since, act.afterMs)} for ${act.forMs} ms`
    case 'rolling restart':
      return `brokers restarted in turn ${when(act.since, act.afterMs)}`
    default:
      return act satisfies never
  }
}

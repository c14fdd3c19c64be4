/**
 * Random kills, in rounds: each has a broker and a job of its own and ends with a verdict. A failure names the round,
 * which the same seed deals again.
 */
import { startBroker, startCluster } from '../broker/start-broker.ts'
import { Round } from '../chaos/round.ts'
import { type Act, type BrokerForm, dealRound, describeAct, killsOf } from '../chaos/schedule.ts'
import { threadArgs } from '../options.ts'
import { inParallel, play, type Scenario, type ScenarioResult } from '../scenario.ts'
import { SourceClient } from '../source-client.ts'
import { Trial } from '../trial.ts'

export interface RandomKills {
  /** As `--broker` names it. */
  readonly broker: string
  /** 1, or 3: a cluster whose brokers are killed one at a time. */
  readonly brokers: number
  readonly seed: number
  readonly kills: number
  /** Rounds at a time. */
  readonly width: number
  /** Only rounds whose `family/name` holds this text. */
  readonly only?: string | undefined
  readonly threads: number
}

const FAMILY = 'random kills'
const CHECKPOINT_INTERVAL = '100 ms'
const TRAFFIC_PERIOD_MS = 100

/** A round on the dev broker is short; real Kafka takes seconds to start. */
const killsPerRound = (broker: string, brokers: number): number => {
  if (brokers > 1) return 30
  return broker === 'dev' ? 25 : 50
}

function formOf(broker: string, brokers: number): BrokerForm {
  if (brokers > 1) return 'cluster'
  return broker === 'dev' ? 'dev' : 'one'
}

interface KillRound {
  readonly number: number
  readonly name: string
  readonly acts: readonly Act[]
}

function killRounds({ broker, brokers, seed, kills, only = '' }: RandomKills): readonly KillRound[] {
  const size = killsPerRound(broker, brokers)
  const rounds = Array.from({ length: Math.ceil(kills / size) }, (_, n) => ({
    number: n + 1,
    name: `seed ${seed}, round ${n + 1}`,
    acts: dealRound(seed, n + 1, Math.min(size, kills - n * size), formOf(broker, brokers)),
  }))
  // The end of the name, so that round 1 is not round 10 too.
  const chosen = rounds.filter(({ name }) => only === '' || `${FAMILY}/${name}`.endsWith(only))
  if (chosen.length === 0) throw new Error(`there is no round with '${only}' at the end of its name`)
  return chosen
}

/** How often each kind of act came, most frequent first. */
function countActs(acts: readonly Act[]): string {
  const counts = new Map<string, number>()
  for (const { kind } of acts) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([kind, count]) => `${kind} ${count}`)
    .join(', ')
}

function howToRepeat(
  { broker, brokers, seed, kills, threads }: RandomKills,
  { number, acts }: KillRound,
): string {
  const command = `npm run prove -- --broker ${broker} --brokers ${brokers} --kills ${kills} --seed ${seed} --threads ${threads} --only 'round ${number}'`
  const lines = acts.map((act, n) => `${n + 1}. ${describeAct(act)}`)
  return [`again: ${command}`, ...lines].join('\n')
}

const scenarioOf = ({ name, acts }: KillRound): Scenario => ({
  family: FAMILY,
  name,
  async run(trial) {
    trial.params['INTERVAL'] = CHECKPOINT_INTERVAL
    trial.traffic.periodMs = TRAFFIC_PERIOD_MS
    await new Round(trial).play(acts)
    return [countActs(acts)]
  },
})

interface PlayedRound {
  readonly label: string
  readonly result: ScenarioResult
}

async function playRound(options: RandomKills, round: KillRound, folder: string): Promise<PlayedRound> {
  await using broker = await (options.brokers > 1 ? startCluster : startBroker)(options.broker)
  if (broker.kill === undefined && broker.nodes === undefined)
    throw new Error(`${broker.label} is not ours to kill: --broker dev, 3.9 or 4.x`)
  const client = await SourceClient.connect(broker.bootstrap, { isPatient: true })
  // Short names: the path of a lease's socket must be.
  const place = {
    broker,
    client,
    folder,
    runId: `kills-${Date.now().toString(36)}`,
    jobArgs: threadArgs(options),
  }
  try {
    const result = await play(scenarioOf(round), () => Trial.create(place, `r${round.number}`, options.seed))
    const outcome = result.passed ? result.outcome : `${result.outcome}\n${howToRepeat(options, round)}`
    return { label: broker.label, result: { ...result, outcome } }
  } finally {
    await client.close({ deleteTopics: false })
  }
}

/** `say` hears of each round as it ends. */
export async function playRandomKills(
  options: RandomKills,
  folder: string,
  say: (result: ScenarioResult) => void,
): Promise<{ readonly label: string; readonly results: readonly ScenarioResult[] }> {
  const rounds = killRounds(options)
  const acts = rounds.flatMap(round => round.acts)
  const numKills = acts.reduce((sum, act) => sum + killsOf(act), 0)
  console.log(`${numKills} kills in ${rounds.length} rounds: ${countActs(acts)}\n`)
  const played = await inParallel(rounds, options.width, async round => {
    const one = await playRound(options, round, folder)
    say(one.result)
    return one
  })
  return { label: played[0]!.label, results: played.map(({ result }) => result) }
}

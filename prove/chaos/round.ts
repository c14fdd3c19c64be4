/**
 * Plays the acts of one round on one job, whose source is written all the while. An engine may die only by the act, or
 * with a coded error while its broker is away; whatever else happens is a failure, and so is waiting without an end.
 */

import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { JobEnd, JobProcess } from '../../harness/job-process.ts'
import { witnessGroup } from '../../src/connectors/kafka/transaction/witness.ts'
import type { Broker, BrokerNode } from '../broker/broker.ts'
import { type NodeRole, nodeOf, untilInSync } from '../broker/cluster-map.ts'
import type { Trial } from '../trial.ts'
import { type Act, describeAct, type Since } from './schedule.ts'

const POLL_MS = 10
const REACH_TIMEOUT_MS = 90_000
const END_TIMEOUT_MS = 90_000
/** An engine that ends by itself within this time of an outage may have done so because of it. */
const OUTAGE_ECHO_MS = 30_000

/** The fail point whose first passing is the moment. */
const firstPoints: Readonly<Record<Since, string | null>> = {
  start: null,
  recovery: 'lease.start',
  running: 'kafka.begin',
}

/** What a replaced engine says; the last one if it never came to run, since then it does not try again. */
const REPLACED = /MR_LEASE_LOST|MR_KAFKA_PREFIX_TAKEN/
const REPLACED_AT_START = /MR_KAFKA_TRANSACTION_FENCED/
/** What an engine says that gave up because it cannot reach its broker. */
const OUT_OF_REACH = /MR_KAFKA_\w+/
const BUG = /MR_INTERNAL\w*|bug of Millrace|bug in Millrace/

export class Round {
  readonly #trial: Trial
  readonly #broker: Broker
  #life: JobProcess | null = null
  #stateDirectory: string
  #resume = 'latest'
  #parallelism = 1
  #numStates = 1
  #lastOutage = Number.NEGATIVE_INFINITY
  #faultsOverAt = 0

  constructor(trial: Trial) {
    this.#trial = trial
    this.#broker = trial.broker
    this.#stateDirectory = trial.stateDirectory
  }

  async play(acts: readonly Act[]): Promise<void> {
    for (const [n, act] of acts.entries()) {
      try {
        await this.#play(act)
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error)
        throw new Error(`act ${n + 1}, ${describeAct(act)}: ${reason}`)
      }
    }
    // Faults are meant for the engine, not for those who judge it.
    await sleep(Math.max(0, this.#faultsOverAt - performance.now()))
    await this.#trial.finish({ args: this.#args() })
    this.#checkLogs()
  }

  #args(): string[] {
    const state = ['--state-dir', this.#stateDirectory, '--resume', this.#resume]
    return [...state, '-D', `parallelism.default=${this.#parallelism}`]
  }

  #start(): JobProcess {
    this.#life = this.#trial.start({ args: this.#args() })
    return this.#life
  }

  /** The engine that runs, or a new one. */
  #engine(): JobProcess {
    const life = this.#life
    if (life === null) return this.#start()
    if (life.ended) {
      this.#checkGaveUp(life)
      return this.#start()
    }
    return life
  }

  #checkGaveUp(life: JobProcess): void {
    const since = performance.now() - this.#lastOutage
    if (since > OUTAGE_ECHO_MS || !OUT_OF_REACH.test(life.lastLines()))
      throw new Error(`the engine ended by itself\n${life.lastLines()}`)
  }

  /** An engine that has come so far and lived on for `afterMs`. */
  async #engineAt(since: Since, afterMs: number): Promise<JobProcess> {
    const point = firstPoints[since]
    const deadline = performance.now() + REACH_TIMEOUT_MS
    for (;;) {
      const life = this.#engine()
      while (point !== null && !life.ended && life.numHits(point) === 0) {
        if (performance.now() > deadline) throw new Error(`${point} was not reached\n${life.lastLines()}`)
        await sleep(POLL_MS)
      }
      if (life.ended) continue
      await sleep(afterMs)
      if (!life.ended) return life
    }
  }

  async #kill(life: JobProcess): Promise<void> {
    life.killQuietly()
    await life.exited
    this.#life = null
  }

  async #endOf(life: JobProcess): Promise<JobEnd> {
    const end = await this.#trial.endOf(life, END_TIMEOUT_MS)
    if (end === null) throw new Error(`the engine does not end\n${life.lastLines()}`)
    return end
  }

  async #play(act: Act): Promise<void> {
    switch (act.kind) {
      case 'engine killed':
        return this.#kill(await this.#engineAt(act.since, act.afterMs))
      case 'zombie':
        return this.#replace(act)
      case 'zombie of other state':
        return this.#replaceElsewhere(act)
      case 'second start':
        return this.#startTwice(act.isStopped)
      case 'SIGTERM':
        await this.#stop(await this.#engineAt(act.since, act.afterMs))
        this.#parallelism = act.nextParallelism
        return
      case 'broker killed':
        return this.#killBroker(act)
      case 'broker slow':
        await this.#engineAt(act.since, act.afterMs)
        this.#broker.pause!()
        await sleep(act.forMs)
        this.#broker.resume!()
        this.#lastOutage = performance.now()
        return
      case 'broker faulty':
        await this.#engineAt(act.since, act.afterMs)
        this.#broker.disturb!(act.fault)
        this.#faultsOverAt = performance.now() + act.fault.forMs
        this.#lastOutage = performance.now()
        return
      case 'node killed':
        return this.#killNode(act)
      case 'node slow':
        return this.#stopNode(act)
      case 'rolling restart':
        await this.#engineAt(act.since, act.afterMs)
        return this.#restartNodes()
      default:
        return act satisfies never
    }
  }

  async #stop(life: JobProcess): Promise<void> {
    life.signal('SIGTERM')
    const { code, signal } = await this.#endOf(life)
    if (code !== 0)
      throw new Error(`the engine ended with ${signal ?? code} after SIGTERM\n${life.lastLines()}`)
    this.#life = null
  }

  async #killBroker(act: Extract<Act, { kind: 'broker killed' }>): Promise<void> {
    const life = await this.#engineAt(act.since, act.afterMs)
    await this.#broker.kill!()
    await sleep(act.downMs)
    if (act.killsEngine) await this.#kill(life)
    await this.#broker.restart!()
    this.#lastOutage = performance.now()
  }

  async #node(role: NodeRole): Promise<BrokerNode> {
    const { prefix, topics } = this.#trial
    const names = {
      transactionalId: `${prefix}.0`,
      group: witnessGroup(prefix),
      source: topics.source,
      sink: topics.totals,
    }
    return this.#broker.nodes!.get(await nodeOf(this.#broker.bootstrap, role, names))!
  }

  #untilInSync(): Promise<void> {
    return untilInSync(this.#broker.bootstrap, Object.values(this.#trial.topics))
  }

  async #killNode(act: Extract<Act, { kind: 'node killed' }>): Promise<void> {
    const life = await this.#engineAt(act.since, act.afterMs)
    const node = await this.#node(act.role)
    await node.end('SIGKILL')
    await sleep(act.downMs)
    if (act.killsEngine) await this.#kill(life)
    await node.start()
    // Two of three replicas must be there for a write: no second one may go before.
    await this.#untilInSync()
  }

  /** Longer than the cluster waits, it comes back as a leader that was replaced. */
  async #stopNode(act: Extract<Act, { kind: 'node slow' }>): Promise<void> {
    await this.#engineAt(act.since, act.afterMs)
    const node = await this.#node(act.role)
    node.pause()
    await sleep(act.forMs)
    node.resume()
    await this.#untilInSync()
  }

  async #restartNodes(): Promise<void> {
    for (const node of this.#broker.nodes!.values()) {
      await node.end('SIGTERM')
      await node.start()
      await this.#untilInSync()
    }
  }

  /** The socket goes as it would with the machine of the first engine; what is left to tell it is its lease. */
  async #replace(act: Extract<Act, { kind: 'zombie' }>): Promise<void> {
    const zombie = await this.#engineAt('running', act.afterMs)
    zombie.signal('SIGSTOP')
    removeSockets(this.#stateDirectory)
    this.#life = null
    const next = await this.#engineAt('recovery', 0)
    const waking = sleep(act.wakeAfterMs).then(() => zombie.signal('SIGCONT'))
    if (act.killNextAfterMs !== null) {
      await sleep(act.killNextAfterMs)
      await this.#kill(next)
    }
    await waking
    await this.#engineAt('running', 0)
    await this.#mustBeReplaced(zombie)
  }

  async #replaceElsewhere(act: Extract<Act, { kind: 'zombie of other state' }>): Promise<void> {
    const zombie = await this.#engineAt('running', act.afterMs)
    zombie.signal('SIGSTOP')
    this.#resume = newestCheckpoint(this.#stateDirectory)
    this.#stateDirectory = `${this.#trial.stateDirectory}-${++this.#numStates}`
    this.#life = null
    // Woken before the fence, it would commit what the checkpoint that is resumed does not know.
    await this.#engineAt('running', act.wakeAfterMs)
    this.#resume = 'latest'
    zombie.signal('SIGCONT')
    // An InitProducerId it had under way aborts what the next one has open.
    this.#lastOutage = performance.now()
    await this.#mustBeReplaced(zombie)
  }

  async #mustBeReplaced(zombie: JobProcess): Promise<void> {
    const { code, signal } = await this.#endOf(zombie)
    const said = readFileSync(zombie.logFile, 'utf8')
    const isTold = REPLACED.test(said) || (!said.includes('"job is running"') && REPLACED_AT_START.test(said))
    if (code === 3 && isTold) return
    throw new Error(
      `a replaced engine ended with ${signal ?? code} and does not say why\n${zombie.lastLines()}`,
    )
  }

  async #startTwice(isStopped: boolean): Promise<void> {
    const life = await this.#engineAt('running', 0)
    if (isStopped) life.signal('SIGSTOP')
    const second = this.#trial.start({ args: this.#args() })
    const { code, signal } = await this.#endOf(second)
    life.signal('SIGCONT')
    if (code !== 2 || !second.lastLines().includes('MR_STATE_DIR_IN_USE'))
      throw new Error(`a second start ended with ${signal ?? code}\n${second.lastLines()}`)
  }

  #checkLogs(): void {
    for (const { logFile } of this.#trial.lives) {
      const line = readFileSync(logFile, 'utf8')
        .split('\n')
        .find(each => BUG.test(each))
      if (line !== undefined) throw new Error(`${logFile} tells of a bug: ${line}`)
    }
  }
}

/** The job's own directory in the state directory. */
const jobDirectory = (stateDirectory: string): string => join(stateDirectory, 'prove')

function removeSockets(stateDirectory: string): void {
  const socket = join(jobDirectory(stateDirectory), 'lease.sock')
  if (!existsSync(socket)) throw new Error(`there is no ${socket}: its path is too long`)
  rmSync(socket)
}

function newestCheckpoint(stateDirectory: string): string {
  const directory = jobDirectory(stateDirectory)
  const found = readdirSync(directory).flatMap(name => {
    const match = /^(?:chk|savepoint)-(\d+)-(\d+)$/.exec(name)
    if (match === null || !existsSync(join(directory, name, 'manifest.json'))) return []
    return [{ path: join(directory, name), id: Number(match[1]), incarnation: Number(match[2]) }]
  })
  const [newest] = found.sort((a, b) => b.incarnation - a.incarnation || b.id - a.id)
  if (newest === undefined) throw new Error(`there is no checkpoint in ${directory}`)
  return newest.path
}

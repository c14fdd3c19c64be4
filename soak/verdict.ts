/** What a soak has shown, check by check. */
import { type Flatness, flatness, type Limit, median, type Point } from './flatness.ts'
import type { Sample } from './sample.ts'
import type { WindowVerdict } from './window-check.ts'

export interface LifeFacts {
  /** Seconds since the soak began. */
  readonly from: number
  readonly to: number
  readonly endedBy: 'SIGKILL' | 'SIGTERM'
  readonly numResumedTransactions: number
  readonly restoredCheckpoint: string | null
}

export interface Evidence {
  readonly samples: readonly Sample[]
  readonly lives: readonly LifeFacts[]
  readonly windows: WindowVerdict
  readonly numRecords: number
  readonly rate: number
}

export interface Check {
  readonly name: string
  readonly holds: boolean
  readonly text: string
}

/** Measured: a job that does nothing has 130 MiB, this one up to 235. */
const MAX_RSS = 400 * 1024 * 1024
/** V8 sizes its heap in the first minute; a soak of a minute has only seconds for that. */
const MAX_WARM_UP_SECONDS = 60
/** State needs so long to hold as many sessions as it will ever hold: their life, the TTL, a checkpoint. */
export const STATE_WARM_UP_SECONDS = 20

const MIB = 1024 * 1024
export const memoryLimit: Limit = { ratio: 0.15, absolute: 32 * MIB }
/** Of a process that ran for minutes. Measured over 15: from 207 to 212 MiB. */
const steadyMemoryLimit: Limit = { ratio: 0.08, absolute: 8 * MIB }
const STEADY_SECONDS = 300
/** A busy moment of the machine fills a soak of a minute. */
const durationLimit: Limit = { ratio: 1, absolute: 2_000 }
const steadyDurationLimit: Limit = { ratio: 1, absolute: 500 }
const stateLimit: Limit = { ratio: 0.25, absolute: 128 * 1024 }

const mib = (bytes: number) => `${(bytes / MIB).toFixed(1)} MiB`
const kib = (bytes: number) => `${(bytes / 1024).toFixed(0)} KiB`
const plain = (value: number) => value.toFixed(0)
const millis = (value: number) => `${value.toFixed(0)} ms`

function pointsOf(samples: readonly Sample[], value: (sample: Sample) => number | null): Point[] {
  return samples.flatMap(sample => {
    const found = value(sample)
    return found === null ? [] : [{ at: sample.at, value: found }]
  })
}

function flat(name: string, points: readonly Point[], limit: Limit, show: (value: number) => string): Check {
  const result: Flatness | null = flatness(points, limit)
  if (result === null) return { name, holds: false, text: `too few samples (${points.length})` }
  const { first, last, allowed, perHour, isFlat } = result
  const trend = `${perHour < 0 ? '−' : '+'}${show(Math.abs(perHour))}/h`
  return {
    name,
    holds: isFlat,
    text: `${show(first)} → ${show(last)}, at most ${show(allowed)}; trend ${trend}`,
  }
}

/** The samples of the process that ran longest, without its warm-up. */
export function undisturbed(samples: readonly Sample[], lives: readonly LifeFacts[]): readonly Sample[] {
  const seconds = lives.map(({ from, to }) => to - from)
  const longest = seconds.indexOf(Math.max(...seconds))
  const warmUp = Math.min(MAX_WARM_UP_SECONDS, (seconds[longest] ?? 0) / 3)
  return samples.filter(({ life, age }) => life === longest && age >= warmUp)
}

/** One sample per checkpoint. */
const perCheckpoint = (samples: readonly Sample[]): Sample[] =>
  samples.filter(({ checkpoint, life }, i) => {
    const before = samples[i - 1]
    return checkpoint !== null && (before?.checkpoint !== checkpoint || before.life !== life)
  })

export function judge(evidence: Evidence): readonly Check[] {
  return [...flatnessChecks(evidence), ...truthChecks(evidence), ...proofChecks(evidence)]
}

function flatnessChecks({ samples, lives, rate }: Evidence): Check[] {
  const quiet = undisturbed(samples, lives)
  const isSteady = (quiet.at(-1)?.age ?? 0) >= STEADY_SECONDS
  const warm = samples.filter(({ at }) => at >= STATE_WARM_UP_SECONDS)
  const checkpoints = perCheckpoint(warm)
  const peak = Math.max(0, ...samples.map(({ rssBytes }) => rssBytes))
  return [
    {
      name: 'peak memory',
      holds: peak > 0 && peak < MAX_RSS,
      text: `${mib(peak)}, less than ${mib(MAX_RSS)}`,
    },
    flat(
      'memory of one process',
      pointsOf(quiet, s => s.rssBytes),
      isSteady ? steadyMemoryLimit : memoryLimit,
      mib,
    ),
    ...handleChecks(samples, quiet, lives),
    flat(
      'state in checkpoints',
      pointsOf(checkpoints, s => s.checkpointBytes),
      stateLimit,
      kib,
    ),
    flat(
      'checkpoints on disk',
      pointsOf(warm, s => s.checkpointsOnDiskBytes),
      { ratio: 1, absolute: MIB },
      kib,
    ),
    flat(
      'checkpoint duration',
      pointsOf(checkpoints, s => s.checkpointMs),
      isSteady ? steadyDurationLimit : durationLimit,
      millis,
    ),
    flat(
      'lag',
      pointsOf(warm, s => s.lag),
      { ratio: 0, absolute: 2 * rate },
      plain,
    ),
  ]
}

/** Within one process, and from the first to the last: what a restart leaves behind in the next. */
function handleChecks(
  samples: readonly Sample[],
  quiet: readonly Sample[],
  lives: readonly LifeFacts[],
): Check[] {
  const known = samples.flatMap(({ life, numHandles }) => (numHandles === null ? [] : [{ life, numHandles }]))
  // No /proc here.
  if (known.length === 0) return []
  const medianOf = (wanted: number) => {
    const own = known.filter(({ life }) => life === wanted).map(({ numHandles }) => numHandles)
    return own.length === 0 ? null : median(own)
  }
  const medians = lives.map((_, life) => medianOf(life)).filter(value => value !== null)
  const [first, last] = [medians[0] ?? 0, medians.at(-1) ?? 0]
  return [
    flat(
      'open files of one process',
      pointsOf(quiet, s => s.numHandles),
      { ratio: 0, absolute: 2 },
      plain,
    ),
    {
      name: 'open files over restarts',
      holds: medians.length > 1 && last <= first + 4,
      text: `${first} in the first process, ${last} in the last`,
    },
  ]
}

function truthChecks({ windows, numRecords }: Evidence): Check[] {
  const { numRight, numMissing, numUnexpected, numWrong } = windows
  return [
    {
      name: 'exactly once',
      holds: numRight > 0 && numMissing + numUnexpected + numWrong === 0,
      text: `${numRight} window rows right, ${numMissing} lost, ${numUnexpected} duplicated or foreign, ${numWrong} wrong, over ${numRecords} records`,
    },
  ]
}

/** A soak in which nothing was killed or restored has shown nothing. */
function proofChecks({ samples, lives }: Evidence): Check[] {
  const numKills = lives.filter(({ endedBy }) => endedBy === 'SIGKILL').length
  const numRestored = lives.filter(({ restoredCheckpoint }) => restoredCheckpoint !== null).length
  const numResumed = lives.reduce((sum, life) => sum + life.numResumedTransactions, 0)
  return [
    {
      name: 'restarts',
      holds: numKills > 0 && numRestored === lives.length - 1,
      text: `${lives.length} processes, ${numKills} ended by SIGKILL; ${numRestored} went on from a checkpoint, ${numResumed} transactions resumed`,
    },
    {
      name: 'samples',
      holds: new Set(samples.map(({ life }) => life)).size === lives.length,
      text: `${samples.length}, of every process`,
    },
  ]
}

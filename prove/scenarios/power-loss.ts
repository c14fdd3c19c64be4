/**
 * The power goes at a step of checkpoint and files: the process dies, and with it everything that was not fsynced. The
 * next process must set all right from what a disk may hold then.
 */
import { join } from 'node:path'
import { crashPoints, wayTo } from '../crash-points.ts'
import type { ProveOptions } from '../options.ts'
import { type Loss, losePower, losses } from '../power-loss.ts'
import type { Scenario } from '../scenario.ts'
import type { Trial } from '../trial.ts'

const FAMILY = 'power loss'

const tracePath = (trial: Trial): string => join(trial.folder, 'files')

/** Dies at each of the steps in turn; at the last the power goes. */
const poweredOff = (kills: readonly (readonly [point: string, hit: number])[], loss: Loss): Scenario => ({
  family: FAMILY,
  name: `${kills.map(([point, hit]) => `${point}@${hit}`).join(', ')}; of what was not fsynced: ${loss}`,
  async run(trial) {
    const env = { MILLRACE_FILE_TRACE: tracePath(trial) }
    for (const [point, hit] of kills) await trial.startAndDie(`${point}=kill@${hit}`, { env })
    losePower(trial.folder, tracePath(trial), loss)
    await trial.finish()
    return [...kills.map(([point]) => `killed at ${point}`), `not fsynced: ${loss}`]
  },
})

const points = Object.keys(crashPoints).filter(
  point => /^(checkpoint|file|lease)\./.test(point) || point.startsWith('kafka.commit.'),
)

/** Where most hangs on what is durable: these get every loss. */
const decisive = [
  'file.manifest.renamed',
  'file.manifest.durable',
  'kafka.commit.visible',
  'file.confirmed.renamed',
  'file.removal.after',
]

/** A start relies on what a process before it did not make durable. */
const afterAnother: readonly (readonly [string, number])[][] = [
  [
    ['file.directory.made', 1],
    ['kafka.commit.visible', 3],
  ],
  [
    ['file.directory.made', 2],
    ['kafka.commit.visible', 3],
  ],
  [
    ['file.lease.renamed', 1],
    ['kafka.commit.visible', 3],
  ],
  [
    ['file.manifest.renamed', 3],
    ['kafka.recover.commit.after', 1],
  ],
  [
    ['file.manifest.renamed', 1],
    ['kafka.commit.visible', 2],
  ],
  [
    ['file.confirmed.renamed', 3],
    ['checkpoint.after-prune', 2],
  ],
]

/** Disks do not depend on the broker, so the dev broker's run does for all. */
export function powerLoss({ broker, short, seed }: ProveOptions): Scenario[] {
  if (broker !== 'dev') return []
  const all = [
    ...points.flatMap((point, n) => {
      const hit = wayTo(point) === 'flow' ? 3 : 1
      const own = decisive.includes(point) ? losses : [losses[n % losses.length]!]
      return own.map(loss => poweredOff([[point, hit]], loss))
    }),
    ...afterAnother.map(kills => poweredOff(kills, 'nothing')),
  ]
  return short ? all.filter((_, n) => n % 8 === seed % 8) : all
}

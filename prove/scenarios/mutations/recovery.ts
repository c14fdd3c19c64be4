/** Safeguards of a start that finds the traces of a process that died. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Mutation } from '../../mutation.ts'
import type { Trial } from '../../trial.ts'
import { fencedByStranger, leavePrepared } from '../steps.ts'

const resumed = async (trial: Trial, mutate: string | undefined): Promise<void> => {
  await leavePrepared(trial)
  await trial.finish({ mutate })
}

/** The path of the only savepoint. */
function savepointOf(trial: Trial): string {
  const folder = join(trial.stateDirectory, 'prove')
  const [name] = readdirSync(folder).filter(entry => entry.startsWith('savepoint-'))
  if (name === undefined) throw new Error('there is no savepoint')
  return join(folder, name)
}

export const recoveryMutations: readonly Mutation[] = [
  {
    name: 'no-resume',
    safeguard: 'a start commits the transactions its manifest names',
    cases: [{ name: 'killed between manifest and commit', run: resumed }],
  },
  {
    name: 'fence-first',
    safeguard: 'a start commits what its manifest names before it fences',
    cases: [
      {
        name: 'killed before the commit of a savepoint, started with --resume PATH',
        async run(trial, mutate) {
          trial.params['INTERVAL'] = '9 s'
          const life = trial.start({ failPoints: 'kafka.commit.before=kill@1' })
          await life.reached('kafka.produce.after', 4)
          life.signal('SIGTERM')
          await trial.diesAt('kafka.commit.before', life)
          trial.params['INTERVAL'] = '200 ms'
          await trial.finish({ mutate, args: ['--resume', savepointOf(trial)] })
        },
      },
    ],
  },
  {
    name: 'no-fence',
    safeguard: 'a start fences every transactional id',
    cases: [
      {
        name: 'killed with transactions open under two ids',
        async run(trial, mutate) {
          await trial.startAndDie('checkpoint.acknowledged=kill@2')
          await trial.finish({ mutate })
        },
      },
    ],
  },
  {
    name: 'no-witness',
    safeguard: 'a witness tells an aborted transaction from a committed one',
    cases: [
      {
        name: 'killed between manifest and commit, then fenced by another job',
        async run(trial, mutate) {
          await leavePrepared(trial)
          await fencedByStranger(trial)
          await trial.finish({ mutate })
        },
      },
    ],
  },
  {
    name: 'offsets-from-group',
    safeguard: 'a start reads on from the offsets in the checkpoint, not from those of the group',
    cases: [
      {
        name: 'killed between commit and the offsets for lag monitors',
        async run(trial, mutate) {
          await trial.startAndDie('kafka.publish-offsets.before=kill@3')
          await trial.finish({ mutate })
        },
      },
    ],
  },
  {
    name: 'no-initial-checkpoint',
    safeguard: 'a fresh start stores its start-up offsets before it reads a record',
    cases: [
      {
        name: 'latest-offset, killed before the first checkpoint',
        async run(trial, mutate) {
          trial.params['STARTUP'] = 'latest-offset'
          const life = trial.start({ mutate, quiet: true, failPoints: 'checkpoint.prepared=kill@1' })
          await life.running()
          trial.traffic.start()
          await trial.diesAt('checkpoint.prepared', life)
          await trial.finish({ mutate })
        },
      },
    ],
  },
]

/** Safeguards of the files: what a power loss may take, and what a crash may leave half done. */
import { join } from 'node:path'
import type { Mutation } from '../../mutation.ts'
import { losePower } from '../../power-loss.ts'
import type { Trial } from '../../trial.ts'

const traced = (trial: Trial): Readonly<Record<string, string>> => ({
  MILLRACE_FILE_TRACE: join(trial.folder, 'files'),
})

/** A story of kills, the last of them with the power; everything that was not fsynced is gone. */
const poweredOff =
  (...kills: readonly string[]) =>
  async (trial: Trial, mutate: string | undefined): Promise<void> => {
    for (const kill of kills) await trial.startAndDie(kill, { mutate, env: traced(trial) })
    losePower(trial.folder, join(trial.folder, 'files'), 'nothing')
    await trial.finish()
  }

/** Everything of the checkpoint is committed, and then the power goes: its manifest must still be there. */
const powerLossAfterCommit = poweredOff('kafka.commit.visible=kill@3')

export const diskMutations: readonly Mutation[] = [
  {
    name: 'no-fsync',
    safeguard: 'files are fsynced before they are relied on',
    cases: [{ name: 'power loss after a commit', run: powerLossAfterCommit }],
  },
  {
    name: 'no-directory-fsync',
    safeguard: 'names of files are fsynced before they are relied on',
    cases: [{ name: 'power loss after a commit', run: powerLossAfterCommit }],
  },
  {
    name: 'no-settle',
    safeguard: 'a start makes the manifest it found durable before it commits on its word',
    cases: [
      {
        name: 'killed before the name of a manifest was durable; power loss when the next start has committed',
        run: poweredOff('file.manifest.renamed=kill@3', 'kafka.recover.commit.after=kill@1'),
      },
    ],
  },
  {
    name: 'no-path-fsync',
    safeguard: 'a first start makes the names above its state directory durable, whoever made them',
    cases: [
      {
        name: 'killed after making a directory; power loss after commits of the next start',
        run: poweredOff('file.directory.made=kill@1', 'kafka.commit.visible=kill@3'),
      },
    ],
  },
  {
    name: 'no-rename',
    safeguard: 'files are written beside the old ones and renamed',
    cases: [
      {
        name: 'killed after a commit, and again while the start after it writes the manifest anew',
        async run(trial, mutate) {
          await trial.startAndDie('kafka.commit.visible=kill@3')
          await trial.startAndDie('file.manifest.half=kill@1', { mutate })
          await trial.finish()
        },
      },
    ],
  },
]

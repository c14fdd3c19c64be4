/** Safeguards of the files: what a power loss may take, and what a crash may leave half done. */
import { join } from 'node:path'
import type { Mutation } from '../../mutation.ts'
import { losePower } from '../../power-loss.ts'
import type { Trial } from '../../trial.ts'

const traced = (trial: Trial): Readonly<Record<string, string>> => ({
  MILLRACE_FILE_TRACE: join(trial.folder, 'files'),
})

/** Everything of the checkpoint is committed, and then the power goes: its manifest must still be there. */
async function powerLossAfterCommit(trial: Trial, mutate: string | undefined): Promise<void> {
  await trial.startAndDie('kafka.commit.visible=kill@3', { mutate, env: traced(trial) })
  losePower(trial.folder, join(trial.folder, 'files'), 'nothing')
  await trial.finish()
}

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

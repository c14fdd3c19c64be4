/** What several stories have in common. */
import type { Trial } from '../trial.ts'

/** A process that leaves a prepared transaction behind. */
export const leavePrepared = (trial: Trial): Promise<void> => trial.startAndDie('kafka.commit.before=kill@3')

/** A job of other state takes every slot and dies before it says so: prepared transactions are gone, no witness tells. */
export async function fencedByStranger(trial: Trial): Promise<void> {
  const args = ['--state-dir', `${trial.folder}/stranger`, '--resume', 'none']
  await trial.startAndDie('kafka.recover.done=kill', { args })
}

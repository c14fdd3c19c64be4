/**
 * Safeguards against a second owner: a process that was taken for dead and is not. Where two must live at once, the
 * socket of the state directory is not shared, as between two machines; where a zombie must get past the lease, it
 * does not see that the lease has changed, as on a file system whose reads are stale.
 */
import type { JobProcess } from '../../../harness/job-process.ts'
import { type Mutation, mutations } from '../../mutation.ts'
import type { Trial } from '../../trial.ts'
import { leavePrepared } from '../steps.ts'

const ownSocket = 'no-lease-socket'
const blind = 'no-lease-check'
/** A zombie gets this long to do harm, or to find out. */
const ZOMBIE_MS = 15_000

/** Lets go of what stands at a `hold`. */
const release = (life: JobProcess): void => life.signal('SIGUSR2')

async function endOfZombie(trial: Trial, zombie: JobProcess): Promise<void> {
  await trial.endOf(zombie, ZOMBIE_MS)
  zombie.killQuietly()
  await zombie.exited
}

/** A process that dies of its first failure, blind to the lease. */
function startZombie(trial: Trial, failPoints: string, mutate?: string): JobProcess {
  trial.params['RESTART'] = 'none'
  const zombie = trial.start({ failPoints, mutate: mutations(blind, mutate) })
  trial.params['RESTART'] = 'fixed-delay'
  return zombie
}

/**
 * The zombie stands before its manifest while its successor has read the manifests already; it goes on, commits the
 * checkpoint, and only then does the successor fence.
 */
async function commitsBehindReader(
  trial: Trial,
  mutate: string | undefined,
  committed: (successor: JobProcess) => Promise<void>,
): Promise<void> {
  const zombie = startZombie(trial, 'checkpoint.before-manifest=hold@4;kafka.commit.after=hold@3')
  await zombie.reached('checkpoint.before-manifest', 4)
  const successor = trial.start({
    mutate: mutations(ownSocket, mutate),
    failPoints: 'kafka.recover.start=hold@1',
  })
  await successor.reached('kafka.recover.start')
  release(zombie)
  await zombie.reached('kafka.commit.after', 3)
  zombie.killQuietly()
  await zombie.exited
  release(successor)
  await committed(successor)
  await trial.finish()
}

export const ownerMutations: readonly Mutation[] = [
  {
    name: 'no-lease-check',
    safeguard:
      'a process looks whether it still owns the state directory before each step that others would feel',
    cases: [
      {
        name: 'a start that was held up for long goes on when another has taken over',
        async run(trial, mutate) {
          await leavePrepared(trial)
          const first = trial.start({ mutate, failPoints: 'kafka.recover.fence.before=hold@1' })
          await first.reached('kafka.recover.fence.before')
          const second = trial.start({ mutate: mutations(ownSocket, mutate) })
          await second.reached('checkpoint.after-commit', 3)
          release(first)
          await endOfZombie(trial, first)
          if (second.numHits('kafka.recover.start') > 1)
            trial.complain('the owner was fenced by a process that had lost its lease')
          await trial.finish()
        },
      },
    ],
  },
  {
    name: 'no-lease-socket',
    safeguard: 'a second process on one state directory is refused while the first lives',
    cases: [
      {
        name: 'the same job is started twice',
        async run(trial, mutate) {
          const first = trial.start()
          await first.reached('checkpoint.after-commit', 2)
          const second = trial.start({ mutate })
          await trial.endOf(second, ZOMBIE_MS)
          if (first.ended || !second.ended) trial.complain('the second process displaced the first')
          await trial.finish()
        },
      },
    ],
  },
  {
    name: 'no-owner-check',
    safeguard: 'a start without state does not take the prefix of another job',
    cases: [
      {
        name: 'another job without state is started under the same prefix',
        async run(trial, mutate) {
          const first = trial.start()
          await first.reached('checkpoint.after-commit', 2)
          const second = trial.start({ mutate, args: ['--state-dir', `${trial.folder}/other`] })
          await trial.endOf(second, ZOMBIE_MS)
          if (first.ended || first.numHits('kafka.recover.start') > 1)
            trial.complain('the job that had the prefix was fenced')
          await trial.finish()
        },
      },
    ],
  },
  {
    name: 'no-epoch-check',
    safeguard: 'InitProducerId between transactions names the epoch it follows on',
    cases: [
      {
        name: 'a zombie with all ids used up renews them after another has taken over',
        async run(trial, mutate) {
          // The first renewal is that of the claim; then each commit has one, which is held.
          const zombie = startZombie(trial, 'kafka.init.checked=hold@2+', mutate)
          await zombie.reached('kafka.init.checked', 4)
          const second = trial.start({ mutate: ownSocket })
          await second.reached('checkpoint.after-commit', 3)
          release(zombie)
          await endOfZombie(trial, zombie)
          await trial.finish()
        },
      },
    ],
  },
  {
    name: 'no-verify',
    safeguard: 'a start looks once more, when everything is fenced, whether somebody committed meanwhile',
    cases: [
      {
        name: 'a zombie commits a checkpoint between the reading of the manifests and the fence',
        run: (trial, mutate) => commitsBehindReader(trial, mutate, async () => {}),
      },
    ],
  },
  {
    name: 'no-stable-read',
    safeguard:
      'that last look waits for offsets whose transaction has ended but which the group does not show yet',
    cases: [
      {
        name: 'the same, and the group coordinator is slow to show the witness',
        needsDev: true,
        async run(trial, mutate) {
          let show = () => {}
          const zombieCommits = commitsBehindReader(trial, mutate, async successor => {
            await successor.reached('kafka.recover.verify')
            await new Promise(resolve => setTimeout(resolve, 1_000))
            show()
          })
          await trial.lives[0]!.reached('checkpoint.before-manifest', 4)
          show = trial.broker.dev!.holdOffsets()
          await zombieCommits
        },
      },
    ],
  },
]

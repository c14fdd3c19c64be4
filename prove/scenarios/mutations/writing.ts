/** Safeguards of the write path: what a transaction holds when it is committed. */
import type { FaultedRequest, FaultHandle } from '../../../src/dev-broker/index.ts'
import type { Mutation } from '../../mutation.ts'
import type { Trial } from '../../trial.ts'

/** Whether a Produce request comes from the job, and not from the traffic. */
const isOfJob =
  (trial: Trial) =>
  ({ request }: FaultedRequest): boolean =>
    (request as { readonly transactionalId: string | null }).transactionalId?.startsWith(trial.prefix) ===
    true

/** The answer to each third Produce request of the job, and its connection. */
function loseAnswers(trial: Trial, times: number): FaultHandle {
  const ofJob = isOfJob(trial)
  let numSeen = 0
  return trial.broker.dev!.faults.add({
    api: 'Produce',
    when: request => ofJob(request) && ++numSeen % 3 === 0,
    times,
    action: { kind: 'drop-answer', close: true },
  })
}

/** Nothing happens to the job but some checkpoints. */
async function undisturbed(trial: Trial, mutate: string | undefined): Promise<void> {
  const life = trial.start({ mutate })
  await life.reached('checkpoint.acknowledged', 5)
  await trial.finish()
}

const NUM_SINGLES = 12

/**
 * Under an epoch that was used before, a first batch of one record looks like the one sent before: the broker takes it
 * for a repeat.
 */
async function oneByOne(trial: Trial, mutate: string | undefined): Promise<void> {
  const life = trial.start({ mutate, quiet: true })
  for (let n = 1; n <= NUM_SINGLES; n++) {
    await trial.traffic.writeOne()
    await life.reached('checkpoint.after-commit', n)
  }
  await trial.finish()
}

export const writingMutations: readonly Mutation[] = [
  {
    name: 'no-init-per-transaction',
    safeguard: 'InitProducerId before each transaction',
    cases: [{ name: 'one record in each checkpoint', run: oneByOne }],
  },
  {
    name: 'no-flush',
    safeguard: 'every batch is sent before prepare',
    cases: [
      {
        name: 'linger.ms is longer than a checkpoint takes',
        async run(trial, mutate) {
          trial.params['LINGER'] = '1000'
          await undisturbed(trial, mutate)
        },
      },
    ],
  },
  {
    name: 'no-acks',
    safeguard: 'every batch is acknowledged before prepare',
    cases: [
      {
        name: 'the broker takes 80 ms for a Produce',
        needsDev: true,
        async run(trial, mutate) {
          const slow = { kind: 'delay', ms: 80 } as const
          trial.broker.dev!.faults.add({ api: 'Produce', when: isOfJob(trial), action: slow })
          await undisturbed(trial, mutate)
        },
      },
    ],
  },
  {
    name: 'no-sequence',
    safeguard: 'a batch that is sent again keeps its sequence number',
    cases: [
      {
        name: 'the answers to some Produce requests are lost',
        needsDev: true,
        async run(trial, mutate) {
          const lost = loseAnswers(trial, 10)
          const life = trial.start({ mutate })
          await life.reached('checkpoint.acknowledged', 10)
          await trial.finish()
          if (lost.hits < 5) throw new Error('hardly an answer was lost')
        },
      },
      {
        // Behind several requests on the way, a new number is a gap, and a new attempt hides what it would have doubled.
        name: 'the answers to some Produce requests are lost, with no other on the way',
        needsDev: true,
        async run(trial, mutate) {
          const lost = loseAnswers(trial, 3)
          await oneByOne(trial, mutate)
          if (lost.hits < 3) throw new Error('hardly an answer was lost')
        },
      },
    ],
  },
  {
    name: 'no-commit',
    safeguard: 'transactions are committed after the manifest',
    cases: [{ name: 'checkpoints, undisturbed', run: undisturbed }],
  },
  {
    name: 'no-carry',
    safeguard: 'a transaction whose checkpoint failed is carried into the next manifest',
    cases: [
      {
        name: 'a checkpoint fails after prepare, and that is tolerated',
        async run(trial, mutate) {
          const life = trial.start({
            mutate,
            failPoints: 'checkpoint.prepared=error@3',
            args: ['-D', 'execution.checkpointing.tolerable-failed-checkpoints=5'],
          })
          await life.reached('checkpoint.prepared', 6)
          await trial.finish()
        },
      },
    ],
  },
  {
    name: 'no-aborted-filter',
    safeguard: 'the source leaves records of aborted transactions out',
    cases: [{ name: 'aborted records among the input', run: undisturbed }],
  },
]

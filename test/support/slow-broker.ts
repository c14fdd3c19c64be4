/**
 * A dev broker in a process of its own that can be made slow: from each connection it takes so many bytes of records
 * per second.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { startDevBroker } from '../../src/dev-broker/index.ts'
import type { ProduceRequest } from '../../src/dev-broker/protocol/produce.ts'

interface Question {
  readonly bytesPerSecond: number | null
}
type Answer = { readonly bootstrap: string } | { readonly throttled: true }

export class SlowBroker implements AsyncDisposable {
  readonly bootstrap: string
  readonly #child: ChildProcess

  private constructor(child: ChildProcess, bootstrap: string) {
    this.#child = child
    this.bootstrap = bootstrap
  }

  static async start({ partitions }: { readonly partitions: number }): Promise<SlowBroker> {
    const child = fork(import.meta.filename, [String(partitions)], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    const answer = await nextAnswer(child)
    if (!('bootstrap' in answer)) throw new Error('the broker did not say where it listens')
    return new SlowBroker(child, answer.bootstrap)
  }

  /** From now on each connection's records are taken at this rate; null = as fast as they come. */
  async throttle(bytesPerSecond: number | null): Promise<void> {
    const answered = nextAnswer(this.#child)
    this.#child.send({ bytesPerSecond } satisfies Question)
    await answered
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = new Promise(resolve => this.#child.once('exit', resolve))
    this.#child.kill('SIGKILL')
    await ended
  }
}

const nextAnswer = (child: ChildProcess): Promise<Answer> =>
  new Promise((resolve, reject) => {
    child.once('message', message => resolve(message as Answer))
    child.once('exit', code => reject(new Error(`the broker's process ended with ${code}`)))
  })

const bytesOf = (request: unknown): number =>
  (request as ProduceRequest).topics.reduce(
    (sum, { partitions }) => partitions.reduce((part, { records }) => part + (records?.length ?? 0), sum),
    0,
  )

async function serve(): Promise<void> {
  const broker = await startDevBroker({ defaultPartitions: Number(process.argv[2]) })
  let bytesPerSecond: number | null = null
  broker.faults.add({
    api: 'Produce',
    when: () => bytesPerSecond !== null,
    action: { kind: 'delay', ms: request => (1000 * bytesOf(request)) / bytesPerSecond! },
  })
  process.on('message', message => {
    bytesPerSecond = (message as Question).bytesPerSecond
    process.send!({ throttled: true } satisfies Answer)
  })
  process.on('disconnect', () => process.exit())
  process.send!({ bootstrap: broker.bootstrap } satisfies Answer)
}

if (process.argv[1] === import.meta.filename) await serve()

import { connectorError } from '../../../errors/index.ts'
import { offsetCommitRequest } from '../requests/offsets.ts'
import type { KafkaCluster } from '../transport/cluster.ts'
import { isTransportError } from '../transport/connect-errors.ts'
import { errorName, isCoordinatorError } from '../transport/error-codes.ts'
import { Backoff } from '../transport/retry.ts'
import type { SplitPosition } from './split.ts'

/** A lag monitor can wait for the next checkpoint. */
const MAX_TRIES = 5

/**
 * Publishes one after another: an older publish that is repeated must not replace a newer one. Of those that wait only
 * the newest is written; the others resolve, for nobody needs them any more.
 */
export class OffsetPublisher {
  readonly #write: (positions: readonly SplitPosition[]) => Promise<void>
  #running: Promise<void> | null = null
  #newest = 0

  constructor(write: (positions: readonly SplitPosition[]) => Promise<void>) {
    this.#write = write
  }

  async publish(positions: readonly SplitPosition[]): Promise<void> {
    const turn = ++this.#newest
    while (this.#running !== null) {
      // Whether it could be written is told to those who asked for it.
      await this.#running.catch(() => {})
      if (turn !== this.#newest) return
    }
    const running = this.#write(positions).finally(() => {
      this.#running = null
    })
    this.#running = running
    await running
  }

  /** What is being published, or waits to be, was written or given up. */
  async settled(): Promise<void> {
    while (this.#running !== null) await this.#running.catch(() => {})
  }
}

/** Writes positions to the user's group, for lag monitors. Recovery never reads them. */
export async function publishGroupOffsets(
  cluster: KafkaCluster,
  group: string,
  positions: readonly SplitPosition[],
): Promise<void> {
  const request = offsetCommitRequest(group, positions)
  const backoff = new Backoff()
  for (;;) {
    let problem: string
    try {
      const results = await cluster.sendToCoordinator(
        'group',
        group,
        request,
        answers => answers.find(({ code }) => isCoordinatorError(code))?.code ?? 0,
      )
      const bad = results.find(({ code }) => code !== 0)
      if (bad === undefined) return
      problem = `${errorName(bad.code)} for topic '${bad.topic}'`
      if (!isCoordinatorError(bad.code)) throw refused(group, problem)
    } catch (error) {
      if (!isTransportError(error)) throw error
      problem = String(error)
    }
    if (cluster.closed || backoff.tries >= MAX_TRIES) throw refused(group, problem)
    await backoff.wait()
  }
}

const refused = (group: string, problem: string) =>
  connectorError(
    'MR_KAFKA_GROUP_OFFSETS',
    `The offsets of group '${group}' could not be written: ${problem}.`,
    {
      hint: "They only serve lag monitors; 'properties.commit.offsets.on.checkpoint' = 'false' switches them off.",
    },
  )

/**
 * The transaction coordinator: keeps every transactional id, carries out what `transaction-state.ts` decides, sends markers after
 * `markerDelayMs` (so that 51 CONCURRENT_TRANSACTIONS and 88 UNSTABLE_OFFSET_COMMIT are really seen), and aborts what timed out.
 */
import type { Clock } from '../clock.ts'
import { errorCode } from '../protocol/error-code.ts'
import {
  completed,
  decideAdd,
  decideEnd,
  decideInit,
  type ExpectedProducer,
  fenced,
  isPreparing,
  prepared,
  type TopicPartition,
  type TransactionState,
  verifyPartition,
  withPartitions,
} from './transaction-state.ts'

export interface TransactionCoordinatorOptions {
  readonly clock: Clock
  readonly maxTransactionTimeoutMs: number
  readonly markerDelayMs: number
  /** Finished ids unused for longer are forgotten by the sweep. */
  readonly transactionalIdExpirationMs: number
  /** See `fenced`. */
  readonly fenceKeepsEpoch: boolean
  readonly newProducerId: () => number
  /** Writes the markers of a prepared transaction to all its partitions, at once. */
  readonly writeMarkers: (state: TransactionState, isCommit: boolean) => void
  /** Called with every new state before it can be seen; undefined = forgotten. */
  readonly persist: (transactionalId: string, state: TransactionState | undefined) => void
}

export interface InitResult {
  readonly errorCode: number
  readonly producerId: number
  readonly producerEpoch: number
}

const initFailure = (code: number): InitResult => ({ errorCode: code, producerId: -1, producerEpoch: -1 })

export class TransactionCoordinator {
  /** Time between the decision (EndTxn answered) and the markers. */
  markerDelayMs: number
  readonly #options: TransactionCoordinatorOptions
  readonly #states = new Map<string, TransactionState>()
  readonly #timers = new Map<string, NodeJS.Timeout>()
  #areMarkersHeld = false

  constructor(options: TransactionCoordinatorOptions) {
    this.#options = options
    this.markerDelayMs = options.markerDelayMs
  }

  states(): TransactionState[] {
    return [...this.#states.values()]
  }

  state(transactionalId: string): TransactionState | undefined {
    return this.#states.get(transactionalId)
  }

  /** The open or preparing transaction of a producer id. */
  stateOfProducer(producerId: number): TransactionState | undefined {
    for (const state of this.#states.values()) if (state.producerId === producerId) return state
    return undefined
  }

  initProducerId(
    transactionalId: string | null,
    timeoutMs: number,
    expected: ExpectedProducer | undefined,
  ): InitResult {
    if (transactionalId === null) {
      return { errorCode: errorCode.none, producerId: this.#options.newProducerId(), producerEpoch: 0 }
    }
    if (transactionalId === '') return initFailure(errorCode.invalidRequest)
    if (timeoutMs <= 0 || timeoutMs > this.#options.maxTransactionTimeoutMs) {
      return initFailure(errorCode.invalidTransactionTimeout)
    }
    const state = this.#states.get(transactionalId) ?? this.#newState(transactionalId, timeoutMs)
    const decision = decideInit(state, timeoutMs, expected, this.#options.newProducerId, this.#now())
    switch (decision.kind) {
      case 'refuse':
        return initFailure(decision.errorCode)
      case 'fence':
        this.#fence(state)
        return initFailure(errorCode.concurrentTransactions)
      case 'ready': {
        const { producerId, producerEpoch } = decision.next
        this.#put(decision.next)
        return { errorCode: errorCode.none, producerId, producerEpoch }
      }
    }
  }

  /** Adds partitions to the open transaction, or opens one. Answers an error code. */
  addPartitions(
    transactionalId: string,
    producer: ExpectedProducer,
    partitions: readonly TopicPartition[],
  ): number {
    if (transactionalId === '') return errorCode.invalidRequest
    const state = this.#states.get(transactionalId)
    if (state === undefined) return errorCode.invalidProducerIdMapping
    const decision = decideAdd(state, producer, partitions)
    if (decision.kind === 'refuse') return decision.errorCode
    if (decision.kind === 'add') this.#put(withPartitions(state, partitions, this.#now()))
    return errorCode.none
  }

  endTransaction(transactionalId: string, producer: ExpectedProducer, isCommit: boolean): number {
    if (transactionalId === '') return errorCode.invalidRequest
    const state = this.#states.get(transactionalId)
    if (state === undefined) return errorCode.invalidProducerIdMapping
    const decision = decideEnd(state, producer, isCommit)
    if (decision.kind === 'refuse') return decision.errorCode
    if (decision.kind === 'prepare') this.#prepare(prepared(state, isCommit, this.#now()))
    return errorCode.none
  }

  /** Whether a partition leader may take the first batch of a transaction; 0 or the code of the produce answer. */
  verify(transactionalId: string | null, producer: ExpectedProducer, partition: TopicPartition): number {
    const state = transactionalId === null ? undefined : this.#states.get(transactionalId)
    return state === undefined
      ? errorCode.invalidProducerIdMapping
      : verifyPartition(state, producer, partition)
  }

  /** Aborts timed-out transactions and forgets finished ids that have expired. */
  sweep(): void {
    const now = this.#now()
    for (const state of this.#states.values()) {
      if (state.status === 'Ongoing' && state.startedAt + state.timeoutMs <= now) this.#fence(state)
      else if (!isPreparing(state) && state.status !== 'Ongoing') {
        if (state.updatedAt + this.#options.transactionalIdExpirationMs <= now)
          this.forget(state.transactionalId)
      }
    }
  }

  /** Aborts an open transaction as the timeout sweep would. False when none is open. */
  timeOut(transactionalId: string): boolean {
    const state = this.#states.get(transactionalId)
    if (state?.status !== 'Ongoing') return false
    this.#fence(state)
    return true
  }

  /** Drops everything known of an id, as its expiry would. */
  forget(transactionalId: string): boolean {
    this.#clearTimer(transactionalId)
    if (!this.#states.delete(transactionalId)) return false
    this.#options.persist(transactionalId, undefined)
    return true
  }

  /** Sets the epoch that the next InitProducerId counts on from (for tests of exhaustion). */
  overrideEpoch(transactionalId: string, producerEpoch: number): void {
    const state = this.#states.get(transactionalId) ?? this.#newState(transactionalId, 60_000)
    this.#put({ ...state, producerEpoch })
  }

  /** Keeps markers back until the returned function is called. */
  holdMarkers(): () => void {
    this.#areMarkersHeld = true
    return () => {
      this.#areMarkersHeld = false
      this.flushMarkers()
    }
  }

  /** Sends all pending markers now. */
  flushMarkers(): void {
    for (const state of this.states()) if (isPreparing(state)) this.#complete(state.transactionalId)
  }

  /** Takes in a stored state after a restart; a prepared one goes on to its markers. */
  restore(state: TransactionState): void {
    this.#states.set(state.transactionalId, state)
  }

  resumePrepared(): void {
    for (const state of this.states()) if (isPreparing(state)) this.#scheduleMarkers(state.transactionalId)
  }

  close(): void {
    for (const transactionalId of [...this.#timers.keys()]) this.#clearTimer(transactionalId)
  }

  #now(): number {
    return this.#options.clock.now()
  }

  #put(state: TransactionState): void {
    this.#options.persist(state.transactionalId, state)
    this.#states.set(state.transactionalId, state)
  }

  #newState(transactionalId: string, timeoutMs: number): TransactionState {
    return {
      transactionalId,
      status: 'Empty',
      producerId: this.#options.newProducerId(),
      producerEpoch: -1,
      lastProducerId: -1,
      lastProducerEpoch: -1,
      timeoutMs,
      partitions: new Map(),
      startedAt: -1,
      updatedAt: this.#now(),
    }
  }

  #fence(state: TransactionState): void {
    this.#prepare(fenced(state, this.#now(), this.#options.fenceKeepsEpoch))
  }

  /** From here on the outcome is decided; only markers are outstanding. */
  #prepare(state: TransactionState): void {
    this.#put(state)
    this.#scheduleMarkers(state.transactionalId)
  }

  #scheduleMarkers(transactionalId: string): void {
    this.#clearTimer(transactionalId)
    if (this.#areMarkersHeld) return
    const timer = setTimeout(() => this.#complete(transactionalId), this.markerDelayMs)
    timer.unref()
    this.#timers.set(transactionalId, timer)
  }

  #complete(transactionalId: string): void {
    if (this.#areMarkersHeld) return
    this.#clearTimer(transactionalId)
    const state = this.#states.get(transactionalId)
    if (state === undefined || !isPreparing(state)) return
    this.#options.writeMarkers(state, state.status === 'PrepareCommit')
    this.#put(completed(state, this.#now()))
  }

  #clearTimer(transactionalId: string): void {
    clearTimeout(this.#timers.get(transactionalId))
    this.#timers.delete(transactionalId)
  }
}

/**
 * Committed offsets of one group, and those that wait for the outcome of a transaction (KIP-98). Every commit takes the next
 * position of a notional offsets log: when a transaction commits, its offset replaces the stored one only if that was written earlier.
 */
export interface CommittedOffset {
  readonly offset: number
  readonly leaderEpoch: number
  readonly metadata: string
  /** Position in the offsets log. */
  readonly position: number
}

export interface NewOffset {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly leaderEpoch: number
  readonly metadata: string
}

const keyOf = (topic: string, partition: number) => `${topic}\u0000${partition}`

export interface OffsetKey {
  readonly topic: string
  readonly partition: number
}

const parseKey = (key: string): OffsetKey => {
  const [topic, partition] = key.split('\u0000') as [string, string]
  return { topic, partition: Number(partition) }
}

export class GroupOffsets {
  readonly #committed = new Map<string, CommittedOffset>()
  readonly #pending = new Map<number, Map<string, CommittedOffset>>()
  #position = 0

  get isEmpty(): boolean {
    return this.#committed.size === 0 && this.#pending.size === 0
  }

  commit(entry: NewOffset): void {
    this.#committed.set(keyOf(entry.topic, entry.partition), this.#stored(entry))
  }

  commitPending(producerId: number, entry: NewOffset): void {
    let pending = this.#pending.get(producerId)
    if (pending === undefined) this.#pending.set(producerId, (pending = new Map()))
    pending.set(keyOf(entry.topic, entry.partition), this.#stored(entry))
  }

  hasPending(producerId: number): boolean {
    return this.#pending.has(producerId)
  }

  /** Ends the transaction of a producer: its offsets become visible or vanish. */
  endTransaction(producerId: number, isCommit: boolean): void {
    const pending = this.#pending.get(producerId)
    this.#pending.delete(producerId)
    if (pending === undefined || !isCommit) return
    for (const [key, offset] of pending) {
      const present = this.#committed.get(key)
      if (present === undefined || present.position < offset.position) this.#committed.set(key, offset)
    }
  }

  get(topic: string, partition: number): CommittedOffset | undefined {
    return this.#committed.get(keyOf(topic, partition))
  }

  /** Whether an open or undecided transaction holds an offset of this partition. */
  isUnstable(topic: string, partition: number): boolean {
    const key = keyOf(topic, partition)
    for (const pending of this.#pending.values()) if (pending.has(key)) return true
    return false
  }

  /** Every partition with a committed or pending offset. */
  keys(): OffsetKey[] {
    const keys = new Set(this.#committed.keys())
    for (const pending of this.#pending.values()) for (const key of pending.keys()) keys.add(key)
    return [...keys].map(parseKey)
  }

  delete(topic: string, partition: number): void {
    const key = keyOf(topic, partition)
    this.#committed.delete(key)
    for (const pending of this.#pending.values()) pending.delete(key)
  }

  deleteTopic(topic: string): void {
    for (const key of this.keys()) if (key.topic === topic) this.delete(key.topic, key.partition)
  }

  clear(): void {
    this.#committed.clear()
    this.#pending.clear()
  }

  /** Everything as plain data, for the journal. */
  dump(): GroupOffsetsDump {
    return {
      position: this.#position,
      committed: [...this.#committed],
      pending: [...this.#pending].map(([producerId, offsets]) => [producerId, [...offsets]]),
    }
  }

  load(dump: GroupOffsetsDump): void {
    this.clear()
    this.#position = dump.position
    for (const [key, offset] of dump.committed) this.#committed.set(key, offset)
    for (const [producerId, offsets] of dump.pending) this.#pending.set(producerId, new Map(offsets))
  }

  #stored(entry: NewOffset): CommittedOffset {
    const { offset, leaderEpoch, metadata } = entry
    return { offset, leaderEpoch, metadata, position: this.#position++ }
  }
}

export interface GroupOffsetsDump {
  readonly position: number
  readonly committed: readonly (readonly [string, CommittedOffset])[]
  readonly pending: readonly (readonly [number, readonly (readonly [string, CommittedOffset])[]])[]
}

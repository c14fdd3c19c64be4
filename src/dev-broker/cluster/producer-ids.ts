import type { ClusterStorage } from '../storage/cluster-storage.ts'

const blockSize = 1000

/** Hands out producer ids, never one twice: the store remembers whole blocks, so a restart skips the rest of its block. */
export class ProducerIds {
  readonly #storage: Pick<ClusterStorage, 'nextProducerIdBlock' | 'saveProducerIdBlock'>
  #next: number
  #end: number

  constructor(storage: Pick<ClusterStorage, 'nextProducerIdBlock' | 'saveProducerIdBlock'>) {
    this.#storage = storage
    this.#next = this.#end = storage.nextProducerIdBlock
  }

  next(): number {
    if (this.#next === this.#end) {
      this.#end += blockSize
      this.#storage.saveProducerIdBlock(this.#end)
    }
    return this.#next++
  }
}

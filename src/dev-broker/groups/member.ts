import type { JoinCommand } from './group.ts'

export interface MemberProtocol {
  readonly name: string
  readonly metadata: Buffer
}

export interface JoinResult {
  readonly errorCode: number
  readonly generationId: number
  readonly protocolType: string | null
  readonly protocolName: string | null
  readonly leader: string
  readonly memberId: string
  readonly members: readonly {
    readonly memberId: string
    readonly groupInstanceId: string | null
    readonly metadata: Buffer
  }[]
}

export interface SyncResult {
  readonly errorCode: number
  readonly protocolType: string | null
  readonly protocolName: string | null
  readonly assignment: Buffer
}

export const joinFailure = (errorCode: number, memberId: string): JoinResult => ({
  errorCode,
  generationId: -1,
  protocolType: null,
  protocolName: null,
  leader: '',
  memberId,
  members: [],
})

export const syncFailure = (errorCode: number): SyncResult => ({
  errorCode,
  protocolType: null,
  protocolName: null,
  assignment: Buffer.alloc(0),
})

/** A member of a group: its session timer and the one join or sync it may be waiting for. */
export class Member {
  readonly id: string
  readonly groupInstanceId: string | null
  readonly clientId: string
  readonly clientHost: string
  protocols: readonly MemberProtocol[] = []
  rebalanceTimeoutMs = 0
  assignment: Buffer = Buffer.alloc(0)
  readonly #onSilence: () => void
  #sessionTimeoutMs = 0
  #timer: NodeJS.Timeout | undefined
  #join: ((result: JoinResult) => void) | undefined
  #sync: ((result: SyncResult) => void) | undefined

  constructor(command: JoinCommand, onSilence: () => void) {
    this.id = command.memberId
    this.groupInstanceId = command.groupInstanceId
    this.clientId = command.clientId
    this.clientHost = command.clientHost
    this.#onSilence = onSilence
    this.update(command)
  }

  get isJoining(): boolean {
    return this.#join !== undefined
  }

  update(command: JoinCommand): void {
    // The request frame is not kept alive by its views.
    this.protocols = command.protocols.map(({ name, metadata }) => ({
      name,
      metadata: Buffer.from(metadata),
    }))
    this.rebalanceTimeoutMs = command.rebalanceTimeoutMs
    this.#sessionTimeoutMs = command.sessionTimeoutMs
    this.touch()
  }

  supports(name: string): boolean {
    return this.protocols.some(protocol => protocol.name === name)
  }

  hasSameProtocols(protocols: readonly MemberProtocol[]): boolean {
    return (
      protocols.length === this.protocols.length &&
      protocols.every((protocol, i) => {
        const own = this.protocols[i]!
        return own.name === protocol.name && own.metadata.equals(protocol.metadata)
      })
    )
  }

  metadataFor(name: string): Buffer {
    return this.protocols.find(protocol => protocol.name === name)?.metadata ?? Buffer.alloc(0)
  }

  /** Starts the session timeout anew; a member that waits for a join or sync is never silent. */
  touch(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      if (this.#join === undefined && this.#sync === undefined) this.#onSilence()
    }, this.#sessionTimeoutMs)
    this.#timer.unref()
  }

  awaitJoin(): Promise<JoinResult> {
    return new Promise(resolve => {
      const earlier = this.#join
      this.#join = result => {
        earlier?.(result)
        resolve(result)
      }
    })
  }

  awaitSync(): Promise<SyncResult> {
    return new Promise(resolve => {
      const earlier = this.#sync
      this.#sync = result => {
        earlier?.(result)
        resolve(result)
      }
    })
  }

  answerJoin(result: JoinResult): void {
    const answer = this.#join
    this.#join = undefined
    this.touch()
    answer?.(result)
  }

  answerSync(result: SyncResult): void {
    const answer = this.#sync
    this.#sync = undefined
    this.touch()
    answer?.(result)
  }

  /** Stops the timer and answers what the member still waits for with 25 UNKNOWN_MEMBER_ID. */
  close(): void {
    clearTimeout(this.#timer)
    this.#join?.(joinFailure(25, this.id))
    this.#sync?.(syncFailure(25))
    this.#join = undefined
    this.#sync = undefined
  }
}

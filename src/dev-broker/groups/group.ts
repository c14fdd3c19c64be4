/**
 * One classic consumer group (KIP-62, KIP-394): Empty → PreparingRebalance → CompletingRebalance → Stable. Joins are answered together when
 * every known member has joined again or the rebalance timeout is over; syncs when the leader has sent the assignment.
 */
import { errorCode } from '../protocol/error-code.ts'
import { GroupOffsets } from './group-offsets.ts'
import {
  type JoinResult,
  joinFailure,
  Member,
  type MemberProtocol,
  type SyncResult,
  syncFailure,
} from './member.ts'

export type GroupStatus = 'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable' | 'Dead'

export interface JoinCommand {
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly clientId: string
  readonly clientHost: string
  readonly sessionTimeoutMs: number
  readonly rebalanceTimeoutMs: number
  readonly protocolType: string
  readonly protocols: readonly MemberProtocol[]
}

export class Group {
  readonly id: string
  readonly offsets = new GroupOffsets()
  readonly members = new Map<string, Member>()
  /** Ids handed out with 79 MEMBER_ID_REQUIRED that have not joined yet. */
  readonly promisedIds = new Set<string>()
  status: GroupStatus = 'Empty'
  generation = 0
  protocolType = ''
  protocol: string | null = null
  leader: string | undefined
  readonly #initialDelayMs: number
  #rebalanceTimer: NodeJS.Timeout | undefined
  #isDelaying = false

  constructor(id: string, initialDelayMs: number) {
    this.id = id
    this.#initialDelayMs = initialDelayMs
  }

  /** Joins under `command.memberId`, which is known or promised. */
  join(command: JoinCommand): Promise<JoinResult> {
    const { memberId } = command
    if (!this.#accepts(command))
      return Promise.resolve(joinFailure(errorCode.inconsistentGroupProtocol, memberId))
    this.promisedIds.delete(memberId)
    const known = this.members.get(memberId)
    if (known === undefined) return this.#joinNew(command)
    const isUnchanged = known.hasSameProtocols(command.protocols)
    known.update(command)
    if (this.status === 'Stable' && isUnchanged && memberId !== this.leader) {
      return Promise.resolve(this.#joinResult(known))
    }
    if (this.status === 'CompletingRebalance' && isUnchanged) return Promise.resolve(this.#joinResult(known))
    const answer = known.awaitJoin()
    this.#prepareRebalance()
    return answer
  }

  sync(
    memberId: string,
    generation: number,
    assignments: readonly { readonly memberId: string; readonly assignment: Buffer }[],
  ): Promise<SyncResult> {
    const refused = this.refusal(memberId, generation)
    if (refused !== errorCode.none) return Promise.resolve(syncFailure(refused))
    const member = this.members.get(memberId)!
    switch (this.status) {
      case 'PreparingRebalance':
        return Promise.resolve(syncFailure(errorCode.rebalanceInProgress))
      case 'Stable':
        return Promise.resolve(this.#syncResult(member))
      case 'CompletingRebalance': {
        const answer = member.awaitSync()
        if (memberId === this.leader) this.#assign(assignments)
        return answer
      }
      case 'Empty':
      case 'Dead':
        return Promise.resolve(syncFailure(errorCode.unknownMemberId))
    }
  }

  heartbeat(memberId: string, generation: number): number {
    const refused = this.refusal(memberId, generation)
    if (refused !== errorCode.none) return refused
    this.members.get(memberId)!.touch()
    return this.status === 'PreparingRebalance' ? errorCode.rebalanceInProgress : errorCode.none
  }

  /** Why a call of a member with a generation is refused; 0 when it is not. */
  refusal(memberId: string, generation: number): number {
    if (!this.members.has(memberId)) return errorCode.unknownMemberId
    return generation === this.generation ? errorCode.none : errorCode.illegalGeneration
  }

  /** Removes a member that left or fell silent. */
  remove(memberId: string): number {
    if (this.promisedIds.delete(memberId)) return errorCode.none
    const member = this.members.get(memberId)
    if (member === undefined) return errorCode.unknownMemberId
    member.close()
    this.members.delete(memberId)
    if (this.leader === memberId) this.leader = undefined
    if (this.members.size > 0) this.#prepareRebalance()
    else this.#becomeEmpty()
    return errorCode.none
  }

  memberOfInstance(groupInstanceId: string): Member | undefined {
    for (const member of this.members.values()) if (member.groupInstanceId === groupInstanceId) return member
    return undefined
  }

  close(): void {
    clearTimeout(this.#rebalanceTimer)
    for (const member of this.members.values()) member.close()
    this.members.clear()
    this.status = 'Dead'
  }

  #accepts(command: JoinCommand): boolean {
    if (command.protocolType === '' || command.protocols.length === 0) return false
    const others = [...this.members.values()].filter(member => member.id !== command.memberId)
    if (others.length === 0) return true
    if (command.protocolType !== this.protocolType) return false
    return command.protocols.some(({ name }) => others.every(member => member.supports(name)))
  }

  #joinNew(command: JoinCommand): Promise<JoinResult> {
    const member = new Member(command, () => this.remove(command.memberId))
    if (this.members.size === 0) {
      this.protocolType = command.protocolType
      this.#isDelaying = this.#initialDelayMs > 0
    }
    this.members.set(member.id, member)
    this.leader ??= member.id
    const answer = member.awaitJoin()
    this.#prepareRebalance()
    return answer
  }

  #prepareRebalance(): void {
    if (this.status !== 'PreparingRebalance') {
      this.status = 'PreparingRebalance'
      for (const member of this.members.values()) {
        member.assignment = Buffer.alloc(0)
        member.answerSync(syncFailure(errorCode.rebalanceInProgress))
      }
      this.#startRebalanceTimer()
    }
    this.#completeIfAllJoined()
  }

  #startRebalanceTimer(): void {
    clearTimeout(this.#rebalanceTimer)
    if (this.#isDelaying) {
      this.#rebalanceTimer = setTimeout(() => {
        this.#isDelaying = false
        this.#startRebalanceTimer()
        this.#completeIfAllJoined()
      }, this.#initialDelayMs)
    } else {
      const timeout = Math.max(0, ...[...this.members.values()].map(member => member.rebalanceTimeoutMs))
      this.#rebalanceTimer = setTimeout(() => this.#dropAbsent(), timeout)
    }
    this.#rebalanceTimer.unref()
  }

  #dropAbsent(): void {
    for (const member of [...this.members.values()]) {
      if (member.isJoining) continue
      member.close()
      this.members.delete(member.id)
      if (this.leader === member.id) this.leader = undefined
    }
    if (this.members.size === 0) this.#becomeEmpty()
    else this.#completeIfAllJoined()
  }

  #completeIfAllJoined(): void {
    if (this.status !== 'PreparingRebalance' || this.#isDelaying) return
    const members = [...this.members.values()]
    if (!members.every(member => member.isJoining)) return
    clearTimeout(this.#rebalanceTimer)
    this.generation++
    this.status = 'CompletingRebalance'
    this.leader ??= members[0]!.id
    this.protocol = this.#electProtocol(members)
    for (const member of members) member.answerJoin(this.#joinResult(member))
  }

  /** Each member votes for its first choice among the protocols all support. */
  #electProtocol(members: readonly Member[]): string {
    const votes = new Map<string, number>()
    for (const member of members) {
      const choice = member.protocols.find(({ name }) => members.every(other => other.supports(name)))!.name
      votes.set(choice, (votes.get(choice) ?? 0) + 1)
    }
    return [...votes].reduce((best, vote) => (vote[1] > best[1] ? vote : best))[0]
  }

  #assign(assignments: readonly { readonly memberId: string; readonly assignment: Buffer }[]): void {
    for (const { memberId, assignment } of assignments) {
      const member = this.members.get(memberId)
      if (member !== undefined) member.assignment = Buffer.from(assignment)
    }
    this.status = 'Stable'
    for (const member of this.members.values()) member.answerSync(this.#syncResult(member))
  }

  #becomeEmpty(): void {
    clearTimeout(this.#rebalanceTimer)
    this.generation++
    this.status = 'Empty'
    this.protocol = null
    this.leader = undefined
  }

  #joinResult(member: Member): JoinResult {
    const isLeader = member.id === this.leader
    return {
      errorCode: errorCode.none,
      generationId: this.generation,
      protocolType: this.protocolType,
      protocolName: this.protocol,
      leader: this.leader ?? '',
      memberId: member.id,
      members: isLeader
        ? [...this.members.values()].map(each => ({
            memberId: each.id,
            groupInstanceId: each.groupInstanceId,
            metadata: each.metadataFor(this.protocol!),
          }))
        : [],
    }
  }

  #syncResult(member: Member): SyncResult {
    return {
      errorCode: errorCode.none,
      protocolType: this.protocolType,
      protocolName: this.protocol,
      assignment: member.assignment,
    }
  }
}

/** The group coordinator: finds or makes groups, and keeps their offsets. Joins and syncs may wait, everything else answers at once. */
import { randomUUID } from 'node:crypto'
import { errorCode } from '../protocol/error-code.ts'
import { Group, type JoinCommand } from './group.ts'
import type { GroupOffsets, NewOffset } from './group-offsets.ts'
import { type JoinResult, joinFailure, type SyncResult, syncFailure } from './member.ts'

export interface GroupCoordinatorOptions {
  readonly initialRebalanceDelayMs: number
  /** Called after every change of a group's offsets; undefined = the group is gone. */
  readonly persist: (groupId: string, offsets: GroupOffsets | undefined) => void
}

export interface GroupIdentity {
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly generationId: number
}

const minSessionTimeoutMs = 100

export class GroupCoordinator {
  readonly #options: GroupCoordinatorOptions
  readonly #groups = new Map<string, Group>()

  constructor(options: GroupCoordinatorOptions) {
    this.#options = options
  }

  all(): Iterable<Group> {
    return this.#groups.values()
  }

  get(groupId: string): Group | undefined {
    return this.#groups.get(groupId)
  }

  /** `mustKnowId`: the client understands 79 MEMBER_ID_REQUIRED (JoinGroup v4+). */
  join(groupId: string, command: JoinCommand, mustKnowId: boolean): Promise<JoinResult> {
    const { memberId, groupInstanceId } = command
    if (groupId === '') return Promise.resolve(joinFailure(errorCode.invalidGroupId, memberId))
    if (command.sessionTimeoutMs < minSessionTimeoutMs) {
      return Promise.resolve(joinFailure(errorCode.invalidSessionTimeout, memberId))
    }
    const group = this.ensure(groupId)
    if (memberId === '') {
      const newId = `${groupInstanceId ?? command.clientId}-${randomUUID()}`
      const former = groupInstanceId === null ? undefined : group.memberOfInstance(groupInstanceId)
      if (former !== undefined) group.remove(former.id)
      if (mustKnowId && groupInstanceId === null) {
        group.promisedIds.add(newId)
        return Promise.resolve(joinFailure(errorCode.memberIdRequired, newId))
      }
      return group.join({ ...command, memberId: newId })
    }
    const refused = this.#memberRefusal(group, memberId, groupInstanceId)
    if (refused !== errorCode.none && !group.promisedIds.has(memberId)) {
      return Promise.resolve(joinFailure(refused, memberId))
    }
    return group.join(command)
  }

  sync(
    groupId: string,
    identity: GroupIdentity,
    assignments: readonly { readonly memberId: string; readonly assignment: Buffer }[],
  ): Promise<SyncResult> {
    const group = this.#groups.get(groupId)
    if (group === undefined) return Promise.resolve(syncFailure(errorCode.unknownMemberId))
    const refused = this.#memberRefusal(group, identity.memberId, identity.groupInstanceId)
    if (refused !== errorCode.none) return Promise.resolve(syncFailure(refused))
    return group.sync(identity.memberId, identity.generationId, assignments)
  }

  heartbeat(groupId: string, identity: GroupIdentity): number {
    const group = this.#groups.get(groupId)
    if (group === undefined) return errorCode.unknownMemberId
    const refused = this.#memberRefusal(group, identity.memberId, identity.groupInstanceId)
    return refused === errorCode.none ? group.heartbeat(identity.memberId, identity.generationId) : refused
  }

  leave(groupId: string, memberId: string, groupInstanceId: string | null): number {
    const group = this.#groups.get(groupId)
    if (group === undefined) return errorCode.unknownMemberId
    const byInstance = groupInstanceId === null ? undefined : group.memberOfInstance(groupInstanceId)
    return group.remove(memberId === '' && byInstance !== undefined ? byInstance.id : memberId)
  }

  /** Why an OffsetCommit is refused: members must be of the present generation; strangers may only use an empty group. */
  commitRefusal(groupId: string, identity: GroupIdentity): number {
    const group = this.#groups.get(groupId)
    if (identity.generationId < 0 && identity.memberId === '') {
      return group === undefined || group.members.size === 0 ? errorCode.none : errorCode.unknownMemberId
    }
    if (group === undefined) return errorCode.illegalGeneration
    const refused = this.#memberRefusal(group, identity.memberId, identity.groupInstanceId)
    if (refused !== errorCode.none) return refused
    if (group.status === 'CompletingRebalance') return errorCode.rebalanceInProgress
    group.members.get(identity.memberId)!.touch()
    return group.refusal(identity.memberId, identity.generationId)
  }

  /** As `commitRefusal` for TxnOffsetCommit, where a caller without member id is always let in. */
  transactionalCommitRefusal(groupId: string, identity: GroupIdentity): number {
    if (identity.memberId === '' && identity.generationId < 0) return errorCode.none
    return this.commitRefusal(groupId, identity)
  }

  commit(groupId: string, offsets: readonly NewOffset[]): void {
    const group = this.ensure(groupId)
    for (const offset of offsets) group.offsets.commit(offset)
    this.#options.persist(groupId, group.offsets)
  }

  commitPending(groupId: string, producerId: number, offsets: readonly NewOffset[]): void {
    const group = this.ensure(groupId)
    for (const offset of offsets) group.offsets.commitPending(producerId, offset)
    this.#options.persist(groupId, group.offsets)
  }

  endTransaction(producerId: number, isCommit: boolean): void {
    for (const group of this.#groups.values()) {
      if (!group.offsets.hasPending(producerId)) continue
      group.offsets.endTransaction(producerId, isCommit)
      this.#options.persist(group.id, group.offsets)
    }
  }

  topicDeleted(topic: string): void {
    for (const group of this.#groups.values()) {
      group.offsets.deleteTopic(topic)
      this.#options.persist(group.id, group.offsets)
    }
  }

  deleteOffset(groupId: string, topic: string, partition: number): void {
    const group = this.#groups.get(groupId)
    if (group === undefined) return
    group.offsets.delete(topic, partition)
    this.#options.persist(groupId, group.offsets)
  }

  /** Deletes a group that has no members. Answers an error code. */
  delete(groupId: string): number {
    const group = this.#groups.get(groupId)
    if (group === undefined) return errorCode.groupIdNotFound
    if (group.members.size > 0) return errorCode.nonEmptyGroup
    group.close()
    this.#groups.delete(groupId)
    this.#options.persist(groupId, undefined)
    return errorCode.none
  }

  ensure(groupId: string): Group {
    let group = this.#groups.get(groupId)
    if (group === undefined) {
      group = new Group(groupId, this.#options.initialRebalanceDelayMs)
      this.#groups.set(groupId, group)
    }
    return group
  }

  close(): void {
    for (const group of this.#groups.values()) group.close()
  }

  #memberRefusal(group: Group, memberId: string, groupInstanceId: string | null): number {
    if (groupInstanceId !== null) {
      const holder = group.memberOfInstance(groupInstanceId)
      if (holder !== undefined && holder.id !== memberId) return errorCode.fencedInstanceId
    }
    return group.members.has(memberId) ? errorCode.none : errorCode.unknownMemberId
  }
}

/** The classic consumer-group APIs. Each first asks whether this broker coordinates the group. */
import type { Group } from '../groups/group.ts'
import type { DeleteGroupsRequest, DeleteGroupsResponse } from '../protocol/delete-groups.ts'
import {
  type DescribeGroupsRequest,
  type DescribeGroupsResponse,
  groupFailure,
} from '../protocol/describe-groups.ts'
import { errorCode } from '../protocol/error-code.ts'
import type { HeartbeatRequest, HeartbeatResponse } from '../protocol/heartbeat.ts'
import { type JoinGroupRequest, type JoinGroupResponse, joinGroup } from '../protocol/join-group.ts'
import type { LeaveGroupRequest, LeaveGroupResponse } from '../protocol/leave-group.ts'
import type { ListGroupsRequest, ListGroupsResponse } from '../protocol/list-groups.ts'
import {
  type OffsetDeleteRequest,
  type OffsetDeleteResponse,
  offsetDelete,
} from '../protocol/offset-delete.ts'
import { type SyncGroupRequest, type SyncGroupResponse, syncGroup } from '../protocol/sync-group.ts'
import type { RequestContext } from '../server/request-context.ts'

const versionWithMemberIdRequired = 4
const versionWithNullableProtocol = 7

const isCoordinator = (groupId: string, { cluster, nodeId }: RequestContext): boolean =>
  cluster.coordinatorOf('group', groupId) === nodeId

export async function handleJoinGroup(
  request: JoinGroupRequest,
  context: RequestContext,
): Promise<JoinGroupResponse> {
  if (!isCoordinator(request.groupId, context)) return joinGroup.failure(request, errorCode.notCoordinator)
  const { sessionTimeoutMs, rebalanceTimeoutMs } = request
  const command = {
    ...request,
    clientId: context.clientId,
    clientHost: `/${context.clientHost}`,
    rebalanceTimeoutMs: rebalanceTimeoutMs < 0 ? sessionTimeoutMs : rebalanceTimeoutMs,
  }
  const mustKnowId = context.apiVersion >= versionWithMemberIdRequired
  const result = await context.cluster.groups.join(request.groupId, command, mustKnowId)
  const protocolName =
    context.apiVersion >= versionWithNullableProtocol ? result.protocolName : (result.protocolName ?? '')
  return { ...result, protocolName, throttleTimeMs: 0, skipAssignment: false }
}

export async function handleSyncGroup(
  request: SyncGroupRequest,
  context: RequestContext,
): Promise<SyncGroupResponse> {
  if (!isCoordinator(request.groupId, context)) return syncGroup.failure(request, errorCode.notCoordinator)
  const result = await context.cluster.groups.sync(request.groupId, request, request.assignments)
  return { ...result, throttleTimeMs: 0 }
}

export function handleHeartbeat(request: HeartbeatRequest, context: RequestContext): HeartbeatResponse {
  const code = isCoordinator(request.groupId, context)
    ? context.cluster.groups.heartbeat(request.groupId, request)
    : errorCode.notCoordinator
  return { throttleTimeMs: 0, errorCode: code }
}

export function handleLeaveGroup(request: LeaveGroupRequest, context: RequestContext): LeaveGroupResponse {
  const { groupId, memberId } = request
  const { groups } = context.cluster
  const failure = { throttleTimeMs: 0, members: [] }
  if (!isCoordinator(groupId, context)) return { ...failure, errorCode: errorCode.notCoordinator }
  if (context.apiVersion < 3) return { ...failure, errorCode: groups.leave(groupId, memberId, null) }
  const members = request.members.map(member => ({
    memberId: member.memberId,
    groupInstanceId: member.groupInstanceId,
    errorCode: groups.leave(groupId, member.memberId, member.groupInstanceId),
  }))
  return { throttleTimeMs: 0, errorCode: errorCode.none, members }
}

export function handleDescribeGroups(
  request: DescribeGroupsRequest,
  context: RequestContext,
): DescribeGroupsResponse {
  const groups = request.groupIds.map(groupId => {
    if (!isCoordinator(groupId, context)) return groupFailure(groupId, errorCode.notCoordinator)
    const group = context.cluster.groups.get(groupId)
    if (group === undefined) return { ...groupFailure(groupId, errorCode.none), state: 'Dead' }
    return described(group)
  })
  return { throttleTimeMs: 0, groups }
}

function described(group: Group): DescribeGroupsResponse['groups'][number] {
  const isSettled = group.status === 'Stable'
  return {
    ...groupFailure(group.id, errorCode.none),
    state: group.status,
    protocolType: group.protocolType,
    protocol: isSettled ? (group.protocol ?? '') : '',
    members: [...group.members.values()].map(member => ({
      memberId: member.id,
      groupInstanceId: member.groupInstanceId,
      clientId: member.clientId,
      clientHost: member.clientHost,
      metadata: isSettled ? member.metadataFor(group.protocol ?? '') : Buffer.alloc(0),
      assignment: member.assignment,
    })),
  }
}

export function handleListGroups(request: ListGroupsRequest, context: RequestContext): ListGroupsResponse {
  const { stateFilters, typeFilters } = request
  const groups = [...context.cluster.groups.all()]
    .filter(group => isCoordinator(group.id, context))
    .filter(group => stateFilters.length === 0 || stateFilters.includes(group.status))
    .filter(() => typeFilters.length === 0 || typeFilters.includes('classic'))
    .map(({ id, protocolType, status }) => ({ groupId: id, protocolType, state: status, type: 'classic' }))
  return { throttleTimeMs: 0, errorCode: errorCode.none, groups }
}

export function handleDeleteGroups(
  request: DeleteGroupsRequest,
  context: RequestContext,
): DeleteGroupsResponse {
  const results = request.groupIds.map(groupId => ({
    groupId,
    errorCode: isCoordinator(groupId, context)
      ? context.cluster.groups.delete(groupId)
      : errorCode.notCoordinator,
  }))
  return { throttleTimeMs: 0, results }
}

export function handleOffsetDelete(
  request: OffsetDeleteRequest,
  context: RequestContext,
): OffsetDeleteResponse {
  const { groupId } = request
  const { groups, topics: known } = context.cluster
  if (!isCoordinator(groupId, context)) return offsetDelete.failure(request, errorCode.notCoordinator)
  const group = groups.get(groupId)
  if (group === undefined) return offsetDelete.failure(request, errorCode.groupIdNotFound)
  const isBusy = group.members.size > 0
  const topics = request.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ partition }) => {
      if (known.partition(name, partition) === undefined) {
        return { partition, errorCode: errorCode.unknownTopicOrPartition }
      }
      if (isBusy) return { partition, errorCode: errorCode.groupSubscribedToTopic }
      groups.deleteOffset(groupId, name, partition)
      return { partition, errorCode: errorCode.none }
    }),
  }))
  // Brokers drop a group that has neither members nor offsets left.
  if (!isBusy && group.offsets.isEmpty) groups.delete(groupId)
  return { errorCode: errorCode.none, throttleTimeMs: 0, topics }
}

/** DescribeConfigs, AlterConfigs, IncrementalAlterConfigs, DescribeCluster. */
import { brokerConfigs, configProblem, topicDefaults } from '../cluster/topic-configs.ts'
import type { Topic } from '../cluster/topics.ts'
import type {
  AlterConfigsRequest,
  AlterConfigsResponse,
  IncrementalAlterConfigsRequest,
} from '../protocol/alter-configs.ts'
import type { DescribeClusterRequest, DescribeClusterResponse } from '../protocol/describe-cluster.ts'
import type { DescribeConfigsRequest, DescribeConfigsResponse } from '../protocol/describe-configs.ts'
import { errorCode } from '../protocol/error-code.ts'
import type { RequestContext } from '../server/request-context.ts'

const resourceType = { topic: 2, broker: 4 } as const
const source = { topic: 1, staticBroker: 4, default: 5 } as const
const operation = { set: 0, delete: 1 } as const

type Resource = DescribeConfigsRequest['resources'][number]
type Described = DescribeConfigsResponse['results'][number]

export function handleDescribeConfigs(
  request: DescribeConfigsRequest,
  context: RequestContext,
): DescribeConfigsResponse {
  const results = request.resources.map(resource =>
    describeResource(resource, request.includeSynonyms, context),
  )
  return { throttleTimeMs: 0, results }
}

function describeResource(resource: Resource, synonyms: boolean, { cluster }: RequestContext): Described {
  const { type, name } = resource
  const answer = { errorCode: errorCode.none, errorMessage: null, type, name }
  if (type === resourceType.topic) {
    const topic = cluster.topics.get(name)
    if (topic === undefined) return { ...answer, errorCode: errorCode.unknownTopicOrPartition, configs: [] }
    const values = { ...topicDefaults, ...Object.fromEntries(topic.configs) }
    const sourceOf = (key: string) => (topic.configs.has(key) ? source.topic : source.default)
    return { ...answer, configs: entries(resource, values, sourceOf, false, synonyms) }
  }
  if (type === resourceType.broker) {
    const values = brokerConfigs(cluster.settings)
    return { ...answer, configs: entries(resource, values, () => source.staticBroker, true, synonyms) }
  }
  const errorMessage = `Unsupported resource type ${type}`
  return { ...answer, errorCode: errorCode.invalidRequest, errorMessage, configs: [] }
}

const entries = (
  { keys }: Resource,
  values: Readonly<Record<string, string>>,
  sourceOf: (key: string) => number,
  readOnly: boolean,
  synonyms: boolean,
): Described['configs'] =>
  Object.entries(values)
    .filter(([key]) => keys === null || keys.includes(key))
    .map(([key, value]) => ({
      name: key,
      value,
      readOnly,
      isDefault: sourceOf(key) === source.default,
      source: sourceOf(key),
      isSensitive: false,
      synonyms: synonyms ? [{ name: key, value, source: sourceOf(key) }] : [],
      configType: 2,
      documentation: null,
    }))

type Change = (configs: Map<string, string>) => void

function alter(
  { type, name }: { readonly type: number; readonly name: string },
  touched: readonly { readonly name: string; readonly value: string | null }[],
  change: Change,
  validateOnly: boolean,
  { cluster }: RequestContext,
): AlterConfigsResponse['results'][number] {
  const answer = { errorCode: errorCode.none, errorMessage: null, type, name }
  if (type !== resourceType.topic) {
    const errorMessage = 'Only topic settings can be changed'
    return { ...answer, errorCode: errorCode.invalidRequest, errorMessage }
  }
  const topic: Topic | undefined = cluster.topics.get(name)
  if (topic === undefined) return { ...answer, errorCode: errorCode.unknownTopicOrPartition }
  for (const config of touched) {
    const problem = config.value === null ? undefined : configProblem(config.name, config.value)
    if (problem !== undefined) return { ...answer, errorCode: errorCode.invalidConfig, errorMessage: problem }
  }
  if (validateOnly) return answer
  change(topic.configs)
  cluster.topics.configure(topic)
  return answer
}

export function handleAlterConfigs(
  request: AlterConfigsRequest,
  context: RequestContext,
): AlterConfigsResponse {
  const results = request.resources.map(resource => {
    const replace: Change = configs => {
      configs.clear()
      for (const { name, value } of resource.configs) if (value !== null) configs.set(name, value)
    }
    return alter(resource, resource.configs, replace, request.validateOnly, context)
  })
  return { throttleTimeMs: 0, results }
}

export function handleIncrementalAlterConfigs(
  request: IncrementalAlterConfigsRequest,
  context: RequestContext,
): AlterConfigsResponse {
  const results = request.resources.map(resource => {
    const unknown = resource.configs.find(config => config.operation > operation.delete)
    if (unknown !== undefined) {
      const errorMessage = `Operation ${unknown.operation} on ${unknown.name} is not supported`
      return { errorCode: errorCode.invalidRequest, errorMessage, type: resource.type, name: resource.name }
    }
    const touched = resource.configs.filter(config => config.operation === operation.set)
    const apply: Change = configs => {
      for (const { name, operation: how, value } of resource.configs) {
        if (how === operation.delete || value === null) configs.delete(name)
        else configs.set(name, value)
      }
    }
    return alter(resource, touched, apply, request.validateOnly, context)
  })
  return { throttleTimeMs: 0, results }
}

export function handleDescribeCluster(
  _request: DescribeClusterRequest,
  { cluster }: RequestContext,
): DescribeClusterResponse {
  return {
    throttleTimeMs: 0,
    errorCode: errorCode.none,
    errorMessage: null,
    clusterId: cluster.id,
    controllerId: 1,
    brokers: cluster.nodes.map(node => ({ ...node, rack: null })),
    operations: -2147483648,
  }
}

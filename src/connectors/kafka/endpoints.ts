/**
 * Sources and sinks of Kafka tables, loaded when a job first uses one: planning needs only options, and most of the
 * client (records, requests, transactions) would slow every start of a process that has no Kafka table.
 */
import { internalError } from '../../errors/index.ts'
import type { JobContext, Sink, SinkRequest, Source, SourceRequest } from '../contract/index.ts'

interface KafkaEndpoints {
  createSource(request: SourceRequest, job: JobContext, upsert: boolean): Source
  createSink(request: SinkRequest, job: JobContext, upsert: boolean): Sink
}

let loaded: KafkaEndpoints | null = null

export async function loadKafkaEndpoints(): Promise<void> {
  if (loaded !== null) return
  const [{ createKafkaSource }, { createKafkaSink }] = await Promise.all([
    import('./table-source.ts'),
    import('./table-sink.ts'),
  ])
  loaded = { createSource: createKafkaSource, createSink: createKafkaSink }
}

export function kafkaEndpoints(): KafkaEndpoints {
  if (loaded === null) throw internalError('load() of the kafka connector was not awaited')
  return loaded
}

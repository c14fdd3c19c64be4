/** What a worker thread of the benchmark starts with. */
import { serveThread } from '../../src/runtime/threads/thread-server.ts'
import { builtInConnectors, builtInFormats } from '../../src/session/built-ins.ts'
import { inMemoryKafka } from '../in-memory-kafka.ts'
import { takeTopic } from './shared-topic.ts'

const kafka = inMemoryKafka(takeTopic(), { numRows: 0, numBytes: 0 })
serveThread({
  findConnector: name => (name === 'kafka' ? kafka : builtInConnectors(name)),
  findFormat: builtInFormats,
})

/** What a worker thread of the benchmark starts with: each makes the same topic for itself. */
import { getEnvironmentData } from 'node:worker_threads'
import { serveThread } from '../../src/runtime/threads/thread-server.ts'
import { builtInConnectors, builtInFormats } from '../../src/session/built-ins.ts'
import { accessLog } from '../access-log.ts'
import { inMemoryKafka } from '../in-memory-kafka.ts'

const kafka = inMemoryKafka(accessLog(Number(getEnvironmentData('numRecords'))), { numRows: 0, numBytes: 0 })
serveThread({
  findConnector: name => (name === 'kafka' ? kafka : builtInConnectors(name)),
  findFormat: builtInFormats,
})

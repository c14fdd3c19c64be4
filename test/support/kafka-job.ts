/** A JobContext for connector tests, and a small format so that they need no other part of the engine. */
import type { JobContext } from '../../src/connectors/contract/index.ts'
import { loadKafkaEndpoints } from '../../src/connectors/kafka/endpoints.ts'
import { DecodeError, type Decoder, type Encoder, type Format } from '../../src/formats/format.ts'
import { silentLogger } from '../../src/logger/logger.ts'

// The runtime does this before it makes sources and sinks.
await loadKafkaEndpoints()

export interface TestJob extends JobContext {
  /** What `fail` was called with. */
  readonly failures: unknown[]
  /** Closes everything shared. */
  close(): Promise<void>
}

export function testJob(overrides: Partial<JobContext> = {}): TestJob {
  const shared = new Map<string, { close(): Promise<void> }>()
  const failures: unknown[] = []
  return {
    jobName: 'test-job',
    timeZone: 'UTC',
    logger: silentLogger,
    checkpointIntervalMs: 1_000,
    checkpointTimeoutMs: 10_000,
    config: {},
    findFormat: name => (name === 'text' ? textFormat : undefined),
    shared: <T extends { close(): Promise<void> }>(key: string, create: () => T): T => {
      const found = shared.get(key)
      if (found !== undefined) return found as T
      const made = create()
      shared.set(key, made)
      return made
    },
    checkLease: async () => {},
    fail: error => {
      failures.push(error)
    },
    ...overrides,
    failures,
    close: async () => {
      for (const object of [...shared.values()].reverse()) await object.close()
      shared.clear()
    },
  }
}

/** Fields joined by `|`, every one a STRING; an empty field is NULL. `!bad` does not parse. */
export const textFormat: Format = {
  name: 'text',
  options: [{ key: 'ignore-errors', type: 'boolean', doc: 'Skips what does not parse.' }],
  createDecoder({ wanted }, { options }): Decoder {
    const decoder = {
      numSkippedErrors: 0,
      numSkippedNulls: 0,
      decode(...[run, from, to, columns, records, row]: Parameters<Decoder['decode']>): number {
        for (let i = from; i < to; i++) {
          const start = run.starts[i]!
          if (start < 0) {
            decoder.numSkippedNulls++
            continue
          }
          const text = Buffer.from(run.bytes.subarray(start, run.ends[i]!)).toString()
          if (text === '!bad') {
            if (options['ignore-errors'] !== 'true')
              throw new DecodeError({ record: i, message: 'not a text', skipOption: 'text.ignore-errors' })
            decoder.numSkippedErrors++
            continue
          }
          const parts = text.split('|')
          wanted.forEach((field, c) => {
            const column = columns[c]!
            const part = Buffer.from(parts[field] ?? '')
            if (column.storage !== 'bytes') throw new Error('the text format has only strings')
            if (part.length === 0) column.appendNull(row)
            else column.append(row, part, 0, part.length)
          })
          records[row] = i
          row++
        }
        return row
      },
    }
    return decoder
  },
  createEncoder(_fields, columns): Encoder {
    return {
      encode(batch, row, out) {
        const parts = columns.map(c => {
          const column = batch.columns[c]!
          if (column.storage !== 'bytes' || column.isNull(row)) return ''
          return Buffer.from(column.bytes.subarray(column.offsets[row]!, column.offsets[row + 1]!)).toString()
        })
        const bytes = Buffer.from(parts.join('|'))
        out.reserve(bytes.length)
        out.bytes.set(bytes, out.length)
        out.length += bytes.length
      },
    }
  },
}

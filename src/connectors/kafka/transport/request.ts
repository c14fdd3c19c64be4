/** One request of ours with its version: how it is written and how its answer is read. */
import type { WireReader, WireWriter } from './wire.ts'

export interface KafkaRequest<T> {
  readonly apiKey: number
  readonly apiName: string
  readonly apiVersion: number
  /** Flexible versions carry tagged fields; the empty ones of the headers are handled by the connection. */
  readonly flexible?: boolean
  /** Produce with acks=0 is the only request without an answer. */
  readonly noResponse?: boolean
  /** Bytes to expect, so that big requests are written without growing. */
  readonly sizeHint?: number
  readonly timeoutMs?: number
  encode(writer: WireWriter): void
  decode(reader: WireReader): T
}

/** The version range of one API at one broker. */
export interface ApiRange {
  readonly minVersion: number
  readonly maxVersion: number
}

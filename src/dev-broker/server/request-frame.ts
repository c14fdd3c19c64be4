/**
 * Request and response headers.
 *
 *   request  => api_key:i16 api_version:i16 correlation_id:i32 client_id? tags (flexible) body
 *   response => correlation_id:i32 tags (flexible, never for ApiVersions) body
 */
import { routes } from '../apis.ts'
import { apiVersions } from '../protocol/api-versions.ts'
import { nullableString } from '../protocol/codec.ts'
import { Reader } from '../protocol/reader.ts'
import { Writer } from '../protocol/writer.ts'
import type { Route } from './route.ts'

export interface RequestFrame {
  readonly route: Route
  readonly version: number
  readonly correlationId: number
  readonly clientId: string
  /** ApiVersions in a version we do not speak: answered with code 35 in version 0. */
  readonly isUnsupported: boolean
  /** The whole frame; `bodyAt` is where the header ends. */
  readonly bytes: Buffer
  readonly bodyAt: number
}

/** Undefined when the API or its version is unknown. */
export function readRequest(bytes: Buffer): RequestFrame | undefined {
  const reader = new Reader(bytes)
  const route = routes.get(reader.int16())
  const version = reader.int16()
  const correlationId = reader.int32()
  if (route === undefined) return undefined
  const isKnown = version >= route.minVersion && version <= route.maxVersion
  if (!isKnown && route.key !== apiVersions.key) return undefined
  const clientId = isKnown ? (nullableString.read(reader) ?? '') : ''
  if (isKnown && version >= route.flexibleSince) reader.skipTags()
  return { route, version, correlationId, clientId, isUnsupported: !isKnown, bytes, bodyAt: reader.position }
}

export function decodeBody(frame: RequestFrame): unknown {
  const reader = new Reader(frame.bytes)
  reader.position = frame.bodyAt
  reader.version = frame.version
  reader.flexible = frame.version >= frame.route.flexibleSince
  return frame.route.decode(reader)
}

export function encodeAnswer(frame: RequestFrame, response: unknown): Buffer[] {
  const writer = new Writer()
  writer.int32(frame.correlationId)
  writer.version = frame.isUnsupported ? 0 : frame.version
  writer.flexible = writer.version >= frame.route.flexibleSince
  if (writer.flexible && frame.route.key !== apiVersions.key) writer.unsignedVarint(0)
  frame.route.encode(writer, response)
  return writer.frame()
}

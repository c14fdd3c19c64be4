import type { Api } from '../protocol/api.ts'
import type { Reader } from '../protocol/reader.ts'
import type { Writer } from '../protocol/writer.ts'
import type { RequestContext } from './request-context.ts'

/** Answers a request, at once or later; undefined = no answer is sent (Produce with acks 0). */
export type Handler<Request, Response> = (
  request: Request,
  context: RequestContext,
) => Response | undefined | Promise<Response | undefined>

/** An API bound to its handler, with the message types hidden. */
export interface Route {
  readonly key: number
  readonly name: string
  readonly minVersion: number
  readonly maxVersion: number
  readonly flexibleSince: number
  readonly decode: (reader: Reader) => unknown
  readonly handle: (request: unknown, context: RequestContext) => unknown
  readonly failure: (request: unknown, code: number) => unknown
  readonly encode: (writer: Writer, response: unknown) => void
}

export function route<Request, Response>(
  api: Api<Request, Response>,
  handler: Handler<Request, Response>,
): Route {
  const { key, name, minVersion, maxVersion, flexibleSince } = api
  return {
    key,
    name,
    minVersion,
    maxVersion,
    flexibleSince,
    decode: api.request.read,
    handle: (request, context) => handler(request as Request, context),
    failure: (request, code) => api.failure(request as Request, code),
    encode: (writer, response) => api.response.write(writer, response as Response),
  }
}

import type { Codec } from './codec.ts'

/** One API of the protocol: its key, the versions this broker speaks, and the grammar of both messages. */
export interface Api<Request, Response> {
  readonly key: number
  readonly name: string
  readonly minVersion: number
  readonly maxVersion: number
  /** First version with compact types and tag sections (KIP-482). */
  readonly flexibleSince: number
  readonly request: Codec<Request>
  readonly response: Codec<Response>
  /** The answer that carries `code` in every place an error can stand; used by injected faults. */
  readonly failure: (request: Request, code: number) => Response
}

/** No version of the API is flexible. */
export const neverFlexible = Number.MAX_SAFE_INTEGER

export const defineApi = <Request, Response>(api: Api<Request, Response>): Api<Request, Response> => api

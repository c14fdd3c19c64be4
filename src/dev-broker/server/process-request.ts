import { setTimeout as sleep } from 'node:timers/promises'
import type { FaultAction } from '../faults/fault-injector.ts'
import { apiVersions } from '../protocol/api-versions.ts'
import { errorCode } from '../protocol/error-code.ts'
import { saslAuthenticate } from '../protocol/sasl-authenticate.ts'
import { saslHandshake } from '../protocol/sasl-handshake.ts'
import type { RequestContext } from './request-context.ts'
import { decodeBody, encodeAnswer, type RequestFrame } from './request-frame.ts'

export interface Outcome {
  /** The answer's frame; undefined = nothing is sent. */
  readonly answer: readonly Buffer[] | undefined
  readonly close: boolean
}

const closed: Outcome = { answer: undefined, close: true }
const beforeAuthentication: ReadonlySet<number> = new Set([
  apiVersions.key,
  saslHandshake.key,
  saslAuthenticate.key,
])

/** Decodes, processes and encodes one request, with whatever fault lies in its way. */
export async function process(frame: RequestFrame, context: RequestContext): Promise<Outcome> {
  const { route } = frame
  if (frame.isUnsupported) return answered(frame, route.failure(undefined, errorCode.unsupportedVersion))
  if (!context.sasl.isAuthenticated && !beforeAuthentication.has(route.key)) return closed
  const request = decodeBody(frame)
  const fault = context.cluster.faults.actionFor(route.name, request, context)
  if (fault !== undefined) return await processFaulted(frame, request, context, fault)
  return await processPlainly(frame, request, context)
}

async function processPlainly(
  frame: RequestFrame,
  request: unknown,
  context: RequestContext,
): Promise<Outcome> {
  const response = await frame.route.handle(request, context)
  return response === undefined ? { answer: undefined, close: false } : answered(frame, response)
}

const answered = (frame: RequestFrame, response: unknown): Outcome => ({
  answer: encodeAnswer(frame, response),
  close: false,
})

async function processFaulted(
  frame: RequestFrame,
  request: unknown,
  context: RequestContext,
  fault: FaultAction,
): Promise<Outcome> {
  context.cluster.logger.debug('fault', { api: frame.route.name, fault: fault.kind })
  switch (fault.kind) {
    case 'drop-answer':
      await processPlainly(frame, request, context)
      return { answer: undefined, close: fault.close ?? false }
    case 'delay':
      await sleep(typeof fault.ms === 'number' ? fault.ms : fault.ms(request))
      return await processPlainly(frame, request, context)
    case 'delay-answer': {
      const outcome = await processPlainly(frame, request, context)
      await sleep(fault.ms)
      return outcome
    }
    case 'error': {
      const { code, only } = fault
      if (only === undefined) return answered(frame, frame.route.failure(request, code))
      const partitionFailure = (topic: string, partition: number) => (only(topic, partition) ? code : 0)
      return await processPlainly(frame, request, { ...context, partitionFailure })
    }
    case 'kill-connection':
      return closed
    case 'duplicate': {
      // The log keeps the first request's bytes, so the second reads from a copy made before.
      const again = { ...frame, bytes: Buffer.from(frame.bytes) }
      await processPlainly(frame, request, context)
      return await processPlainly(again, decodeBody(again), context)
    }
    case 'call':
      await fault.run()
      return await processPlainly(frame, request, context)
  }
}

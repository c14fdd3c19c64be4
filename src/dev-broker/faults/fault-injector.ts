/**
 * Faults that tests lay in the way of requests. A rule names an API, says when it applies, and what happens instead of (or beside) the
 * ordinary answer. The first rule that applies wins; every application is counted.
 */
import { configError } from '../../errors/index.ts'
import type { RequestContext } from '../server/request-context.ts'

export type FaultAction =
  /** The request is processed, its answer never sent; the connection stays open (`close`: is closed) behind it. */
  | { readonly kind: 'drop-answer'; readonly close?: boolean }
  /** The request is processed after `ms` milliseconds; later requests of the connection wait behind it. */
  | { readonly kind: 'delay'; readonly ms: number | ((request: unknown) => number) }
  /** The request is processed at once, its answer waits for `ms` milliseconds. */
  | { readonly kind: 'delay-answer'; readonly ms: number }
  /**
   * The request is not processed; the answer carries `code` wherever an error can stand. With `only` (Produce and Fetch) just the partitions
   * it accepts fail, the others are processed.
   */
  | {
      readonly kind: 'error'
      readonly code: number
      readonly only?: (topic: string, partition: number) => boolean
    }
  /** The connection is destroyed and the request not processed. */
  | { readonly kind: 'kill-connection' }
  /** The request is processed twice, as after a retransmission; the second answer is sent. */
  | { readonly kind: 'duplicate' }
  /** Called before processing; its promise is waited for. */
  | { readonly kind: 'call'; readonly run: () => void | Promise<void> }

export interface FaultedRequest {
  readonly api: string
  readonly request: unknown
  readonly context: RequestContext
  /** 1 for the first request of this API that the rule has seen. */
  readonly count: number
}

export interface FaultRule {
  /** API name as in the protocol guide: `Produce`, `EndTxn`, … */
  readonly api: string
  /** A number: only the nth request of this API since the rule was added. A function: those it accepts. Absent: all. */
  readonly when?: number | ((request: FaultedRequest) => boolean)
  /** How often the rule applies at most. */
  readonly times?: number
  readonly action: FaultAction
}

export interface FaultHandle extends Disposable {
  /** How often the rule has been applied. */
  readonly hits: number
  /** How many requests of the API it has seen. */
  readonly seen: number
  remove(): void
}

/** APIs whose handlers ask `RequestContext.partitionFailure`. */
const perPartition: readonly string[] = ['Produce', 'Fetch']

interface ActiveFault {
  readonly rule: FaultRule
  hits: number
  seen: number
}

export class FaultInjector {
  readonly #active = new Set<ActiveFault>()

  /** Throws `MR_DEV_BROKER_FAULT` for a rule that could never apply. */
  add(rule: FaultRule): FaultHandle {
    checkRule(rule)
    const active: ActiveFault = { rule, hits: 0, seen: 0 }
    this.#active.add(active)
    const remove = () => {
      this.#active.delete(active)
    }
    return {
      get hits() {
        return active.hits
      },
      get seen() {
        return active.seen
      },
      remove,
      [Symbol.dispose]: remove,
    }
  }

  clear(): void {
    this.#active.clear()
  }

  /** What to do with a request, and counts it. */
  actionFor(api: string, request: unknown, context: RequestContext): FaultAction | undefined {
    if (this.#active.size === 0) return undefined
    let chosen: FaultAction | undefined
    for (const active of this.#active) {
      const { rule } = active
      if (rule.api !== api) continue
      active.seen++
      if (chosen !== undefined || active.hits >= (rule.times ?? Number.POSITIVE_INFINITY)) continue
      if (!applies(rule, { api, request, context, count: active.seen })) continue
      active.hits++
      chosen = rule.action
    }
    return chosen
  }
}

function checkRule({ api, action }: FaultRule): void {
  if (action.kind !== 'error' || action.only === undefined || perPartition.includes(api)) return
  throw configError('MR_DEV_BROKER_FAULT', `'only' is not possible for ${api}`, { expected: perPartition })
}

function applies({ when }: FaultRule, request: FaultedRequest): boolean {
  if (when === undefined) return true
  return typeof when === 'number' ? request.count === when : when(request)
}

/**
 * Finds requests that are not answered in time, over all connections of the process with one timer: a thousand idle jobs
 * must not wake it a thousand times a second. Time is the monotonic clock's, counted from when a request is first seen.
 */
import type RequestQueue from 'kafkajs/src/network/requestQueue/index.js'

const FINEST_MS = 100
const COARSEST_MS = 1_000

const queues = new Set<RequestQueue>()
const seenAt = new WeakMap<object, number>()
let timer: NodeJS.Timeout | null = null
let tickMs = Number.POSITIVE_INFINITY

/** Until the queue's connection ends. */
export function watchTimeouts(queue: RequestQueue): void {
  queues.add(queue)
  const { requestTimeout } = queue
  const wanted = Math.min(requestTimeout, Math.max(FINEST_MS, Math.min(requestTimeout / 10, COARSEST_MS)))
  if (timer !== null && wanted >= tickMs) return
  if (timer !== null) clearInterval(timer)
  tickMs = wanted
  timer = setInterval(check, tickMs)
  // The sockets keep the process alive, as long as anybody uses them.
  timer.unref()
}

function check(): void {
  const now = performance.now()
  for (const queue of queues) {
    for (const request of queue.inflight.values()) {
      const since = seenAt.get(request)
      if (since === undefined) seenAt.set(request, now)
      else if (now - since > request.requestTimeout) request.timeoutRequest()
    }
    if (!queue.isConnected()) queues.delete(queue)
  }
  if (queues.size > 0 || timer === null) return
  clearInterval(timer)
  timer = null
  tickMs = Number.POSITIVE_INFINITY
}

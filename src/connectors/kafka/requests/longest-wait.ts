const LONGEST_WAIT_MS = 10_000

/**
 * How long a broker may hold a request that waits for records, and how long nothing must have come to a reader before it
 * is silent. A request that waits as long as an answer may take would be taken for one that is lost.
 */
export const longestWaitMs = (requestTimeoutMs: number): number =>
  Math.min(LONGEST_WAIT_MS, requestTimeoutMs / 2)

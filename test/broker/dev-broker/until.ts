import { setTimeout as sleep } from 'node:timers/promises'

/** Waits for a condition that asynchronous work of the broker brings about; the test's own timeout is the limit. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(2)
}

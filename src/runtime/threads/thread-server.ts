/** The life of a worker thread: it waits for parts of jobs and runs them side by side, until the host ends it. */
import { parentPort } from 'node:worker_threads'
import { internalError } from '../../errors/index.ts'
import { ThreadAttempt, type ThreadComponents } from './thread-attempt.ts'
import type { OpenAttempt } from './thread-messages.ts'

/** Called once, by the module a worker thread starts with: it brings the connectors and formats of the process. */
export function serveThread(components: ThreadComponents): void {
  if (parentPort === null) throw internalError('serveThread was called outside a worker thread')
  // Ends the thread, which the host hears of.
  parentPort.on('messageerror', error => {
    throw error
  })
  parentPort.on('message', (open: OpenAttempt) => {
    new ThreadAttempt(open, components)
  })
}

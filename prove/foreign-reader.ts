/** The reader that judges, on every kind of broker: a client of other make, required. */
import { kcatVersion } from '../harness/kcat.ts'

export { type ForeignRecord, readCommitted } from '../harness/kcat.ts'

/** Throws with what to install when there is none. */
export function foreignReaderVersion(): string {
  const version = kcatVersion()
  if (version !== null) return version
  throw new Error(
    'kcat is not installed, and it is the reader that judges: apt-get install kcat (Debian, Ubuntu) or brew install kcat',
  )
}

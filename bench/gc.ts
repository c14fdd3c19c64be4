/** Garbage collections on demand, without a flag on the command line. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')

const collect = runInNewContext('gc') as (options: { readonly type: 'major' | 'minor' }) => void

export const gc = (): void => collect({ type: 'major' })

/**
 * Of the young generation only. A full collection between two passes, when none of a contender's objects lives, also
 * throws away the optimized code that knows them; that of a job that runs stays.
 */
export const minorGc = (): void => collect({ type: 'minor' })

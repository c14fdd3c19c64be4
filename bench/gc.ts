/** Garbage collections on demand, without a flag on the command line. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
// Between two passes of a contender none of its objects lives. A collection then clears their hidden classes and
// throws away the optimized code that knows them, which it never does to a job that runs.
setFlagsFromString('--retain-maps-for-n-gc=10000')

const collect = runInNewContext('gc') as (options: { readonly type: 'major' | 'minor' }) => void

export const gc = (): void => collect({ type: 'major' })

/** Of the young generation only: quick, and it leaves compiled code alone. */
export const minorGc = (): void => collect({ type: 'minor' })

import type { ScalarSpec } from '../../function-spec.ts'
import { charLength } from './char-length.ts'
import { concat, concatWs } from './concat.ts'
import { substring } from './substring.ts'
import { lower, upper } from './upper-lower.ts'

export const stringFunctions: readonly ScalarSpec[] = [upper, lower, charLength, concat, concatWs, substring]

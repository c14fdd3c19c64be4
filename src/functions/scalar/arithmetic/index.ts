import type { ScalarSpec } from '../../function-spec.ts'
import { minus, plus } from './add-subtract.ts'
import { divide } from './divide.ts'
import { modulo } from './modulo.ts'
import { multiply } from './multiply.ts'
import { negate } from './negate.ts'

export const arithmeticFunctions: readonly ScalarSpec[] = [plus, minus, negate, multiply, divide, modulo]

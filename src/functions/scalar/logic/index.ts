import type { ScalarSpec } from '../../function-spec.ts'
import { and, not, or } from './and-or-not.ts'
import { isFalse, isNotFalse, isNotTrue, isNotUnknown, isTrue, isUnknown } from './is-truth.ts'

export const logicFunctions: readonly ScalarSpec[] = [
  and,
  or,
  not,
  isTrue,
  isNotTrue,
  isFalse,
  isNotFalse,
  isUnknown,
  isNotUnknown,
]

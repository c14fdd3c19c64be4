import type { ScalarSpec } from '../../function-spec.ts'
import { equal, greaterOrEqual, greaterThan, lessOrEqual, lessThan, notEqual } from './comparison.ts'
import { inList } from './in.ts'
import { isDistinctFrom, isNotDistinctFrom } from './is-distinct-from.ts'
import { isNotNull, isNull } from './is-null.ts'

export const comparisonFunctions: readonly ScalarSpec[] = [
  equal,
  notEqual,
  lessThan,
  lessOrEqual,
  greaterThan,
  greaterOrEqual,
  isNull,
  isNotNull,
  isDistinctFrom,
  isNotDistinctFrom,
  inList,
]

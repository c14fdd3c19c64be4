import type { ScalarSpec } from '../../function-spec.ts'
import { cardinality, element, getField, item } from './access.ts'
import {
  arrayConcat,
  arrayContains,
  arrayDistinct,
  arrayJoin,
  arrayMax,
  arrayMin,
  arrayPosition,
  arrayReverse,
  mapKeys,
  mapValues,
  split,
} from './array-functions.ts'
import { array, map, row } from './constructors.ts'

export const collectionFunctions: readonly ScalarSpec[] = [
  array,
  map,
  row,
  item,
  getField,
  cardinality,
  element,
  arrayContains,
  arrayPosition,
  arrayDistinct,
  arrayReverse,
  arrayConcat,
  arrayMax,
  arrayMin,
  arrayJoin,
  mapKeys,
  mapValues,
  split,
]

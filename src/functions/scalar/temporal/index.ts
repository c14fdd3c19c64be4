import type { ScalarSpec } from '../../function-spec.ts'
import { clockFunctions, currentWatermark } from './current-time.ts'
import { dateFormat } from './date-format.ts'
import { extract, fieldFunctions } from './extract.ts'
import { ceilTo, floorTo } from './floor-ceil-to.ts'
import { overlaps } from './overlaps.ts'
import { timestampAdd, timestampDiff } from './timestamp-add-diff.ts'
import { toDate, toTimestamp, toTimestampLtz } from './to-timestamp.ts'
import { convertTz, fromUnixtime, unixTimestamp } from './unix-time.ts'

export const temporalFunctions: readonly ScalarSpec[] = [
  ...clockFunctions,
  currentWatermark,
  extract,
  ...fieldFunctions,
  floorTo,
  ceilTo,
  dateFormat,
  toTimestamp,
  toDate,
  toTimestampLtz,
  fromUnixtime,
  unixTimestamp,
  convertTz,
  timestampAdd,
  timestampDiff,
  overlaps,
]

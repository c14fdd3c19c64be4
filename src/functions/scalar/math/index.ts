import type { ScalarSpec } from '../../function-spec.ts'
import { abs, sign } from './abs-sign.ts'
import { ceil, floor } from './floor-ceil.ts'
import { bin, hex, unhex } from './radix.ts'
import { rand, randInteger, uuid } from './random.ts'
import { realFunctions } from './real-functions.ts'
import { round, truncate } from './round-truncate.ts'

export const mathFunctions: readonly ScalarSpec[] = [
  abs,
  sign,
  floor,
  ceil,
  round,
  truncate,
  ...realFunctions,
  bin,
  hex,
  unhex,
  rand,
  randInteger,
  uuid,
]

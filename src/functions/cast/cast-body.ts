/**
 * CAST in compiled code: inline text between fixed-width types, byte kernels for text, and the plain cast for the
 * rest. `safe` is TRY_CAST: what would fail is NULL.
 */
import { MillraceError } from '../../errors/index.ts'
import type { LogicalType } from '../../types/index.ts'
import type { Implementation, NaiveBody } from '../function-spec.ts'
import { castPlain } from './cast-plain.ts'
import { fixedCast } from './fixed-cast.ts'
import { parseCast, printCast } from './text-cast.ts'
import { isUnchanged } from './unchanged-cast.ts'

export interface CastBody {
  /** Nothing to do: the value in memory is the same. */
  readonly unchanged: boolean
  readonly implementation: Implementation | undefined
  readonly naive: NaiveBody
}

const naiveCast =
  (from: LogicalType, to: LogicalType, safe: boolean): NaiveBody =>
  ([value], { environment }) => {
    if (!safe) return castPlain(value!, from, to, environment)
    try {
      return castPlain(value!, from, to, environment)
    } catch (error) {
      if (error instanceof MillraceError && error.family === 'runtime') return null
      throw error
    }
  }

export function castBody(from: LogicalType, to: LogicalType, safe: boolean): CastBody {
  return {
    unchanged: isUnchanged(from, to),
    implementation: fixedCast(from, to) ?? parseCast(from, to, safe) ?? printCast(from, to),
    naive: naiveCast(from, to, safe),
  }
}

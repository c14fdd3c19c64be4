import type { ScalarSpec } from '../../function-spec.ts'
import { coalesce, ifThenElse, nullIf } from './coalesce.ts'
import { greatest, least } from './greatest-least.ts'

export const conditionalFunctions: readonly ScalarSpec[] = [coalesce, ifThenElse, nullIf, greatest, least]

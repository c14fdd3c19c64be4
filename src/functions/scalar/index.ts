import type { ScalarSpec } from '../function-spec.ts'
import { arithmeticFunctions } from './arithmetic/index.ts'
import { collectionFunctions } from './collection/index.ts'
import { comparisonFunctions } from './comparison/index.ts'
import { conditionalFunctions } from './conditional/index.ts'
import { conversionFunctions } from './conversion/index.ts'
import { jsonFunctions } from './json/index.ts'
import { logicFunctions } from './logic/index.ts'
import { mathFunctions } from './math/index.ts'
import { stringFunctions } from './string/index.ts'
import { temporalFunctions } from './temporal/index.ts'

/** Every scalar function and operator, by theme. */
export const scalarFunctions: readonly ScalarSpec[] = [
  ...logicFunctions,
  ...comparisonFunctions,
  ...arithmeticFunctions,
  ...mathFunctions,
  ...conditionalFunctions,
  ...conversionFunctions,
  ...stringFunctions,
  ...temporalFunctions,
  ...collectionFunctions,
  ...jsonFunctions,
]

import type { ScalarSpec } from '../../function-spec.ts'
import { typeOf } from './typeof.ts'

export const conversionFunctions: readonly ScalarSpec[] = [typeOf]

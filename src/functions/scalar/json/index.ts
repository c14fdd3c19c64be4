import type { ScalarSpec } from '../../function-spec.ts'
import { isJsonFunctions } from './is-json.ts'
import { jsonArray, jsonObject, jsonQuote, jsonString, jsonUnquote } from './json-build.ts'
import { jsonExists, jsonQuerySpec, jsonValueSpec } from './json-value.ts'

export const jsonFunctions: readonly ScalarSpec[] = [
  ...isJsonFunctions,
  jsonExists,
  jsonValueSpec,
  jsonQuerySpec,
  jsonObject,
  jsonArray,
  jsonString,
  jsonQuote,
  jsonUnquote,
]

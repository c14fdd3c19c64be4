/**
 * DescribeConfigs (key 32), versions 0–4. Resource type 2 is a topic, 4 a broker. A null key list asks for all.
 *
 *   request  => [type:i8 name [key]?] include_synonyms:bool (1+) include_documentation:bool (3+)
 *   response => throttle_ms:i32 [error:i16 message? type:i8 name [key value? read_only:bool is_default:bool (0) source:i8 (1+)
 *               sensitive:bool [key value? source:i8] (1+) config_type:i8 (3+) documentation? (3+)]]
 */
import { defineApi } from './api.ts'
import {
  array,
  boolean,
  type Infer,
  int8,
  int16,
  int32,
  nullableArray,
  nullableString,
  since,
  string,
  struct,
  until,
} from './codec.ts'

const request = struct({
  resources: array(struct({ type: int8, name: string, keys: nullableArray(string) })),
  includeSynonyms: since(1, boolean, false),
  includeDocumentation: since(3, boolean, false),
})

const response = struct({
  throttleTimeMs: int32,
  results: array(
    struct({
      errorCode: int16,
      errorMessage: nullableString,
      type: int8,
      name: string,
      configs: array(
        struct({
          name: string,
          value: nullableString,
          readOnly: boolean,
          isDefault: until(0, boolean, false),
          source: since(1, int8, -1),
          isSensitive: boolean,
          synonyms: since(1, array(struct({ name: string, value: nullableString, source: int8 })), []),
          configType: since(3, int8, 0),
          documentation: since(3, nullableString, null),
        }),
      ),
    }),
  ),
})

export type DescribeConfigsRequest = Infer<typeof request>
export type DescribeConfigsResponse = Infer<typeof response>

export const describeConfigs = defineApi({
  key: 32,
  name: 'DescribeConfigs',
  minVersion: 0,
  maxVersion: 4,
  flexibleSince: 4,
  request,
  response,
  failure: (request: DescribeConfigsRequest, code): DescribeConfigsResponse => ({
    throttleTimeMs: 0,
    results: request.resources.map(({ type, name }) => ({
      errorCode: code,
      errorMessage: null,
      type,
      name,
      configs: [],
    })),
  }),
})

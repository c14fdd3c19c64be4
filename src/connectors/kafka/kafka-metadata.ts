/** Metadata columns of Kafka tables, with Flink's types. */
import type { MetadataKey } from '../../catalog/index.ts'
import {
  arrayType,
  bigintType,
  bytesType,
  integerType,
  mapType,
  rowType,
  stringType,
  timestampLtzType,
} from '../../types/index.ts'

export const kafkaMetadata: readonly MetadataKey[] = [
  { key: 'topic', type: stringType(false), writable: true },
  { key: 'partition', type: integerType(false), writable: false },
  { key: 'headers', type: mapType(stringType(false), bytesType(), false), writable: true },
  {
    key: 'header-list',
    type: arrayType(
      rowType(
        [
          { name: 'key', type: stringType(false) },
          { name: 'value', type: bytesType() },
        ],
        false,
      ),
      false,
    ),
    writable: true,
  },
  { key: 'leader-epoch', type: integerType(), writable: false },
  { key: 'offset', type: bigintType(false), writable: false },
  { key: 'timestamp', type: timestampLtzType(3, false), writable: true },
  { key: 'timestamp-type', type: stringType(false), writable: false },
]

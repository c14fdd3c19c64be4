/** A GROUP BY with one COUNT over so many keys, BIGINT or short STRING. */
import { DIGITS, type PatchedTopic, patchedTopic } from './patched-topic.ts'

export type KeyType = 'BIGINT' | 'STRING'

const options = `'connector' = 'kafka', 'topic' = 't', 'properties.bootstrap.servers' = 'memory:0',
  'properties.group.id' = 'g', 'scan.startup.mode' = 'earliest-offset', 'format' = 'json'`

export const countByKey = (key: KeyType): string => `
  CREATE TABLE source (k ${key}) WITH (${options});
  CREATE TABLE nowhere (k ${key}, c BIGINT) WITH ('connector' = 'blackhole');
  INSERT INTO nowhere SELECT k, COUNT(*) FROM source GROUP BY k;`

/** Not a divisor of any number of keys that is measured. */
const STEP = 7_368_787

/** Each key once, in an order like a random one, and then keys at random. */
export const keysThenUpdates = (
  key: KeyType,
  numKeys: number,
  numRecords: number,
  onBatch: (first: number) => void,
): PatchedTopic =>
  patchedTopic(
    key === 'BIGINT' ? `{"k":${DIGITS}}` : `{"k":"${DIGITS}"}`,
    numRecords,
    n => (n < numKeys ? (n * STEP) % numKeys : (Math.imul(n, 0x9e3779b1) >>> 0) % numKeys),
    onBatch,
  )

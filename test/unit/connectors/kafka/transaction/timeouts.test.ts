import { describe, expect, test } from 'vitest'
import { effectiveTimeouts } from '../../../../../src/connectors/kafka/transaction/timeouts.ts'
import {
  decodeWitness,
  encodeWitness,
  pickWitness,
  witnessesOf,
} from '../../../../../src/connectors/kafka/transaction/witness.ts'

describe('effective timeouts', () => {
  test('60 s with 5 s checkpoints leaves 25 s', () => {
    expect(
      effectiveTimeouts({
        checkpointIntervalMs: 5_000,
        checkpointTimeoutMs: 600_000,
        transactionTimeoutMs: 60_000,
      }),
    ).toEqual({ checkpointTimeoutMs: 25_000, shortened: true, maxTransactionAgeMs: 30_000 })
  })

  test('a checkpoint timeout that fits is kept', () => {
    expect(
      effectiveTimeouts({
        checkpointIntervalMs: 5_000,
        checkpointTimeoutMs: 20_000,
        transactionTimeoutMs: 60_000,
      }),
    ).toMatchObject({ checkpointTimeoutMs: 20_000, shortened: false })
  })

  test('less than two intervals is refused, six intervals are enough', () => {
    const at = (transactionTimeoutMs: number) =>
      effectiveTimeouts({ checkpointIntervalMs: 10_000, checkpointTimeoutMs: 600_000, transactionTimeoutMs })
    expect(at(60_000).checkpointTimeoutMs).toBe(20_000)
    expect(() => at(59_998)).toThrow(/at least 60000 ms/)
  })

  test("beyond the broker's maximum both numbers are named", () => {
    const timeouts = { checkpointIntervalMs: 1, checkpointTimeoutMs: 1, transactionTimeoutMs: 3_600_000 }
    expect(() => effectiveTimeouts({ ...timeouts, brokerMaximumMs: 900_000 })).toThrow(
      /3600000 ms .*900000 ms/,
    )
  })
})

describe('witness', () => {
  const offset = (metadata: string, at = 1) => ({ topic: 't', partition: 0, offset: at, metadata, code: 0 })

  test('is written and read', () => {
    const witness = { jobId: '0f-1', label: 12, incarnation: 3 }
    expect(decodeWitness(encodeWitness(witness))).toEqual(witness)
    for (const other of ['', 'x', 'job=;ckpt=1;inc=1', 'job=a;ckpt=;inc=1'])
      expect(decodeWitness(other)).toBeUndefined()
  })

  test('the highest label of the own job counts, wherever it stands', () => {
    const entries = [
      offset('job=b;ckpt=99;inc=1'),
      offset('job=a;ckpt=7;inc=1'),
      offset('job=a;ckpt=9;inc=2'),
      offset('something else'),
      offset('job=a;ckpt=50;inc=2', -1),
    ]
    expect(pickWitness(witnessesOf(entries), 'a')).toEqual({ jobId: 'a', label: 9, incarnation: 2 })
    expect(pickWitness(witnessesOf(entries), 'c')).toMatchObject({ label: 9 })
    expect(pickWitness(witnessesOf([offset('', -1)]), 'a')).toBeUndefined()
  })
})

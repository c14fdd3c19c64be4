import { describe, expect, test } from 'vitest'
import { blackholeConnector } from '../../../../src/connectors/blackhole/index.ts'
import { createPrintConnector, type LineStream } from '../../../../src/connectors/print/index.ts'
import { findConnector } from '../../../../src/connectors/registry.ts'
import {
  arrayType,
  bigintType,
  booleanType,
  bytesType,
  dateType,
  decimalType,
  doubleType,
  integerType,
  type LogicalType,
  mapType,
  rowType,
  stringType,
  timestampLtzType,
  timestampType,
  timeType,
} from '../../../../src/types/index.ts'
import { batchOf, jobContext, sinkRequest, tableOf } from '../../../support/connector-kit.ts'

type WriteCallback = (error?: Error | null) => void

/** A stream whose writes complete only when told. */
class FakeStream {
  text = ''
  readonly pending: WriteCallback[] = []

  write = (text: unknown, callback: unknown): boolean => {
    this.text += String(text)
    this.pending.push(callback as WriteCallback)
    return true
  }

  complete(error: Error | null = null): void {
    for (const callback of this.pending.splice(0)) callback(error)
  }
}

async function printed(
  type: LogicalType,
  value: unknown,
  options: Record<string, string> = {},
  place = { subtask: 0, parallelism: 1 },
) {
  const stdout = new FakeStream()
  const stderr = new FakeStream()
  const connector = createPrintConnector({
    stdout: () => stdout as unknown as LineStream,
    stderr: () => stderr as unknown as LineStream,
  })
  const table = tableOf({ connector: 'print', ...options }, { v: type })
  connector.capabilities(table, () => undefined)
  const sink = connector.createSink!(sinkRequest(table), jobContext())
  const writer = await sink.createWriter(place)
  writer.write(batchOf([type], [[value]], [2]))
  return { writer, stdout, stderr }
}

describe('text as Flink prints it', () => {
  const cases: readonly (readonly [LogicalType, unknown, string])[] = [
    [booleanType(), true, 'true'],
    [bigintType(), 5n, '5'],
    [doubleType(), 1e7, '1.0E7'],
    [decimalType(10, 2), '1.5', '1.50'],
    [stringType(), 'a, b', 'a, b'],
    [stringType(), null, 'null'],
    [bytesType(), new Uint8Array([1, 255]), '[1, -1]'],
    [dateType(), '2024-02-29', '2024-02-29'],
    [timeType(0), '12:30:00', '12:30'],
    [timestampType(3), '2020-01-01 00:00:00', '2020-01-01T00:00'],
    [timestampType(3), '2020-01-01 00:00:01', '2020-01-01T00:00:01'],
    [timestampType(3), '2020-01-01 00:00:00.120', '2020-01-01T00:00:00.120'],
    [timestampType(6), '2020-01-01 00:00:00.1234', '2020-01-01T00:00:00.123400'],
    [timestampLtzType(3), new Date(0), '1970-01-01T00:00:00Z'],
    [arrayType(integerType()), [1, null], '[1, null]'],
    [mapType(stringType(), integerType()), { a: 1 }, '{a=1}'],
    [rowType([{ name: 'x', type: integerType() }]), [1], '+I[1]'],
  ]
  test.each(cases)('%o %o', async (type, value, expected) => {
    expect((await printed(type, value)).stdout.text).toBe(`+U[${expected}]\n`)
  })
})

test('identifier and subtask', async () => {
  const several = { subtask: 1, parallelism: 2 }
  const named = { 'print-identifier': 'out' }
  expect((await printed(integerType(), 1, named)).stdout.text).toBe('out> +U[1]\n')
  expect((await printed(integerType(), 1, named, several)).stdout.text).toBe('out:2> +U[1]\n')
  expect((await printed(integerType(), 1, {}, several)).stdout.text).toBe('2> +U[1]\n')
})

test('standard error', async () => {
  const { stdout, stderr } = await printed(integerType(), 1, { 'standard-error': 'true' })
  expect([stdout.text, stderr.text]).toEqual(['', '+U[1]\n'])
})

test('flush waits for the stream, and a slow stream holds the writer back', async () => {
  const { writer, stdout } = await printed(integerType(), 1)
  let flushed = false
  const flushing = writer.flush(1).then(() => {
    flushed = true
  })
  await new Promise(resolve => setImmediate(resolve))
  expect(flushed).toBe(false)
  stdout.complete()
  await flushing
  expect(writer.ready()).toBeNull()
  for (let i = 0; i < 10; i++) writer.write(batchOf([integerType()], [[i]]))
  const room = writer.ready()
  expect(room).not.toBeNull()
  stdout.complete()
  await room
  expect(writer.ready()).toBeNull()
})

test('a broken stream fails flush and later writes', async () => {
  const { writer, stdout } = await printed(integerType(), 1)
  const flushing = writer.flush(1)
  stdout.complete(new Error('EPIPE'))
  await expect(flushing).rejects.toMatchObject({ code: 'MR_PRINT_WRITE' })
  expect(() => writer.write(batchOf([integerType()], [[2]]))).toThrow(/EPIPE/)
})

test('blackhole counts and takes any change', async () => {
  const table = tableOf({ connector: 'blackhole' }, { v: integerType() })
  expect(blackholeConnector.capabilities(table, () => undefined)).toEqual({
    sink: { changelogMode: 'retract', metadata: [], deliveryGuarantee: 'none' },
  })
  const sink = blackholeConnector.createSink!(sinkRequest(table), jobContext())
  const writer = await sink.createWriter({ subtask: 0, parallelism: 1 })
  writer.write(batchOf([integerType()], [[1], [2]], [0, 3]))
  expect(writer.metrics!()).toEqual({ numRecordsOut: 2 })
})

test('registry: unknown connectors name the nearest', () => {
  expect(findConnector('print').name).toBe('print')
  expect(() => findConnector('pritn')).toThrow("there is no connector 'pritn'")
})

/** The coordinator against the tables of real-kafka.md §2 and §3, row by row. Codes are those of the newest request versions (90, not 47). */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Clock } from '../../../src/dev-broker/clock.ts'
import { TransactionCoordinator } from '../../../src/dev-broker/transactions/transaction-coordinator.ts'

const markerDelayMs = 20
const partition = { topic: 't', partition: 0 }

function setUp(fenceKeepsEpoch = false) {
  let lastProducerId = 999
  const clock = new Clock(() => 1_000_000)
  const markers: string[] = []
  const persisted: string[] = []
  const coordinator = new TransactionCoordinator({
    clock,
    maxTransactionTimeoutMs: 900_000,
    markerDelayMs,
    transactionalIdExpirationMs: 604_800_000,
    fenceKeepsEpoch,
    newProducerId: () => ++lastProducerId,
    writeMarkers: (state, isCommit) =>
      markers.push(`${isCommit ? 'commit' : 'abort'} ${state.producerId}/${state.producerEpoch}`),
    persist: (id, state) => persisted.push(`${id} ${state?.status ?? 'gone'}`),
  })
  const init = (expected?: { producerId: number; producerEpoch: number }, id = 'tx') =>
    coordinator.initProducerId(id, 60_000, expected)
  const end = (producer: { producerId: number; producerEpoch: number }, isCommit = true, id = 'tx') =>
    coordinator.endTransaction(id, producer, isCommit)
  const add = (producer: { producerId: number; producerEpoch: number }, id = 'tx') =>
    coordinator.addPartitions(id, producer, [partition])
  /** An initialised id with an open transaction. */
  const open = () => {
    const producer = init()
    expect(producer.errorCode).toBe(0)
    expect(add(producer)).toBe(0)
    return producer
  }
  const status = () => coordinator.state('tx')?.status
  return { coordinator, clock, markers, persisted, init, end, add, open, status }
}

const markersOut = () => vi.advanceTimersByTime(markerDelayMs)

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('EndTxn(commit)', () => {
  test('open, right pid and epoch: 0, PrepareCommit, then CompleteCommit', () => {
    const { open, end, status, markers } = setUp()
    const producer = open()
    expect(end(producer)).toBe(0)
    expect(status()).toBe('PrepareCommit')
    expect(markers).toEqual([])
    markersOut()
    expect(status()).toBe('CompleteCommit')
    expect(markers).toEqual(['commit 1000/0'])
  })

  test('repeated at once 51, after completion 0', () => {
    const { open, end, markers } = setUp()
    const producer = open()
    end(producer)
    expect(end(producer)).toBe(51)
    markersOut()
    expect(end(producer)).toBe(0)
    expect(markers).toHaveLength(1)
  })

  test('after own abort: in flight 51, done 48', () => {
    const { open, end, status } = setUp()
    const producer = open()
    expect(end(producer, false)).toBe(0)
    expect(end(producer)).toBe(51)
    markersOut()
    expect(end(producer)).toBe(48)
    expect(status()).toBe('CompleteAbort')
  })

  test('abort after a completed commit: 48, unchanged', () => {
    const { open, end, status } = setUp()
    const producer = open()
    end(producer)
    markersOut()
    expect(end(producer, false)).toBe(48)
    expect(status()).toBe('CompleteCommit')
  })

  test('another InitProducerId while open: fenced, aborted', () => {
    const { open, end, init, status } = setUp()
    const producer = open()
    expect(init().errorCode).toBe(51)
    expect(end(producer)).toBe(90)
    markersOut()
    expect(status()).toBe('CompleteAbort')
    expect(init()).toMatchObject({ errorCode: 0, producerEpoch: 2 })
  })

  test('committed, slot re-initialised, next transaction open: fenced, next one untouched', () => {
    const { open, end, init, add, status } = setUp()
    const first = open()
    end(first)
    markersOut()
    const second = init()
    add(second)
    expect(end(first)).toBe(90)
    expect(status()).toBe('Ongoing')
  })

  test('same epoch reused for the next transaction: 0, and it commits that one', () => {
    const { open, end, add, status } = setUp()
    const producer = open()
    end(producer)
    markersOut()
    expect(add(producer)).toBe(0)
    expect(end(producer)).toBe(0)
    expect(status()).toBe('PrepareCommit')
  })

  test('initialised, nothing added: 48, Empty', () => {
    const { init, end, status } = setUp()
    expect(end(init())).toBe(48)
    expect(status()).toBe('Empty')
  })

  test('partition added, nothing produced: 0', () => {
    const { open, end } = setUp()
    expect(end(open())).toBe(0)
  })

  test('timed out by the broker: fenced, epoch + 1, CompleteAbort', () => {
    const { open, end, coordinator, clock, status } = setUp()
    const producer = open()
    clock.advance(59_999)
    coordinator.sweep()
    expect(status()).toBe('Ongoing')
    clock.advance(1)
    coordinator.sweep()
    expect(end(producer)).toBe(90)
    markersOut()
    expect(status()).toBe('CompleteAbort')
    expect(coordinator.state('tx')?.producerEpoch).toBe(1)
  })

  test('the timeout runs from the first partition, further ones do not extend it', () => {
    const { open, coordinator, clock, status } = setUp()
    const producer = open()
    clock.advance(50_000)
    coordinator.addPartitions('tx', producer, [{ topic: 't', partition: 1 }])
    clock.advance(10_000)
    coordinator.sweep()
    expect(status()).toBe('PrepareAbort')
  })

  test('unknown id, wrong pid, id expired, pid rotated: 49', () => {
    const { open, end, coordinator, init } = setUp()
    const producer = open()
    expect(end(producer, true, 'other')).toBe(49)
    expect(end({ ...producer, producerId: 5 })).toBe(49)
    end(producer)
    markersOut()
    coordinator.overrideEpoch('tx', 32766)
    init()
    expect(end(producer)).toBe(49)
    coordinator.forget('tx')
    expect(end(producer)).toBe(49)
  })

  test('epoch too low or too high: fenced', () => {
    const { open, init, end } = setUp()
    init()
    const producer = open()
    expect(end({ ...producer, producerEpoch: producer.producerEpoch - 1 })).toBe(90)
    expect(end({ ...producer, producerEpoch: producer.producerEpoch + 1 })).toBe(90)
  })
})

describe('InitProducerId', () => {
  test('unconditional on an idle id: epoch + 1, same pid', () => {
    const { init } = setUp()
    expect(init()).toEqual({ errorCode: 0, producerId: 1000, producerEpoch: 0 })
    expect(init()).toEqual({ errorCode: 0, producerId: 1000, producerEpoch: 1 })
  })

  test('directly after EndTxn: 51 until markers are out', () => {
    const { open, end, init } = setUp()
    end(open())
    expect(init().errorCode).toBe(51)
    markersOut()
    expect(init()).toMatchObject({ errorCode: 0, producerEpoch: 1 })
  })

  test('on an open transaction: 51, then epoch + 2, aborted', () => {
    const { open, init, markers } = setUp()
    open()
    expect(init()).toEqual({ errorCode: 51, producerId: -1, producerEpoch: -1 })
    expect(init().errorCode).toBe(51)
    markersOut()
    expect(markers).toEqual(['abort 1000/1'])
    expect(init()).toMatchObject({ errorCode: 0, producerEpoch: 2 })
  })

  test('(pid, current epoch), idle: epoch + 1', () => {
    const { init } = setUp()
    expect(init(init())).toMatchObject({ errorCode: 0, producerId: 1000, producerEpoch: 1 })
  })

  test('one behind an unconditional bump, two behind, foreign pid: 90', () => {
    const { init } = setUp()
    const first = init()
    init()
    expect(init(first).errorCode).toBe(90)
    init()
    expect(init(first).errorCode).toBe(90)
    expect(init({ producerId: 77, producerEpoch: 2 }).errorCode).toBe(90)
  })

  test('one behind a conditional bump: 0 with the present epoch, taken for a retry', () => {
    const { init } = setUp()
    const first = init()
    const second = init(first)
    expect(init(first)).toEqual(second)
  })

  test('on an id the broker does not know: new pid, epoch 0', () => {
    const { init } = setUp()
    expect(init({ producerId: 77, producerEpoch: 12 })).toEqual({
      errorCode: 0,
      producerId: 1000,
      producerEpoch: 0,
    })
  })

  test('old epoch after the broker timed the transaction out: 90', () => {
    const { open, init, coordinator } = setUp()
    const producer = open()
    expect(coordinator.timeOut('tx')).toBe(true)
    markersOut()
    expect(init(producer).errorCode).toBe(90)
  })

  test('own epoch while the own transaction is open: 51, then 90, aborted either way', () => {
    const { open, init, status } = setUp()
    const producer = open()
    expect(init(producer).errorCode).toBe(51)
    markersOut()
    expect(status()).toBe('CompleteAbort')
    expect(init(producer).errorCode).toBe(90)
  })

  test('as Kafka 4.1: after a fence the owner gets the next epoch, a stale caller still reads 90', () => {
    const { open, init } = setUp(true)
    const stale = init()
    const owner = open()
    expect(init(stale).errorCode).toBe(51)
    markersOut()
    expect(init(stale).errorCode).toBe(90)
    expect(init(owner)).toMatchObject({ errorCode: 0, producerEpoch: owner.producerEpoch + 1 })
  })

  test("stale while the owner's transaction is open: 51, then 90, the owner's transaction aborted", () => {
    const { open, init, end, status } = setUp()
    const stale = init()
    const owner = open()
    expect(init(stale).errorCode).toBe(51)
    markersOut()
    expect(status()).toBe('CompleteAbort')
    expect(init(stale).errorCode).toBe(90)
    expect(end(owner)).toBe(90)
  })

  test('epoch 32766 reached: new pid, epoch 0; the old triple reads 49', () => {
    const { init, end, coordinator } = setUp()
    init()
    coordinator.overrideEpoch('tx', 32765)
    const last = init()
    expect(last.producerEpoch).toBe(32766)
    expect(init(last)).toEqual({ errorCode: 0, producerId: 1001, producerEpoch: 0 })
    expect(end(last)).toBe(49)
  })

  test('epoch 32766 with the transaction open: 51, then new pid', () => {
    const { init, add, coordinator } = setUp()
    init()
    coordinator.overrideEpoch('tx', 32765)
    add(init())
    expect(init().errorCode).toBe(51)
    markersOut()
    expect(init()).toMatchObject({ errorCode: 0, producerId: 1001, producerEpoch: 0 })
  })

  test('repeated after a lost answer at 32766: -1', () => {
    const { init, coordinator } = setUp()
    init()
    coordinator.overrideEpoch('tx', 32765)
    const last = init()
    expect(init(last).errorCode).toBe(0)
    expect(init(last).errorCode).toBe(-1)
  })

  test('a timeout of zero or above the maximum: 50; an empty id: 42', () => {
    const { coordinator } = setUp()
    expect(coordinator.initProducerId('tx', 900_001, undefined).errorCode).toBe(50)
    expect(coordinator.initProducerId('tx', 0, undefined).errorCode).toBe(50)
    expect(coordinator.initProducerId('', 60_000, undefined).errorCode).toBe(42)
  })

  test('without a transactional id: a new pid each time', () => {
    const { coordinator } = setUp()
    expect(coordinator.initProducerId(null, 0, undefined)).toEqual({
      errorCode: 0,
      producerId: 1000,
      producerEpoch: 0,
    })
    expect(coordinator.initProducerId(null, 0, undefined).producerId).toBe(1001)
  })
})

describe('AddPartitionsToTxn', () => {
  test('dead epoch 90, foreign pid or unknown id 49, markers in flight 51', () => {
    const { open, end, add } = setUp()
    const producer = open()
    expect(add({ ...producer, producerEpoch: 7 })).toBe(90)
    expect(add({ ...producer, producerId: 7 })).toBe(49)
    expect(add(producer, 'other')).toBe(49)
    end(producer)
    expect(add(producer)).toBe(51)
  })
})

describe('partition leaders ask before the first batch', () => {
  test('0 for an added partition, 48 for another, 47 for a dead epoch, 49 for a foreign pid, 19 while markers are out', () => {
    const { open, end, coordinator } = setUp()
    const producer = open()
    expect(coordinator.verify('tx', producer, partition)).toBe(0)
    expect(coordinator.verify('tx', producer, { topic: 't', partition: 1 })).toBe(48)
    expect(coordinator.verify('tx', { ...producer, producerEpoch: 3 }, partition)).toBe(47)
    expect(coordinator.verify('tx', { ...producer, producerId: 3 }, partition)).toBe(49)
    end(producer)
    expect(coordinator.verify('tx', producer, partition)).toBe(19)
    markersOut()
    expect(coordinator.verify('tx', producer, partition)).toBe(48)
  })
})

describe('upkeep', () => {
  test('finished ids expire, open ones do not', () => {
    const { open, end, coordinator, clock, status } = setUp()
    const producer = open()
    end(producer)
    markersOut()
    clock.advance(604_799_999)
    coordinator.sweep()
    expect(status()).toBe('CompleteCommit')
    clock.advance(1)
    coordinator.sweep()
    expect(status()).toBeUndefined()
  })

  test('held markers keep a decision invisible until they are released', () => {
    const { open, end, init, coordinator, status } = setUp()
    const release = coordinator.holdMarkers()
    const producer = open()
    end(producer)
    vi.advanceTimersByTime(60_000)
    expect(status()).toBe('PrepareCommit')
    expect(init().errorCode).toBe(51)
    release()
    expect(status()).toBe('CompleteCommit')
  })

  test('a restored prepared transaction goes on to its markers', () => {
    const before = setUp()
    before.end(before.open())
    const after = setUp()
    after.coordinator.restore(before.coordinator.state('tx')!)
    after.coordinator.resumePrepared()
    markersOut()
    expect(after.markers).toEqual(['commit 1000/0'])
  })

  test('every state is persisted before it is answered', () => {
    const { open, end, persisted } = setUp()
    end(open())
    markersOut()
    expect(persisted).toEqual(['tx Empty', 'tx Ongoing', 'tx PrepareCommit', 'tx CompleteCommit'])
  })
})

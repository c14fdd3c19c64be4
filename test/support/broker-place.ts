/** A dev broker and a workplace for command lines, for all tests of a file; faults end with their test. */
import { afterAll, afterEach, beforeAll } from 'vitest'
import { type DevBroker, type DevBrokerOptions, startDevBroker } from '../../src/dev-broker/index.ts'
import { Workplace } from './cli.ts'

export interface BrokerPlace {
  /** Both are there while tests run. */
  readonly broker: DevBroker
  readonly place: Workplace
}

export function withBrokerPlace(options: DevBrokerOptions = {}): BrokerPlace {
  let broker: DevBroker | undefined
  let place: Workplace | undefined
  beforeAll(async () => {
    broker = await startDevBroker(options)
    place = await Workplace.create()
  })
  afterEach(() => broker?.faults.clear())
  afterAll(async () => {
    await broker?.close()
    await place?.[Symbol.asyncDispose]()
  })
  return {
    get broker() {
      return broker!
    },
    get place() {
      return place!
    },
  }
}

/** The dev broker's request parser on damaged requests: a request, or the error that closes the connection. */
import { WireError } from '../../src/dev-broker/protocol/reader.ts'
import { decodeBody, readRequest } from '../../src/dev-broker/server/request-frame.ts'
import { withAllocationLimit } from '../allocation-meter.ts'
import { mutate } from '../mutate.ts'
import type { Case, Target } from '../target.ts'
import { recordExchanges } from './kafka-frames.ts'

let frames: readonly Uint8Array[] = []

function check(input: Case): void {
  const bytes = Buffer.from(input.parts[0]!)
  try {
    withAllocationLimit(bytes.length * 8 + 65536, () => {
      const frame = readRequest(bytes)
      return frame === undefined ? undefined : decodeBody(frame)
    })
  } catch (error) {
    if (!(error instanceof WireError)) throw error
  }
}

export const brokerRequests: Target = {
  name: 'broker-requests',
  doc: "the dev broker's request parser on damaged requests",
  numUnitCases: 1500,
  async prepare() {
    if (frames.length === 0) frames = (await recordExchanges()).map(({ requestFrame }) => requestFrame)
  },
  generate: random => ({ setup: null, parts: [mutate(random.pick(frames), random)] }),
  check,
}

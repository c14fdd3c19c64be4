/**
 * Every Kafka response parser, behind the reader that cuts frames from the socket's bytes, on damaged answers of the
 * dev broker: a coded error or a value, nothing allocated beyond the frame's size, and an unharmed frame gives what it
 * gave when it was recorded.
 */
import { isDeepStrictEqual } from 'node:util'
import { FrameReader } from '../../src/connectors/kafka/transport/frame-reader.ts'
import { WireReader } from '../../src/connectors/kafka/transport/wire.ts'
import { MillraceError } from '../../src/errors/index.ts'
import { withAllocationLimit } from '../allocation-meter.ts'
import { mutate } from '../mutate.ts'
import { type Case, Finding, type Target } from '../target.ts'
import { type Exchange, recordExchanges } from './kafka-frames.ts'

interface Setup {
  readonly request: string
  /** Bytes a read of the socket gives. */
  readonly chunk: number
  readonly damaged: boolean
}

let exchanges: readonly Exchange[] = []

const exchangeOf = (name: string): Exchange => exchanges.find(exchange => exchange.name === name)!

function decodeFrames({ request }: Exchange, stream: Uint8Array, chunk: number): unknown[] {
  const answers: unknown[] = []
  const reader = new FrameReader('broker:9092', (_, payload) => {
    const wire = new WireReader(payload)
    if (request.flexible === true) wire.skipTags()
    answers.push(request.decode(wire))
  })
  for (let at = 0; at < stream.length; at += chunk) reader.push(stream.subarray(at, at + chunk))
  return answers
}

/** Record sets lie in the socket's buffer: only their bytes are compared. */
const comparable = (answers: unknown): string =>
  JSON.stringify(answers, (key, value: unknown) => {
    if (value instanceof Uint8Array) return undefined
    return key === 'start' || key === 'end' ? undefined : value instanceof Map ? [...value] : value
  })

function check(input: Case): void {
  const { request, chunk, damaged } = input.setup as Setup
  const exchange = exchangeOf(request)
  const [stream] = input.parts
  // A frame that announces more than came waits for it in a buffer of that size, within the reader's own bound.
  const isWhole = stream!.length >= 4 && Buffer.from(stream!).readInt32BE() === stream!.length - 4
  const limit = stream!.length * 8 + (isWhole ? 65536 : 2 ** 28 + 65536)
  try {
    const answers = withAllocationLimit(limit, () => decodeFrames(exchange, stream!, chunk))
    if (damaged) return
    const expected = decodeFrames(exchange, exchange.answerFrame, 1 << 20)
    if (answers.length !== 1 || !isDeepStrictEqual(comparable(answers), comparable(expected)))
      throw new Finding(`another answer when read in pieces: ${comparable(answers)}`)
  } catch (error) {
    if (!(error instanceof MillraceError) || error.family !== 'connector' || !damaged) throw error
  }
}

export const kafkaResponses: Target = {
  name: 'kafka-responses',
  doc: 'parsers of Kafka responses on damaged answers of the dev broker',
  numUnitCases: 1500,
  async prepare() {
    if (exchanges.length === 0) exchanges = await recordExchanges()
  },
  generate(random) {
    const exchange = random.pick(exchanges)
    const damaged = !random.chance(0.05)
    const setup: Setup = { request: exchange.name, chunk: random.pick([1, 3, 64, 1 << 20]), damaged }
    if (!damaged) return { setup, parts: [exchange.answerFrame] }
    const frame = mutate(exchange.answerFrame, random)
    // Mostly the frame's length is right, so that the damage reaches the parser.
    if (random.chance(0.8) && frame.length >= 8) new DataView(frame.buffer).setInt32(0, frame.length - 4)
    return { setup, parts: [frame] }
  },
  check,
}

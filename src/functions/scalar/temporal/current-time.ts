/** The clock: read once per batch, so that all rows of a batch see one time. And the watermark. */
import {
  floorDiv,
  floorMod,
  MS_PER_DAY,
  type TimeZone,
  timestampLtzType,
  timestampType,
} from '../../../types/index.ts'
import { inline, kernel, type ScalarSpec } from '../../function-spec.ts'
import { sessionZone } from './local-time.ts'

const clock = (
  names: readonly [string, ...string[]],
  result: string,
  body: (utcMs: number, zone: TimeZone) => number,
  doc: string,
  example: string,
): ScalarSpec => ({
  names,
  signatures: [`() -> ${result}`],
  nulls: 'propagate',
  nullability: 'never',
  deterministic: false,
  implement: call => {
    const zone = sessionZone(call)
    const now = (ms: number): number => body(ms, zone)
    return inline(context => `${context.constant(now)}(${context.now()})`)
  },
  naive: (_, call) => body(call.environment.now(), sessionZone(call)),
  doc,
  // The clock of the tests stands at 2024-03-10 12:34:56.789 UTC.
  examples: [
    {
      sql: `CAST(${names[0]}${names[0] === 'NOW' || names[0] === 'PROCTIME' ? '()' : ''} AS STRING)`,
      result: example,
    },
  ],
})

const day = (ms: number, zone: TimeZone): number => floorDiv(zone.toLocal(ms), MS_PER_DAY)
const time = (ms: number, zone: TimeZone): number =>
  Math.floor(floorMod(zone.toLocal(ms), MS_PER_DAY) / 1000) * 1000

export const clockFunctions: readonly ScalarSpec[] = [
  clock(['CURRENT_DATE'], 'DATE', day, 'The date in the session zone.', "'2024-03-10'"),
  clock(['LOCALTIME', 'CURRENT_TIME'], 'TIME(0)', time, 'The time of day in the session zone.', "'12:34:56'"),
  clock(
    ['LOCALTIMESTAMP'],
    'TIMESTAMP(3)',
    (ms, zone) => zone.toLocal(ms),
    'The local time in the session zone.',
    "'2024-03-10 12:34:56.789'",
  ),
  clock(
    ['NOW', 'CURRENT_TIMESTAMP', 'CURRENT_ROW_TIMESTAMP'],
    'TIMESTAMP_LTZ(3)',
    ms => ms,
    'The current instant.',
    "'2024-03-10 12:34:56.789'",
  ),
  clock(
    ['PROCTIME'],
    'TIMESTAMP_LTZ(3)',
    ms => ms,
    'Processing time, as an attribute.',
    "'2024-03-10 12:34:56.789'",
  ),
]

/** The argument is the rowtime column; only its type matters. */
export const currentWatermark: ScalarSpec = {
  names: ['CURRENT_WATERMARK'],
  signatures: ['(timestamp) -> TIMESTAMP(3)'],
  inferReturn: ([arg]) => (arg!.type.kind === 'TIMESTAMP_LTZ' ? timestampLtzType(3) : timestampType(3)),
  nulls: 'custom',
  nullability: 'always',
  deterministic: false,
  implement: ({ environment }) => {
    const read = (): number | null => {
      const watermark = environment.currentWatermark()
      return watermark === Number.NEGATIVE_INFINITY ? null : watermark
    }
    return kernel('value', () => read, { nullable: true })
  },
  naive: (_, { environment }) => {
    const watermark = environment.currentWatermark()
    return watermark === Number.NEGATIVE_INFINITY ? null : watermark
  },
  doc: 'The current watermark of the rowtime column; NULL before the first.',
  examples: [
    { sql: "CURRENT_WATERMARK(TIMESTAMP '2024-01-01 00:00:00.000')", result: 'CAST(NULL AS TIMESTAMP(3))' },
  ],
}

/** Functions of doubles: POWER, SQRT, logarithms, trigonometry. Every number is taken as a DOUBLE, as in Flink. */
import { inline, type ScalarSpec } from '../../function-spec.ts'

const cot = (x: number): number => 1 / Math.tan(x)
const degrees = (x: number): number => (x * 180) / Math.PI
const radians = (x: number): number => (x / 180) * Math.PI
const logOf = (base: number, x: number): number => Math.log(x) / Math.log(base)

const one = (
  names: readonly [string, ...string[]],
  body: (x: number) => number,
  doc: string,
  at: string,
  value: string,
): ScalarSpec => ({
  names,
  signatures: ['(DOUBLE) -> DOUBLE'],
  nulls: 'propagate',
  implement: () => inline((context, [a]) => `${context.constant(body)}(${a![0]})`, { total: true }),
  naive: ([x]) => body(x as number),
  doc,
  examples: [{ sql: `${names[0]}(${at})`, result: value }],
})

const two = (
  names: readonly [string, ...string[]],
  body: (x: number, y: number) => number,
  doc: string,
  examples: ScalarSpec['examples'],
): ScalarSpec => ({
  names,
  signatures: ['(DOUBLE, DOUBLE) -> DOUBLE'],
  nulls: 'propagate',
  implement: () =>
    inline((context, [a, b]) => `${context.constant(body)}(${a![0]}, ${b![0]})`, { total: true }),
  naive: ([x, y]) => body(x as number, y as number),
  doc,
  examples,
})

const log: ScalarSpec = {
  names: ['LOG'],
  signatures: ['(DOUBLE) -> DOUBLE', '(DOUBLE, DOUBLE) -> DOUBLE'],
  nulls: 'propagate',
  naive: ([x, y]) => (y === undefined ? Math.log(x as number) : logOf(x as number, y as number)),
  doc: 'LOG(x) is the natural logarithm, LOG(base, x) the one to a base.',
  examples: [
    { sql: 'LOG(1)', result: '0e0' },
    { sql: 'LOG(2, 4)', result: '2e0' },
  ],
}

const constant = (name: string, value: number, text: string): ScalarSpec => ({
  names: [name],
  signatures: ['() -> DOUBLE'],
  nulls: 'propagate',
  naive: () => value,
  doc: `The number ${name.toLowerCase()}.`,
  examples: [{ sql: `${name}()`, result: text }],
})

export const realFunctions: readonly ScalarSpec[] = [
  two(['POWER', 'POW'], Math.pow, 'The first number to the power of the second.', [
    { sql: 'POWER(2, 10)', result: '1024e0' },
    { sql: 'POWER(4, 0.5)', result: '2e0' },
  ]),
  two(['ATAN2'], Math.atan2, 'The angle of the point (y, x).', [{ sql: 'ATAN2(0, 1)', result: '0e0' }]),
  log,
  one(['SQRT'], Math.sqrt, 'The square root; NaN for a negative number.', '9', '3e0'),
  one(['LN'], Math.log, 'The natural logarithm.', '1', '0e0'),
  one(['LOG10'], Math.log10, 'The logarithm to base 10.', '1000', '3e0'),
  one(['LOG2'], Math.log2, 'The logarithm to base 2.', '8', '3e0'),
  one(['EXP'], Math.exp, 'e to the power of the number.', '0', '1e0'),
  one(['SIN'], Math.sin, 'Sine.', '0', '0e0'),
  one(['COS'], Math.cos, 'Cosine.', '0', '1e0'),
  one(['TAN'], Math.tan, 'Tangent.', '0', '0e0'),
  one(['COT'], cot, 'Cotangent.', '0', "CAST('Infinity' AS DOUBLE)"),
  one(['SINH'], Math.sinh, 'Hyperbolic sine.', '0', '0e0'),
  one(['COSH'], Math.cosh, 'Hyperbolic cosine.', '0', '1e0'),
  one(['TANH'], Math.tanh, 'Hyperbolic tangent.', '0', '0e0'),
  one(['ASIN'], Math.asin, 'Arc sine.', '0', '0e0'),
  one(['ACOS'], Math.acos, 'Arc cosine.', '1', '0e0'),
  one(['ATAN'], Math.atan, 'Arc tangent.', '0', '0e0'),
  one(['DEGREES'], degrees, 'Radians as degrees.', '0', '0e0'),
  one(['RADIANS'], radians, 'Degrees as radians.', '180', '3.141592653589793e0'),
  constant('PI', Math.PI, '3.141592653589793e0'),
  constant('E', Math.E, '2.718281828459045e0'),
]

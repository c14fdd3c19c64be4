/** JSON records for a table: mostly as a program writes them, some as nobody should. */
import { type LogicalType, parseTypeText } from '../../src/types/index.ts'
import type { Random } from '../../test/support/random.ts'
import { mutate } from '../mutate.ts'
import { interestingNumbers, names, oddCharacters, scalars } from './json-corpus.ts'

type NamedType = readonly [name: string, type: string]

function randomType(random: Random, depth: number): string {
  const notNull = random.chance(0.1) ? ' NOT NULL' : ''
  if (depth > 0 && random.chance(0.2)) {
    const inner = () => randomType(random, depth - 1)
    const kind = random.below(4)
    if (kind === 0) return `ARRAY<${inner()}>${notNull}`
    if (kind === 1) return `MAP<STRING, ${inner()}>${notNull}`
    if (kind === 2) return `ROW<\`n0\` ${inner()}, \`n1\` ${inner()}>${notNull}`
    return `MULTISET<STRING>${notNull}`
  }
  return random.pick(scalars) + notNull
}

export function randomSchema(random: Random): NamedType[] {
  const numFields = random.chance(0.05) ? 40 : 1 + random.below(6)
  const order = random.shuffled(names)
  return Array.from({ length: numFields }, (_, i) => [order[i] ?? `c${i}`, randomType(random, 2)] as const)
}

function numberText(random: Random): string {
  if (random.chance(0.4)) return random.pick(interestingNumbers)
  const digits = (max: number) => {
    const count = 1 + random.below(max)
    return Array.from({ length: count }, (_, i) =>
      i === 0 && count > 1 ? 1 + random.below(9) : random.below(10),
    ).join('')
  }
  const whole = (random.chance(0.3) ? '-' : '') + digits(random.chance(0.05) ? 400 : 19)
  const fraction = random.chance(0.4) ? `.${digits(random.chance(0.1) ? 60 : 12)}` : ''
  const exponent = random.chance(0.1)
    ? `${random.pick(['e', 'E'])}${random.pick(['', '+', '-'])}${random.below(330)}`
    : ''
  return whole + fraction + exponent
}

/** Plain characters with now and then an odd one, so that it falls on every place of a machine word. */
function stringBody(random: Random): string {
  const length = random.chance(0.02) ? random.below(3000) : random.below(random.chance(0.5) ? 12 : 70)
  const odds = random.chance(0.5) ? 0 : random.pick([0.02, 0.1, 0.5])
  let text = ''
  for (let i = 0; i < length; i++)
    text += random.chance(odds) ? random.pick(oddCharacters) : String.fromCharCode(97 + random.below(26))
  return text
}

const two = (n: number) => String(n).padStart(2, '0')

function timeText(random: Random): string {
  const fraction = random.chance(0.5)
    ? `.${String(random.below(1_000_000_000)).padStart(9, '0').slice(0, random.below(10))}`
    : ''
  const seconds = random.chance(0.1) ? '' : `:${two(random.below(random.chance(0.05) ? 70 : 60))}${fraction}`
  return `${two(random.below(random.chance(0.05) ? 30 : 24))}:${two(random.below(60))}${seconds}`
}

const dateText = (random: Random) =>
  random.chance(0.03)
    ? '0000-00-00'
    : `${random.chance(0.7) ? '2024' : String(random.below(10000)).padStart(4, '0')}-${two(random.below(random.chance(0.05) ? 15 : 12) + 1)}-${two(random.below(random.chance(0.2) ? 33 : 28) + 1)}`

function timestampText(random: Random, iso: boolean): string {
  const zone = random.chance(0.5)
    ? random.pick(['Z', 'Z', '+02:00', '-00:30', '+18:59', '+19:00', 'z', '+2:00'])
    : ''
  const time = random.chance(0.1) ? '00:00:00' : timeText(random)
  return `${dateText(random)}${iso === random.chance(0.95) ? 'T' : ' '}${time}${zone}`
}

const blanks = ['', '', '', '', ' ', '\n', '\t ', '\r\n', '\\u0000', '\\u00a0']

/** The text between quotes, as JSON: of a scalar type, mostly. */
function quoted(text: string, random: Random): string {
  if (random.chance(0.95)) return `"${text}"`
  return `"${random.pick(blanks)}${random.chance(0.3) ? escapeSome(text, random) : text}${random.pick(blanks)}"`
}

const escapeSome = (text: string, random: Random) =>
  [...text]
    .map(char =>
      random.chance(0.3) && char.length === 1
        ? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`
        : char,
    )
    .join('')

function anyJson(random: Random, depth: number): string {
  const gap = () => (random.chance(0.1) ? random.pick([' ', '\n', '\t', '\r\n']) : '')
  const list = (item: () => string) =>
    Array.from({ length: random.below(4) }, () => gap() + item() + gap()).join(',')
  switch (random.below(depth > 0 ? 7 : 5)) {
    case 0:
      return random.pick(['true', 'false', 'null'])
    case 1:
    case 2:
      return numberText(random)
    case 3:
    case 4:
      return `"${stringBody(random)}"`
    case 5:
      return `[${list(() => anyJson(random, depth - 1)) || gap()}]`
    default:
      return `{${list(() => `"${stringBody(random)}"${gap()}:${gap()}${anyJson(random, depth - 1)}`) || gap()}}`
  }
}

function valueText(type: LogicalType, random: Random, iso: boolean): string {
  if (random.chance(0.04)) return 'null'
  if (random.chance(0.05)) return anyJson(random, 2)
  switch (type.kind) {
    case 'BOOLEAN':
      return random.pick(['true', 'false', 'true', 'false', '"true"', '" TRUE "', '"no"', '1'])
    case 'TINYINT':
    case 'SMALLINT':
    case 'INTEGER':
    case 'BIGINT': {
      const limit = 10 ** random.below(type.kind === 'BIGINT' ? 17 : 6)
      const text = random.chance(0.7)
        ? String(random.below(limit) - Math.floor(limit / 3))
        : numberText(random)
      return random.chance(0.1) ? quoted(text, random) : text
    }
    case 'FLOAT':
    case 'DOUBLE':
    case 'DECIMAL':
      return random.chance(0.1)
        ? quoted(random.pick(['NaN', 'Infinity', '-Infinity', '0x1p3', '1f', numberText(random)]), random)
        : numberText(random)
    case 'BINARY':
    case 'VARBINARY':
      return `"${Buffer.from(stringBody(random)).toString('base64')}${random.pick(['', '', '', '=', 'A', '=='])}"`
    case 'DATE':
      return quoted(dateText(random), random)
    case 'TIME':
      return quoted(timeText(random), random)
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      return quoted(timestampText(random, iso), random)
    case 'ARRAY':
      return `[${several(random, () => valueText(type.element, random, iso))}]`
    case 'MAP':
      return `{${several(random, () => `"${random.pick(['k', 'k', stringBody(random)])}":${valueText(type.value, random, iso)}`)}}`
    case 'MULTISET':
      return `{${several(random, () => `"${stringBody(random)}":${random.below(5)}`)}}`
    case 'ROW':
      return `{${several(random, () => {
        const field = random.pick(type.fields)
        return `"${field.name}" :${valueText(field.type, random, iso)}`
      })}}`
    default:
      return `"${stringBody(random)}"`
  }
}

const several = (random: Random, one: () => string) => Array.from({ length: random.below(4) }, one).join(', ')

/** A key as JSON: with escapes now and then. */
const keyText = (name: string, random: Random) =>
  random.chance(0.02) && name !== ''
    ? `"${escapeSome(name.replace(/["\\]/g, '_'), random)}"`
    : JSON.stringify(name)

function recordText(fields: readonly (readonly [string, LogicalType])[], random: Random): string {
  const iso = random.chance(0.4)
  const gap = () => (random.chance(0.04) ? random.pick([' ', '\n', '\t', '\r\n', '\u00a0', '\f']) : '')
  const order = random.chance(0.1) ? random.shuffled(fields) : fields
  const members = order.flatMap(([name, type]) => {
    if (random.chance(0.05)) return []
    const one = `${keyText(name, random)}${gap()}:${gap()}${valueText(type, random, iso)}`
    const again = random.chance(0.03) ? [`${keyText(name, random)}:${valueText(type, random, iso)}`] : []
    const other = random.chance(0.08)
      ? [`"${random.chance(0.5) ? 'other' : stringBody(random)}":${anyJson(random, 3)}`]
      : []
    return [one, ...other, ...again]
  })
  return `${gap()}{${gap()}${members.join(`${gap()},${gap()}`)}${gap()}}${gap()}`
}

/** Values so deep that recursion would end. */
function deepValue(random: Random): string {
  const depth = random.pick([10, 300, 5000, 60_000])
  const [open, close] = random.pick([
    ['[', ']'],
    ['{"a":', '}'],
    ['[{"":', '}]'],
  ] as const)
  return `${open.repeat(depth)}1${close.repeat(random.chance(0.8) ? depth : depth - 1)}`
}

const dictionary = [
  '"',
  '\\',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '0',
  '-',
  'e',
  '.',
  'null',
  'true',
  ' ',
  '\n',
  '\\u',
  '\ud83d',
]
  .map(piece => new Uint8Array(Buffer.from(piece)))
  .concat([
    Uint8Array.of(0xff),
    Uint8Array.of(0xc3),
    Uint8Array.of(0xed, 0xa0, 0x80),
    Uint8Array.of(0xef, 0xbb, 0xbf),
  ])

function oddRecord(plain: string, name: string, random: Random): Uint8Array {
  switch (random.below(20)) {
    case 0:
      return new Uint8Array(Buffer.from(`{${JSON.stringify(name)}:${deepValue(random)}}`))
    case 1:
      return new Uint8Array(
        Buffer.from(
          `{${JSON.stringify(name)}:"${'1'.repeat(random.below(200_000))}${random.pick(['', 'x', '.', 'e'])}"}`,
        ),
      )
    case 2:
      return new Uint8Array(Buffer.from(`\ufeff${plain}`))
    case 3:
      return new Uint8Array(
        Buffer.from(random.pick(['', ' ', '\n', 'null', '[]', '1', '""', '{}', '{}{}', '{} x'])),
      )
    default:
      return mutate(new Uint8Array(Buffer.from(plain)), random, dictionary)
  }
}

/** What wears out tables of keys, blocks of rows and buffers: each turns a plain record into one of many. */
function longRun(random: Random): readonly ((plain: string) => string)[] {
  const inside = (plain: string, members: string) => plain.replace(/^\s*\{\s*(?=")/, `{${members},`)
  switch (random.below(3)) {
    case 0:
      return Array.from(
        { length: 40 },
        (_, i) => plain =>
          inside(plain, Array.from({ length: 30 }, (_, j) => `"key ${i * 30 + j}":${j}`).join()),
      )
    case 1:
      return Array.from({ length: 1500 }, () => plain => plain)
    default:
      return [1000, 70_000, 300_000].map(length => plain => inside(plain, `"long":"${'é'.repeat(length)}"`))
  }
}

/** The payloads of one run. Most runs have a few odd ones among plain ones. */
export function jsonRecords(schema: readonly NamedType[], random: Random): Uint8Array[] {
  const fields = schema.map(([name, type]) => [name, parseTypeText(type)] as const)
  const bytesOf = (text: string) => new Uint8Array(Buffer.from(text))
  if (random.chance(0.01)) return longRun(random).map(record => bytesOf(record(recordText(fields, random))))
  const odds = random.pick([0, 0.05, 0.3, 1])
  return Array.from({ length: 1 + random.below(random.chance(0.2) ? 60 : 15) }, () => {
    const plain = recordText(fields, random)
    return random.chance(odds)
      ? oddRecord(plain, random.pick(fields)[0], random)
      : new Uint8Array(Buffer.from(plain))
  })
}

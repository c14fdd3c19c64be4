/**
 * The text of a decoder's inner loop, made for one list of wanted columns. Per record: members are walked once;
 * a value on its type's fast path goes straight into the column; an odd value is skipped and handed to
 * `convertField`; anything structural out of the ordinary (malformed, escaped or repeated keys, missing
 * fields that matter) hands the whole record to `slowRecord`, which decides exactly.
 *
 * Names of fields never enter the text: keys are matched through the predictor's tables.
 * The record's last byte must be `}`, so digits, whitespace and literals need no bounds check before it.
 */
import { type LogicalType, storageOf } from '../../types/index.ts'

export interface DecoderSourceOptions {
  readonly isoTimestamps: boolean
}

/** Loops over plain digits of an int; `n` is exact up to nine of them. */
const nineDigits = `
      neg = c === 45
      if (neg) c = bytes[++p]
      first = p
      n = c - 48
      if (n >>> 0 > 9) break exact
      c = bytes[++p]
      if (n !== 0) while ((d = c - 48) >>> 0 <= 9 && p - first < 9) { n = (n * 10 + d) | 0; c = bytes[++p] }`

const notANumberTail = 'c === 46 || c === 101 || c === 69 || (c >= 48 && c <= 57)'

const smallInteger = (k: number, low: number, high: number) => `${nineDigits}
      if (${notANumberTail}) break exact
      if (neg) n = -n
      if (n < ${low} || n > ${high}) break exact
      values${k}[row] = n
      break done`

/** Up to nine more digits into `low`; `big` = all of them when there are at most fifteen. */
const eighteenDigits = `${nineDigits}
      low = 0
      digits = p
      if (n !== 0) while ((d = c - 48) >>> 0 <= 9 && p - digits < 9) { low = (low * 10 + d) | 0; c = bytes[++p] }
      digits = p - digits`

const integer = (k: number) => `${eighteenDigits}
      if (${notANumberTail} || p - first > 15) break exact
      big = n * POWERS[digits] + low
      if (neg) big = -big
      if (big < -2147483648 || big > 2147483647) break exact
      values${k}[row] = big
      break done`

const bigint = (k: number) => `${eighteenDigits}
      if (${notANumberTail}) break exact
      if (p - first <= 15) {
        big = n * POWERS[digits] + low
        if (neg) big = -big
        values${k}[row * 2] = big | 0
        values${k}[row * 2 + 1] = Math.floor(big / 4294967296)
      } else setWordsFromProduct(values${k}, row, n, POWERS[digits], low, neg)
      break done`

/** Digits with an optional fraction, at most fifteen in all, in `big`; `digits` = how many behind the point. */
const pointNumber = `
      neg = c === 45
      if (neg) c = bytes[++p]
      first = p
      big = c - 48
      if (big >>> 0 > 9) break exact
      c = bytes[++p]
      if (big !== 0) while ((d = c - 48) >>> 0 <= 9 && p - first < 16) { big = big * 10 + d; c = bytes[++p] }
      digits = 0
      if (c === 46) {
        c = bytes[++p]
        digits = p
        while ((d = c - 48) >>> 0 <= 9 && p - first < 17) { big = big * 10 + d; c = bytes[++p] }
        digits = p - digits
        if (digits === 0) break exact
      }
      if (p - first > 15 || ${notANumberTail}) break exact`

const double = (k: number, isFloat: boolean) => `${pointNumber}
      big = digits === 0 ? big : big / POWERS[digits]
      values${k}[row] = ${isFloat ? 'Math.fround(neg ? -big : big)' : 'neg ? -big : big'}
      break done`

const decimal = (k: number, precision: number, scale: number) => `${pointNumber}
      if (digits > ${scale}) break exact
      big *= POWERS[${scale} - digits]
      if (big >= ${10 ** Math.min(precision, 15)}) break exact
      if (neg) big = -big
      values${k}[row * 2] = big | 0
      values${k}[row * 2 + 1] = Math.floor(big / 4294967296)
      break done`

const boolean = (k: number) => `
      if (c !== 116 && c !== 102) break exact
      q = skipLiteral(bytes, p, end)
      if (q < 0) break fast
      values${k}[row] = c === 116 ? 1 : 0
      p = q
      break done`

const string = (k: number) => `
      if (c !== 34) break exact
      q = skipUnescapedString(bytes, view, p + 1, end)
      if (q < 0) {
        q = skipString(bytes, view, p + 1, end)
        if (q < 0) break fast
        appendEscaped(column${k}, row, bytes, p + 1, q - 1)
      } else column${k}.append(row, bytes, p + 1, q - 1)
      p = q
      break done`

const date = (k: number) => `
      if (c !== 34) break exact
      n = scanDate(bytes, p + 1, end)
      if (n === ${-2147483648} || bytes[p + 11] !== 34) break exact
      values${k}[row] = n
      p += 12
      break done`

const time = (k: number, precision: number) => `
      if (c !== 34) break exact
      q = scanTimeOfDay(bytes, p + 1, end, false)
      if (q < 0 || bytes[q] !== 34) break exact
      values${k}[row] = cutMs(scannedTime[0], ${precision})
      p = q + 1
      break done`

function storeTimestamp(k: number, precision: number): string {
  if (precision <= 3) {
    return `values${k}[row] = ${precision === 3 ? 'scannedTime[0]' : `cutMs(scannedTime[0], ${precision})`}`
  }
  const unit = 10 ** (9 - precision)
  const kept = `scannedTime[1] - scannedTime[1] % ${unit}`
  if (precision <= 6) return `setWordsFromMillis(values${k}, row, scannedTime[0], (${kept}) / 1000)`
  return `values${k}[row] = scannedTime[0]; column${k}.nanos[row] = ${kept}`
}

const timestamp = (k: number, precision: number, zoned: boolean, iso: boolean) => `
      if (c !== 34) break exact
      q = scanTimestamp(bytes, p + 1, end, ${iso ? 84 : 32}, ${iso})
      ${zoned ? 'if (q >= 0) q = applyZoneSuffix(bytes, q, end)' : ''}
      if (q < 0 || bytes[q] !== 34) break exact
      ${storeTimestamp(k, precision)}
      p = q + 1
      break done`

/** Statements that end in `break done` (value stored, `p` behind it), `break exact` or `break fast`. */
function fastPath(k: number, type: LogicalType, options: DecoderSourceOptions): string {
  switch (type.kind) {
    case 'BOOLEAN':
      return boolean(k)
    case 'TINYINT':
      return smallInteger(k, -128, 127)
    case 'SMALLINT':
      return smallInteger(k, -32768, 32767)
    case 'INTEGER':
      return integer(k)
    case 'BIGINT':
      return bigint(k)
    case 'FLOAT':
    case 'DOUBLE':
      return double(k, type.kind === 'FLOAT')
    case 'DECIMAL':
      return type.precision <= 18 ? decimal(k, type.precision, type.scale) : 'break exact'
    case 'CHAR':
    case 'VARCHAR':
      return string(k)
    case 'DATE':
      return date(k)
    case 'TIME':
      return time(k, type.precision)
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      return timestamp(k, type.precision, type.kind === 'TIMESTAMP_LTZ', options.isoTimestamps)
    default:
      return 'break exact'
  }
}

/** Reads field k's value at `p`, whose first byte is `c`; leaves `p` behind it, or breaks out of `fast`. */
function readValue(k: number, type: LogicalType, options: DecoderSourceOptions): string {
  const setNull = storageOf(type) === 'bytes' ? `column${k}.appendNull(row)` : `column${k}.setNull(row)`
  const nullPath = type.nullable
    ? `if (c === 110 && bytes[p + 1] === 117 && bytes[p + 2] === 108 && bytes[p + 3] === 108) {
      ${setNull}
      p += 4
      break done
    }`
    : ''
  return `valueStart = p
    done: {
    exact: {
    ${nullPath}
    ${fastPath(k, type, options)}
    }
    p = skipValue(bytes, view, valueStart, end)
    if (p < 0 || !convertField(${k}, bytes, view, valueStart, p, row)) break fast
    }`
}

const LOCALS = 'q = 0, d = 0, n = 0, low = 0, digits = 0, first = 0, valueStart = 0, big = 0.1, neg = false'

/** Beyond so many columns the loop would be too large for the optimizing compiler: values get functions. */
const MAX_INLINE_COLUMNS = 32

function readFunction(k: number, type: LogicalType, options: DecoderSourceOptions): string {
  return `function read${k}(bytes, view, p, end, row) {
  let c = bytes[p], ${LOCALS}
  fast: {
    ${readValue(k, type, options)}
    return p
  }
  return -1
}`
}

function fieldCase(k: number, type: LogicalType, options: DecoderSourceOptions, inline: boolean): string {
  const seen = `seen${(k / 31) | 0}`
  const bit = 1 << (k % 31)
  const read = inline
    ? readValue(k, type, options)
    : `p = read${k}(bytes, view, p, end, row)
    if (p < 0) break fast`
  return `case ${k}: {
    if ((${seen} & ${bit}) !== 0) break fast
    ${seen} |= ${bit}
    ${read}
    break
  }`
}

/** `name = expression` of the variables a column's reader uses. */
function columnBindings(k: number, type: LogicalType): string[] {
  const storage = storageOf(type)
  const values =
    storage === 'i64' ? 'words' : storage === 'bytes' || storage === 'object' ? undefined : 'values'
  const column = `column${k} = columns[${k}]`
  return values === undefined ? [column] : [column, `values${k} = columns[${k}].${values}`]
}

/** Body of `(dependencies…) => decodeRun`; parameter names are those of `DecoderParts`. */
export function decoderSource(types: readonly LogicalType[], options: DecoderSourceOptions): string {
  const numMasks = Math.ceil(types.length / 31)
  const masks = Array.from({ length: numMasks }, (_, m) => `seen${m}`)
  const all = masks.map((name, m) => {
    const count = Math.min(31, types.length - m * 31)
    return `${name} !== ${count === 31 ? 2147483647 : (1 << count) - 1}`
  })
  const inline = types.length <= MAX_INLINE_COLUMNS
  const bindings = types.flatMap((type, k) => columnBindings(k, type))
  const names = bindings.map(binding => binding.split(' ')[0]).join(', ')
  const readers = types.map((type, k) => readFunction(k, type, options))
  return `'use strict'
${inline || names === '' ? '' : `let ${names}\n${readers.join('\n')}`}
return function decodeRun(bytes, view, starts, ends, from, to, columns, records, row) {
  ${inline ? bindings.map(binding => `const ${binding}`).join('\n  ') : bindings.join('\n  ')}
  const viewEnd = view.byteLength - 4
  let p = 0, c = 0, ${LOCALS}
  let slot = 0, field = 0, word = 0, i = 0
  for (let record = from; record < to; record++) {
    const start = starts[record]
    if (start < 0) { skipNull(); continue }
    let end = ends[record]
    ${masks.map(name => `let ${name} = 0`).join('; ')}
    fast: {
      while (end > start && ((c = bytes[end - 1]) === 32 || c === 10 || c === 13 || c === 9)) end--
      if (end - start < 2 || bytes[end - 1] !== 125) break fast
      p = start
      if (bytes[p] <= 32) p = skipWhitespace(bytes, p, end)
      if (bytes[p] !== 123) break fast
      c = bytes[++p]
      if (c <= 32) { p = skipWhitespace(bytes, p, end); c = bytes[p] }
      slot = 0
      if (c !== 125) for (;;) {
        q = next[slot]
        word = q * 16
        i = p
        d = p + lengths[q]
        if (d <= viewEnd) {
          const whole = p + fullWords[q] * 4
          while (i < whole && view.getInt32(i, true) === words[word]) { i += 4; word++ }
          if (i !== whole || ((view.getInt32(i, true) ^ words[word]) & masks[q]) !== 0) i = -1
        } else i = -1
        if (i >= 0) {
          slot = q
          field = fields[q]
          p = d
        } else {
          p = keys.find(bytes, view, p, end, slot)
          if (p < 0) break fast
          slot = keys.slot
          field = keys.field
        }
        if (p >= end) break fast
        c = bytes[p]
        if (c <= 32) { p = skipWhitespace(bytes, p, end); c = bytes[p] }
        switch (field) {
  ${types.map((type, k) => fieldCase(k, type, options, inline)).join('\n  ')}
          default:
            if (c === 34) p = skipString(bytes, view, p + 1, end)
            else if (c < 58 && c > 44) p = skipNumber(bytes, p, end)
            else p = skipValue(bytes, view, p, end)
            if (p < 0) break fast
        }
        c = bytes[p]
        if (c <= 32) { p = skipWhitespace(bytes, p, end); c = bytes[p] }
        if (c !== 44) break
        c = bytes[++p]
        if (c <= 32) p = skipWhitespace(bytes, p, end)
      }
      if (p !== end - 1) break fast
      ${all.length === 0 ? '' : `if ((${all.join(' || ')}) && !fillMissing(row, ${masks.join(', ')})) break fast`}
      records[row++] = record
      continue
    }
    row = slowRecord(record, bytes, view, start, ends[record], columns, records, row)
  }
  return row
}`
}

/** Says in words why a payload is not one JSON object. Only runs after a scan has failed. */
import { skipContainer, skipKey, skipValue, skipWhitespace } from './scan.ts'

function nameByte(bytes: Uint8Array, at: number, end: number): string {
  if (at >= end) return 'the end of the payload'
  const c = bytes[at]!
  return c > 32 && c < 127 ? `'${String.fromCharCode(c)}'` : `byte 0x${c.toString(16).padStart(2, '0')}`
}

/** One line without the field's or topic's name; positions count from 0 in the payload. */
export function explainMalformed(bytes: Uint8Array, view: DataView, start: number, end: number): string {
  const say = (what: string, at: number) =>
    `malformed JSON at byte ${at - start}: expected ${what}, found ${nameByte(bytes, at, end)}`
  let p = skipWhitespace(bytes, start, end)
  if (p >= end || bytes[p] !== 123) return `not a JSON object: starts with ${nameByte(bytes, p, end)}`
  const whole = skipContainer(bytes, view, p, end)
  if (whole >= 0) {
    const after = skipWhitespace(bytes, whole, end)
    return `more than one value in a payload: ${nameByte(bytes, after, end)} at byte ${after - start} after the object`
  }
  p = skipWhitespace(bytes, p + 1, end)
  for (;;) {
    if (p >= end || bytes[p] !== 34) return say('a key in quotes', p)
    const value = skipKey(bytes, view, p, end)
    if (value < 0)
      return `malformed JSON at byte ${p - start}: broken key (unterminated, bad escape or UTF-8, no ':')`
    const next = skipValue(bytes, view, value, end)
    if (next < 0) {
      const kind = bytes[value] === 34 ? 'string (unterminated, bad escape or UTF-8)' : 'value'
      return `malformed JSON at byte ${value - start}: broken ${kind}`
    }
    p = skipWhitespace(bytes, next, end)
    if (p >= end || bytes[p] !== 44) return say("',' or '}'", p)
    p = skipWhitespace(bytes, p + 1, end)
  }
}

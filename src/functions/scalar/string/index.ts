import type { ScalarSpec } from '../../function-spec.ts'
import { fromBase64, toBase64 } from './base64.ts'
import { charLength } from './char-length.ts'
import {
  ascii,
  chr,
  isAlpha,
  isDecimalText,
  isDigit,
  overlay,
  translate,
  urlDecode,
  urlEncode,
} from './characters.ts'
import { concat, concatWs } from './concat.ts'
import { md5, sha1, sha2, sha224, sha256, sha384, sha512 } from './digest.ts'
import { initcap } from './initcap.ts'
import { left, right } from './left-right.ts'
import { like, similarTo } from './like.ts'
import { lpad, repeat, reverse, rpad } from './pad-repeat.ts'
import { instr, position } from './position.ts'
import { regexp, regexpCount, regexpExtract, regexpReplace } from './regexp.ts'
import { replace } from './replace.ts'
import { splitIndex } from './split-index.ts'
import { endsWith, startsWith } from './starts-ends-with.ts'
import { substring } from './substring.ts'
import { btrim, ltrim, rtrim, trim } from './trim.ts'
import { lower, upper } from './upper-lower.ts'

export const stringFunctions: readonly ScalarSpec[] = [
  upper,
  lower,
  initcap,
  charLength,
  concat,
  concatWs,
  substring,
  left,
  right,
  trim,
  ltrim,
  rtrim,
  btrim,
  position,
  instr,
  startsWith,
  endsWith,
  like,
  similarTo,
  regexp,
  regexpExtract,
  regexpReplace,
  regexpCount,
  replace,
  translate,
  overlay,
  splitIndex,
  lpad,
  rpad,
  repeat,
  reverse,
  ascii,
  chr,
  isAlpha,
  isDigit,
  isDecimalText,
  urlEncode,
  urlDecode,
  toBase64,
  fromBase64,
  md5,
  sha1,
  sha2,
  sha224,
  sha256,
  sha384,
  sha512,
]

/**
 * LISTAGG(text [, separator]): non-NULL texts joined in order of arrival (of slices: in order of their time); ','
 * when no separator is given. The separator is the one that came with the first text. Over a retracting input
 * the texts are kept as a list, and taking one back costs its length.
 */
import { arrayType, bytesType, stringType } from '../../types/index.ts'
import type { AggregateFactory, AggregateFunction, StateText, ValueText } from './aggregate-function.ts'
import { plainText } from './plain-text.ts'

const keepSeparator = (kept: StateText, separator: ValueText | undefined): string =>
  separator === undefined ? '' : `if (${kept.isNull}) { ${kept.set(separator)} }`

/** The separator as a Uint8Array. */
const separatorBytes = (kept: StateText): string =>
  `(${kept.isNull} ? env.comma : ${kept.bytes}.subarray(${kept.start}, ${kept.end}))`

function keepText(): AggregateFunction {
  const append = (text: StateText, separator: StateText, value: ValueText) =>
    `if (${text.isNull}) { ${text.set(value)} } else {
      const joined = env.joinBytes([${text.bytes}.subarray(${text.start}, ${text.end}), ${plainText(value)}], ${separatorBytes(separator)});
      ${text.set({ ...text, bytes: 'joined', start: '0', end: 'joined.length' })}
    }`
  return {
    state: [
      { name: 'text', type: stringType() },
      { name: 'separator', type: stringType() },
    ],
    accumulate: ([text, kept], [value, separator]) =>
      `${keepSeparator(kept!, separator)} ${append(text!, kept!, value!)}`,
    merge: ([text, kept], [otherText, otherSeparator]) => `if (!(${otherText!.isNull})) {
      if (${kept!.isNull} && !(${otherSeparator!.isNull})) { ${kept!.set(otherSeparator!)} }
      ${append(text!, kept!, otherText!)}
    }`,
    result: ([text], result) => `if (!(${text!.isNull})) {
      ${result.isNull} = false;
      ${result.bytes} = ${text!.bytes}; ${result.start} = ${text!.start}; ${result.end} = ${text!.end};
    }`,
  }
}

function keepTexts(): AggregateFunction {
  return {
    state: [
      { name: 'texts', type: arrayType(bytesType()) },
      { name: 'separator', type: stringType() },
    ],
    accumulate: ([texts, kept], [value, separator]) => `${keepSeparator(kept!, separator)}
      ${texts!.value} = env.appended(${texts!.value}, ${plainText(value!)}); ${texts!.nullByte} = 0;`,
    retract: ([texts], [value]) =>
      `${texts!.value} = env.without(${texts!.value}, ${plainText(value!)}); ${texts!.nullByte} = 0;`,
    merge: ([texts, kept], [otherTexts, otherSeparator]) => `if (!(${otherTexts!.isNull})) {
      if (${kept!.isNull} && !(${otherSeparator!.isNull})) { ${kept!.set(otherSeparator!)} }
      ${texts!.value} = env.joined(${texts!.value}, ${otherTexts!.value}); ${texts!.nullByte} = 0;
    }`,
    result: ([texts, kept], result) => `const list = ${texts!.value};
      if (list !== null && list.length > 0) {
        const joined = env.joinBytes(list, ${separatorBytes(kept!)});
        ${result.isNull} = false; ${result.bytes} = joined; ${result.start} = 0; ${result.end} = joined.length;
      }`,
  }
}

export const listagg: AggregateFactory = ({ retracts }) => (retracts ? keepTexts() : keepText())

/**
 * FIRST_VALUE and LAST_VALUE: the first or last non-NULL value in order of arrival. Each value gets an arrival
 * number, so that accumulators of slices can be merged. Over a retracting input the group's values are kept as a
 * list, and taking one back costs its length.
 */
import { arrayType, doubleType, withNullable } from '../../types/index.ts'
import type { AggregateFactory, AggregateFunction, AggregateSignature } from './aggregate-function.ts'
import { copyText } from './extreme.ts'
import { assignPlain, plainText } from './plain-text.ts'

type End = 'first' | 'last'

function keepOne(end: End, { type }: AggregateSignature): AggregateFunction {
  const earlier = end === 'first' ? '<' : '>'
  return {
    state: [
      { name: 'value', type: withNullable(type, true) },
      { name: 'arrival', type: doubleType(false) },
    ],
    accumulate: ([value, arrival], [arg]) => {
      const take = `${value!.set(arg!)} ${arrival!.value} = env.nextArrival();`
      return end === 'first' ? `if (${value!.isNull}) { ${take} }` : take
    },
    merge: ([value, arrival], [other, otherArrival]) => `
      if (!(${other!.isNull}) && (${value!.isNull} || ${otherArrival!.value} ${earlier} ${arrival!.value})) {
        ${value!.set(other!)} ${arrival!.value} = ${otherArrival!.value};
      }`,
    result: ([value], result) =>
      `if (!(${value!.isNull})) { ${result.isNull} = false; ${copyText(result, value!)} }`,
  }
}

function keepAll(end: End, { type }: AggregateSignature): AggregateFunction {
  const chosen = end === 'first' ? 'list[0]' : 'list[list.length - 1]'
  return {
    state: [{ name: 'values', type: arrayType(type) }],
    accumulate: ([values], [arg]) =>
      `${values!.value} = env.appended(${values!.value}, ${plainText(arg!)}); ${values!.nullByte} = 0;`,
    retract: ([values], [arg]) =>
      `${values!.value} = env.without(${values!.value}, ${plainText(arg!)}); ${values!.nullByte} = 0;`,
    merge: ([values], [other]) => `if (!(${other!.isNull})) {
      ${values!.value} = env.joined(${values!.value}, ${other!.value}); ${values!.nullByte} = 0;
    }`,
    result: ([values], result) => `const list = ${values!.value};
      if (list !== null && list.length > 0) { ${result.isNull} = false; ${assignPlain(result, chosen)} }`,
  }
}

const endValue =
  (end: End): AggregateFactory =>
  signature =>
    signature.retracts ? keepAll(end, signature) : keepOne(end, signature)

export const firstValue = endValue('first')
export const lastValue = endValue('last')

/**
 * AVG, as Flink: integers are summed as BIGINT (wrapping) and the quotient is truncated to the argument's type;
 * FLOAT and DOUBLE are summed as DOUBLE; DECIMAL(p, s) gives DECIMAL(38, max(s, 6)) rounded half up. NULL
 * without values.
 */
import { bigintType, doubleType, type LogicalType, storageOf } from '../../types/index.ts'
import type {
  AggregateFactory,
  AggregateFunction,
  ResultText,
  StateText,
  ValueText,
} from './aggregate-function.ts'
import { decimalAccumulate, decimalMerge, decimalState, decimalSum } from './decimal-sum.ts'
import {
  add64,
  addNumber64,
  decrement64,
  increment64,
  isZero64,
  subtract64,
  subtractNumber64,
  toBigInt,
} from './int64-text.ts'
import { countColumn } from './sum.ts'

function integerAverage(argument: LogicalType, type: LogicalType): AggregateFunction {
  const wide = storageOf(argument) === 'i64'
  const result = (sum: StateText, count: StateText, into: ResultText) =>
    storageOf(type) === 'i64'
      ? `const average = ${toBigInt(sum)} / ${toBigInt(count)};
         ${into.value} = Number(BigInt.asIntN(32, average)); ${into.high} = Number(BigInt.asIntN(32, average >> 32n));`
      : `${into.value} = Number(BigInt.asIntN(32, ${toBigInt(sum)} / ${toBigInt(count)}));`
  return {
    state: [{ name: 'sum', type: bigintType(false) }, countColumn],
    accumulate: ([sum, count], [value]) =>
      `${wide ? add64(sum!, value!) : addNumber64(sum!, value!.value)} ${increment64(count!)}`,
    retract: ([sum, count], [value]) =>
      `${wide ? subtract64(sum!, value!) : subtractNumber64(sum!, value!.value)} ${decrement64(count!)}`,
    merge: ([sum, count], [otherSum, otherCount]) =>
      `${add64(sum!, otherSum!)} ${add64(count!, otherCount!)}`,
    result: ([sum, count], into) =>
      `if (!(${isZero64(count!)})) { ${into.isNull} = false; ${result(sum!, count!, into)} }`,
  }
}

function floatAverage(type: LogicalType): AggregateFunction {
  const toNumber = (count: ValueText) => `(${count.high} * 4294967296 + (${count.value} >>> 0))`
  const quotient = (sum: StateText, count: StateText) => `${sum.value} / ${toNumber(count)}`
  return {
    state: [{ name: 'sum', type: doubleType(false) }, countColumn],
    accumulate: ([sum, count], [value]) => `${sum!.value} += ${value!.value}; ${increment64(count!)}`,
    retract: ([sum, count], [value]) => `${sum!.value} -= ${value!.value}; ${decrement64(count!)}`,
    merge: ([sum, count], [otherSum, otherCount]) =>
      `${sum!.value} += ${otherSum!.value}; ${add64(count!, otherCount!)}`,
    result: ([sum, count], into) => `if (!(${isZero64(count!)})) {
      ${into.isNull} = false;
      ${into.value} = ${type.kind === 'FLOAT' ? `Math.fround(${quotient(sum!, count!)})` : quotient(sum!, count!)};
    }`,
  }
}

function decimalAverage(argument: LogicalType, type: LogicalType): AggregateFunction {
  const scaleOf = (decimal: LogicalType) => (decimal.kind === 'DECIMAL' ? decimal.scale : 0)
  const factor = `${10n ** BigInt(Math.max(0, scaleOf(type) - scaleOf(argument)))}n`
  const assign = (into: ResultText) =>
    into.storage === 'object'
      ? `${into.value} = average;`
      : `${into.value} = Number(BigInt.asIntN(32, average)); ${into.high} = Number(BigInt.asIntN(32, average >> 32n));`
  const sumType: LogicalType = { kind: 'DECIMAL', nullable: true, precision: 38, scale: scaleOf(argument) }
  return {
    state: [...decimalState(sumType), countColumn],
    accumulate: ([low, big, count], [value]) =>
      `${decimalAccumulate(low!, big!, value!, '+')} ${increment64(count!)}`,
    retract: ([low, big, count], [value]) =>
      `${decimalAccumulate(low!, big!, value!, '-')} ${decrement64(count!)}`,
    merge: ([low, big, count], [otherLow, otherBig, otherCount]) =>
      `${decimalMerge(low!, big!, otherLow!, otherBig!)} ${add64(count!, otherCount!)}`,
    result: ([low, big, count], into) => `if (!(${isZero64(count!)})) {
      const average = env.divideHalfUp(${decimalSum(low!, big!)} * ${factor}, ${toBigInt(count!)});
      if (env.fits38(average)) { ${into.isNull} = false; ${assign(into)} }
    }`,
  }
}

export const avg: AggregateFactory = ({ argumentTypes, type }) => {
  const argument = argumentTypes[0]!
  if (argument.kind === 'DECIMAL') return decimalAverage(argument, type)
  if (argument.kind === 'FLOAT' || argument.kind === 'DOUBLE') return floatAverage(type)
  return integerAverage(argument, type)
}

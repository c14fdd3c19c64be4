/** Text for 64-bit integers held as two 32-bit words. Wraps like Java's long. */
import type { StateText, ValueText } from './aggregate-function.ts'

export const add64 = (state: StateText, value: ValueText): string => `{
  const low = (${state.value} >>> 0) + (${value.value} >>> 0);
  ${state.value} = low | 0;
  ${state.high} = (${state.high} + ${value.high} + (low > 4294967295 ? 1 : 0)) | 0;
}`

export const subtract64 = (state: StateText, value: ValueText): string => `{
  const low = (${state.value} >>> 0) - (${value.value} >>> 0);
  ${state.value} = low | 0;
  ${state.high} = (${state.high} - ${value.high} - (low < 0 ? 1 : 0)) | 0;
}`

/** Adds a signed 32-bit number. */
export const addNumber64 = (state: StateText, value: string): string => `{
  const small = ${value}, low = (${state.value} >>> 0) + (small >>> 0);
  ${state.value} = low | 0;
  ${state.high} = (${state.high} + (small >> 31) + (low > 4294967295 ? 1 : 0)) | 0;
}`

export const subtractNumber64 = (state: StateText, value: string): string => `{
  const small = ${value}, low = (${state.value} >>> 0) - (small >>> 0);
  ${state.value} = low | 0;
  ${state.high} = (${state.high} - (small >> 31) - (low < 0 ? 1 : 0)) | 0;
}`

export const increment64 = (state: StateText): string =>
  `if ((${state.value} = (${state.value} + 1) | 0) === 0) ${state.high} = (${state.high} + 1) | 0;`

export const decrement64 = (state: StateText): string =>
  `if (${state.value} === 0) ${state.high} = (${state.high} - 1) | 0; ${state.value} = (${state.value} - 1) | 0;`

export const isZero64 = (value: ValueText): string => `(${value.value} | ${value.high}) === 0`

/** The bigint of a value, for the rare exact paths. */
export const toBigInt = (value: ValueText): string =>
  `((BigInt(${value.high}) << 32n) | BigInt(${value.value} >>> 0))`

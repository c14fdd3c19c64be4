/** Where a value goes: locals of a lazy form, or the end of a byte sink (an output column of strings). */
import type { KernelBuilder, LocalValue } from './kernel-builder.ts'

export type Target =
  | { readonly kind: 'locals'; readonly value: LocalValue }
  /** `isNull` is a local that starts as true. */
  | { readonly kind: 'sink'; readonly sink: string; readonly isNull: string }

/** Copies a value that is already in locals. */
export function assignValue(builder: KernelBuilder, target: Target, value: LocalValue): void {
  if (value.isNull === 'true') return
  if (target.kind === 'sink') {
    const append = `${target.sink}.append(${value.locals.join(', ')}); ${target.isNull} = false`
    builder.line(value.isNull === 'false' ? append : `if (!${value.isNull}) { ${append} }`)
    return
  }
  const moves = target.value.locals.map((local, i) => `${local} = ${value.locals[i]}`)
  builder.line(`${moves.join('; ')}; ${target.value.isNull} = ${value.isNull}`)
}

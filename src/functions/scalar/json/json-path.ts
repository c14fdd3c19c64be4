/**
 * SQL/JSON paths as Flink takes them: `[lax|strict] $ .name ['name'] [n] [*] .*`; strict unless it says lax.
 * Filters, scripts and `..` are refused.
 */
import { invalidArgument } from '../../runtime-errors.ts'

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

type Step =
  | { readonly kind: 'member'; readonly name: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'all' }

export interface JsonPath {
  readonly isLax: boolean
  readonly steps: readonly Step[]
}

const stepPattern =
  /\s*(?:\.?\[\s*'((?:[^'\\]|\\.)*)'\s*\]|\.?\[\s*"((?:[^"\\]|\\.)*)"\s*\]|\.?\[\s*(\d+)\s*\]|\.?\[\s*\*\s*\]|\.(\*)|\.([\p{L}_$][\p{L}\p{N}_$-]*))/uy

/** Throws MR_EXPR_ARGUMENT for what is no path, or one that is not supported. */
export function parseJsonPath(text: string): JsonPath {
  const match = /^\s*(?:(strict|lax)\s+)?\$/i.exec(text)
  if (match === null) throw invalidArgument('JSON path', `'${text}' must begin with $, 'lax $' or 'strict $'`)
  const steps: Step[] = []
  stepPattern.lastIndex = match[0].length
  const end = text.trimEnd().length
  while (stepPattern.lastIndex < end) {
    const at = stepPattern.lastIndex
    const step = stepPattern.exec(text)
    if (step === null)
      throw invalidArgument(
        'JSON path',
        `'${text.slice(at)}' in '${text}' is not supported`,
        'use .name, [n], [*]',
      )
    const [, single, double, index, , name] = step
    const quotedName = single ?? double
    if (quotedName !== undefined) steps.push({ kind: 'member', name: quotedName.replace(/\\(.)/g, '$1') })
    else if (index !== undefined) steps.push({ kind: 'index', index: Number(index) })
    else if (name !== undefined) steps.push({ kind: 'member', name })
    else steps.push({ kind: 'all' })
  }
  return { isLax: match[1]?.toLowerCase() === 'lax', steps }
}

/** The value at the path; undefined when there is none. `[*]` collects an array. */
export function followPath(json: Json, steps: readonly Step[], from = 0): Json | undefined {
  let value: Json | undefined = json
  for (let i = from; i < steps.length; i++) {
    const step = steps[i]!
    if (typeof value !== 'object' || value === null) return undefined
    if (step.kind === 'all') {
      const items: readonly Json[] = Array.isArray(value) ? value : Object.values(value)
      return items.map(item => followPath(item, steps, i + 1)).filter(item => item !== undefined)
    }
    if (step.kind === 'index') value = Array.isArray(value) ? value[step.index] : undefined
    else
      value = Array.isArray(value)
        ? undefined
        : ownMember(value as { readonly [key: string]: Json }, step.name)
    if (value === undefined) return undefined
  }
  return value
}

const ownMember = (value: { readonly [key: string]: Json }, name: string): Json | undefined =>
  Object.hasOwn(value, name) ? value[name] : undefined

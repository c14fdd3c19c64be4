/** Patterns made from texts: once for a constant, and remembered (bounded) when the text changes from row to row. */
import type { CallContext } from '../function-spec.ts'

const MAX_REMEMBERED = 128

export function remembered<T>(make: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>()
  let lastText: string | undefined
  let last: T
  return text => {
    if (text === lastText) return last
    let made = known.get(text)
    if (made === undefined) {
      made = make(text)
      if (known.size >= MAX_REMEMBERED) known.delete(known.keys().next().value!)
      known.set(text, made)
    }
    lastText = text
    last = made
    return made
  }
}

/** The constant text argument at `index`, or undefined when it is no constant. */
export function constantText(call: CallContext, index: number): string | undefined {
  const constant = call.constants[index]
  return typeof constant === 'string' ? constant : undefined
}

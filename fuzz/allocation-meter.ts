/**
 * Counts the bytes of typed arrays and Buffers made while a function runs. A length field from the wire that reaches an
 * allocation unchecked shows here even when the system hands out the pages lazily.
 */
import { Finding } from './target.ts'

let counted = 0

type TypedArrayName = 'Uint8Array' | 'Int32Array' | 'Float64Array' | 'BigInt64Array' | 'ArrayBuffer' | 'Array'
const widths: Readonly<Record<TypedArrayName, number>> = {
  ArrayBuffer: 1,
  Uint8Array: 1,
  Int32Array: 4,
  Float64Array: 8,
  BigInt64Array: 8,
  Array: 8,
}

const buffers = ['alloc', 'allocUnsafe', 'allocUnsafeSlow'] as const

/** Runs `work` and throws a Finding when it asked for more than `limit` bytes. Not for code that awaits. */
export function withAllocationLimit<T>(limit: number, work: () => T): T {
  const globals = globalThis as unknown as Record<string, new (...args: unknown[]) => object>
  const kept = new Map<string, new (...args: unknown[]) => object>()
  const keptBuffers = buffers.map(name => Buffer[name])
  counted = 0
  for (const [name, width] of Object.entries(widths)) {
    kept.set(name, globals[name]!)
    globals[name] = new Proxy(globals[name]!, {
      construct(target, args, newTarget) {
        if (args.length === 1 && typeof args[0] === 'number') count(args[0] * width, limit)
        return Reflect.construct(target, args, newTarget) as object
      },
    })
  }
  for (const [i, name] of buffers.entries()) {
    const make = keptBuffers[i]! as typeof Buffer.alloc
    Buffer[name] = (size: number, ...rest: [string?, BufferEncoding?]) => {
      count(size, limit)
      return make(size, ...rest)
    }
  }
  try {
    return work()
  } finally {
    for (const [name, original] of kept) globals[name] = original
    for (const [i, name] of buffers.entries()) Buffer[name] = keptBuffers[i]! as typeof Buffer.alloc
  }
}

function count(numBytes: number, limit: number): void {
  counted += numBytes
  if (counted > limit) throw new Finding(`asked for ${counted} bytes, where ${limit} are plenty`)
}

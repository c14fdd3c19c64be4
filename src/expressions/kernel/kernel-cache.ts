/**
 * Compiled kernel texts, most recently used last. The text holds no literals (they are constants k0, k1 …), so
 * equal texts mean equal types and operators, and sharing their type feedback does no harm.
 */
export type KernelFactory = (constants: readonly unknown[]) => KernelRun
/** Returns the number of output rows. */
export type KernelRun = (
  length: number,
  input: readonly unknown[],
  output: readonly unknown[],
  selection: Int32Array,
) => number

const MAX_KERNELS = 256
const factories = new Map<string, KernelFactory>()

export function kernelFactory(source: string): KernelFactory {
  const cached = factories.get(source)
  if (cached !== undefined) {
    factories.delete(source)
    factories.set(source, cached)
    return cached
  }
  const factory = new Function('K', source) as KernelFactory
  factories.set(source, factory)
  if (factories.size > MAX_KERNELS) factories.delete(factories.keys().next().value!)
  return factory
}

export const numCachedKernels = (): number => factories.size

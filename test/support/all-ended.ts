/** Resolves when all have ended, and rejects with the first failure only then: nobody's directory is removed while it writes. */
export async function allEnded<T>(work: readonly Promise<T>[]): Promise<readonly T[]> {
  const ended = await Promise.allSettled(work)
  return ended.map(result => {
    if (result.status === 'rejected') throw result.reason
    return result.value
  })
}

/** What is at work under a key, or waits for it; settled when all of it is done. */
const last = new Map<string, Promise<unknown>>()

/**
 * Runs `work` when all that was asked for before under the same key is done, whether it failed or
 * not.
 */
export async function oneAtATime<T>(key: string, work: () => Promise<T>): Promise<T> {
  const result = (last.get(key) ?? Promise.resolve()).then(work)
  const done = result.catch(() => {})
  last.set(key, done)
  try {
    return await result
  } finally {
    if (last.get(key) === done) last.delete(key)
  }
}

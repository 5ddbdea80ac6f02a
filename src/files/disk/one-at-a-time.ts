/** A promise for each key: it settles when all work under the key is done. */
const last = new Map<string, Promise<unknown>>()

/** Runs `work` after all earlier work under the same key, whether that failed or not. */
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

/**
 * Does work, and closes afterwards. An error of the work is the one that is told, whatever becomes
 * of the closing.
 */
export async function thenClose<T>(work: () => Promise<T>, close: () => unknown): Promise<T> {
  let answer: T
  try {
    answer = await work()
  } catch (error) {
    try {
      await close()
    } catch {
      // The first error says more.
    }
    throw error
  }
  await close()
  return answer
}

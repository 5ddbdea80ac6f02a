/** Timers of a longer time, 24 days, ring at once. */
const LONGEST = 2 ** 31 - 1

/** Waits so many milliseconds, 24 days at most; throws the reason of an abort at once. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  await new Promise<void>((resolve, reject) => {
    const onAbort = () => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const timer = setTimeout(
      () => {
        signal.removeEventListener('abort', onAbort)
        resolve()
      },
      Math.min(milliseconds, LONGEST),
    )
    signal.addEventListener('abort', onAbort, { once: true })
  })
}

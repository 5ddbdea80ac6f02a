const PATIENCE_MILLISECONDS = 5000

/**
 * Waits for work. Once the signal is aborted it waits a few seconds more, and then throws the reason:
 * a store that is gone does not keep a run or a sweep from ending.
 */
export async function untilAbort<T>(
  work: Promise<T> | T,
  signal: AbortSignal | undefined,
): Promise<T> {
  if (!signal) return work
  let timer: ReturnType<typeof setTimeout> | undefined
  let onAbort = () => {}
  const late = new Promise<never>((_, reject) => {
    onAbort = () => {
      timer = setTimeout(() => reject(signal.reason), PATIENCE_MILLISECONDS)
    }
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort, { once: true })
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
  }
}

import { LONGEST_TIMER } from './longest-timer.js'

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
      Math.min(milliseconds, LONGEST_TIMER),
    )
    signal.addEventListener('abort', onAbort, { once: true })
  })
}

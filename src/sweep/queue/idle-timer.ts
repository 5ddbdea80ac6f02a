/** Tells when no job has run for a time. */
export interface IdleTimer {
  /** Waits for a job, during which the time stands still. */
  readonly during: <T>(job: () => Promise<T>) => Promise<T>
  readonly end: () => void
}

/** Starts a timer that calls `rest` after so many seconds without a job; never for Infinity. */
export function idleTimer(seconds: number, rest: () => void): IdleTimer {
  let timer: ReturnType<typeof setTimeout> | undefined
  let running = 0
  const end = () => clearTimeout(timer)
  const start = () => {
    if (seconds < Number.POSITIVE_INFINITY && running === 0)
      timer = setTimeout(rest, seconds * 1000)
  }
  const during = async <T>(job: () => Promise<T>): Promise<T> => {
    running++
    end()
    try {
      return await job()
    } finally {
      running--
      start()
    }
  }
  start()
  return { during, end }
}

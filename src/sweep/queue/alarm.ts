/** Wakes a loop: when it is rung, or after a time. */
export interface Alarm {
  readonly ring: () => void
  /** Resolves at once if it was rung since the last call. */
  readonly next: () => Promise<void>
}

/** Makes an alarm that rings by itself after so many milliseconds. */
export function alarm(milliseconds: number): Alarm {
  let isRung = false
  let wake = () => {}
  const ring = () => {
    isRung = true
    wake()
  }
  const next = async () => {
    if (!isRung) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, milliseconds)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
    isRung = false
  }
  return { ring, next }
}

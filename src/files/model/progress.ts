/** Is told the share of the work that is done, in (0, 1]. */
export type OnProgress = (fraction: number) => void

/** Most of the share that counting tells: 1 is told at the end, when nothing can fail any more. */
const NEARLY = 0.99

/** Counts the elements that are done, of `total` in all, and tells their share, which is below 1. */
export function countingProgress(
  total: number,
  onProgress: OnProgress | undefined,
): (count: number) => void {
  let done = 0
  return (count) => {
    done += count
    if (done > 0) onProgress?.(NEARLY * Math.min(done / total, 1))
  }
}

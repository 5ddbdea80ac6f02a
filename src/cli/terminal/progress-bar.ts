import { Presets, SingleBar } from 'cli-progress'
import type { Host } from './host.js'

/** Hears how far some work is, in [0, 1]. */
export type OnProgress = (fraction: number) => void

/** Shows a bar on the terminal while some work runs; none where there is no terminal. */
export async function withProgress<T>(
  { terminal }: Pick<Host, 'terminal'>,
  task: string,
  work: (onProgress: OnProgress | undefined) => Promise<T>,
): Promise<T> {
  if (!terminal) return work(undefined)
  const format = `${task} {bar} {percentage} %`
  const options = { format, stream: terminal, clearOnComplete: true, hideCursor: true, barsize: 30 }
  const bar = new SingleBar(options, Presets.shades_classic)
  bar.start(100, 0)
  try {
    return await work((fraction) => bar.update(Math.round(100 * fraction)))
  } finally {
    bar.stop()
  }
}

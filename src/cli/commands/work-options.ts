import type { OnProgress } from '../terminal/progress-bar.js'

/** Options that every command has that works for a while. */
export interface WorkOptions {
  /** Hears how far the work is. */
  readonly onProgress?: OnProgress | undefined
  /** Stops the work; nothing is written then. */
  readonly signal?: AbortSignal | undefined
}

/** Options of commands that write a file. */
export interface OutputOptions extends WorkOptions {
  /** Replaces an output that is there already. @default false */
  readonly force?: boolean | undefined
}

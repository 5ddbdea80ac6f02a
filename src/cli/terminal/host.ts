/** The surroundings of the command line: those of a process, or those of a test. */
export interface Host {
  /** Takes a part of the result: standard output. */
  readonly print: (text: string) => void
  /** Takes a remark or an error: standard error. */
  readonly tell: (text: string) => void
  /** Whether the result may hold colours. */
  readonly hasColours: boolean
  /** Where progress is shown; undefined shows none. */
  readonly terminal: NodeJS.WritableStream | undefined
  /** Stops the work. */
  readonly signal: AbortSignal
}

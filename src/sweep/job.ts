/** A value that JSON gives back as it was: numbers are finite. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue }

/** The values of the knobs of one job, by their names. */
export type SweepPoint = Readonly<Record<string, JsonValue>>

/** One job of a sweep: a point of its grid, and the key by which its result is known. */
export interface SweepJob<P extends SweepPoint = SweepPoint> {
  /** The same for the same point, in any process and in any order of the knobs. */
  readonly key: string
  readonly point: P
}

/** Figures of a job by their names. */
export type SweepFigures = Readonly<Record<string, JsonValue>>

/** Tells a job about its sweep. */
export interface JobContext {
  readonly key: string
  /** 1 for the first try. */
  readonly attempt: number
  /** Aborted where the sweep is; a job may look at it and throw. */
  readonly signal: AbortSignal
  /** Tells the share of the job that is done, from 0 to 1, and a word on it. */
  readonly progress: (share: number, message?: string) => void
}

/**
 * The default export of a module of jobs: trains or measures at a point, and returns its figures:
 * one row, or several, such as one a level.
 */
export type SweepFunction<P extends SweepPoint = SweepPoint> = (
  point: P,
  context: JobContext,
) => SweepFigures | readonly SweepFigures[] | Promise<SweepFigures | readonly SweepFigures[]>

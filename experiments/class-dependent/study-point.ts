/** A point of the study. */
export type StudyPoint = {
  /** A set of the study, or the path of a folder. */
  readonly set: string
  readonly network: string
  readonly system: string
  readonly seed: number
  readonly rate: number
  readonly epochs: number
  /** Tuning runs have two levels and are judged on the validation part. */
  readonly phase: 'tuning' | 'test'
}

/** Weights of the two sides of one class: finite, at least 0. */
export interface SideWeights {
  /** Weight of the samples of the class. */
  readonly positives: number
  /** Weight of all other samples. */
  readonly negatives: number
}

/** Weight of a ranking loss: one number, or for each class a number or one number per side. */
export type RankWeight = number | readonly (number | SideWeights)[]

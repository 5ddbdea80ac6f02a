import type { Criterion } from '../types.js'

/** Scores by the present values of a weight, which stay as they are; undefined if one is not finite. */
export type HostScores = (values: Float32Array) => Float32Array | undefined

const known = new WeakMap<Criterion, HostScores>()

/**
 * Notes that a criterion's scores follow from the present values alone, and how to compute them on
 * the host: no tensor has to be made and read then. The criterion itself gives the same scores.
 */
export function scoresFromValues(criterion: Criterion, scores: HostScores): Criterion {
  known.set(criterion, scores)
  return criterion
}

/** How to compute a criterion's scores on the host, if that was noted. */
export function hostScoresOf(criterion: Criterion): HostScores | undefined {
  return known.get(criterion)
}

import { gatherStatistics } from '../../src/statistics/gather-statistics.js'
import type { Criterion } from '../../src/types.js'

/** A criterion with parts that `needing` would refuse, or that a test looks into. */
export function withNeeds(score: Criterion, parts: object): Criterion {
  return Object.assign(score, { gather: gatherStatistics }, parts)
}

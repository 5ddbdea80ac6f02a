import type { Criterion } from '../types.js'
import type { checkGathering, gatherStatistics } from './gather-statistics.js'
import type { movementSums } from './movement.js'
import type { withScoringWeights } from './scoring-weights.js'

/** What gathers the statistics of criteria that look at more than weights. */
export interface Gatherer {
  readonly check: typeof checkGathering
  readonly gather: typeof gatherStatistics
  readonly withWeights: typeof withScoringWeights
  readonly movement: typeof movementSums
}

const gatherers = new WeakMap<Criterion, Gatherer>()

/** Gives a criterion its gatherer: who prunes by magnitude alone then bundles none of it. */
export function setGatherer<C extends Criterion>(criterion: C, gatherer: Gatherer): C {
  gatherers.set(criterion, gatherer)
  return criterion
}

/** The gatherer of a criterion that declares needs; undefined for one that has none. */
export function gathererOf(criterion: Criterion): Gatherer | undefined {
  if ((criterion.needs ?? []).length === 0) return undefined
  const gatherer = gatherers.get(criterion)
  if (gatherer) return gatherer
  throw new TypeError('Cannot score: expected a criterion with needs to be made by needing(), got another function')
}

import type { Criterion } from '../types.js'
import { checkGathering, gatherStatistics } from './gather-statistics.js'
import { type Gatherer, setGatherer } from './gatherers.js'
import { movementSums } from './movement.js'
import { withScoringWeights } from './scoring-weights.js'

const gatherer: Gatherer = {
  check: checkGathering,
  gather: gatherStatistics,
  withWeights: withScoringWeights,
  movement: movementSums,
}

/** Lets the library gather what a criterion declares in `needs`. */
export function declareNeeds<C extends Criterion>(criterion: C): C {
  return setGatherer(criterion, gatherer)
}

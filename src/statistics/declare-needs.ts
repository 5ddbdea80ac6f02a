import type { Criterion } from '../types.js'
import { examples } from './examples.js'
import { checkGathering, gatherStatistics } from './gather-statistics.js'
import { type Gatherer, setGatherer } from './gatherers.js'
import { movementSums } from './movement.js'
import { needsOf } from './needs.js'
import { withScoringWeights } from './scoring-weights.js'

const gatherer: Gatherer = {
  check: (model, criterion, samples) =>
    checkGathering(model, { needs: needsOf(criterion), samples }),
  gather: (model, criterion, rest) =>
    gatherStatistics(model, { ...rest, needs: needsOf(criterion) }),
  withWeights: withScoringWeights,
  movementFor: (criterion) =>
    needsOf(criterion).some(({ statistic }) => statistic === 'movement') ? movementSums : undefined,
  examples,
}

/** Lets the library gather what a criterion declares in `needs`. */
export function declareNeeds<C extends Criterion>(criterion: C): C {
  return setGatherer(criterion, gatherer)
}

import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { Criterion } from '../types.js'
import type { examples } from './examples.js'
import type { Gathered, Gathering } from './gather-statistics.js'
import type { movementSums } from './movement.js'
import type { withScoringWeights } from './scoring-weights.js'

/** What gathers the statistics of criteria that look at more than weights. */
export interface Gatherer {
  /** Throws unless all that the criterion needs can be gathered. */
  readonly check: (model: LayersModel, criterion: Criterion, samples: Gathering['samples']) => void
  readonly gather: (
    model: LayersModel,
    criterion: Criterion,
    rest: Omit<Gathering, 'needs'>,
  ) => Promise<Gathered>
  readonly withWeights: typeof withScoringWeights
  /** Sums up movements, where the criterion looks at them. */
  readonly movementFor: (criterion: Criterion) => typeof movementSums | undefined
  readonly examples: typeof examples
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
  throw new TypeError(
    'Cannot score: expected a criterion with needs to be made by needing(), got another function',
  )
}

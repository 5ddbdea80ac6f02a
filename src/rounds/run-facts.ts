import type { WeightValues } from '../internal/weight-values.js'
import type { WeightPlace } from '../types.js'
import type { RoundPieces } from './round-pieces.js'
import type { Run } from './run.js'
import type { RunFacts } from './run-store.js'

/** The facts about a run that a store keeps, and compares when the run goes on. */
export function factsOf(
  { resolved, options, rewinder }: Run,
  pieces: RoundPieces,
  present: Readonly<WeightValues>,
): RunFacts {
  const { name, capture, statistics, optimizer, learningRate, dataOrder } = rewinder
  const { previous, dense } = options
  // Those that others follow from come first: the first that differs is told.
  const settings = {
    spareEnds: pieces.spareEnds,
    select: resolved.prunable.map((weight) => [weight.name, weight.minimumKept]),
    ...pieces,
    rewind: { name, capture, statistics, optimizer, learningRate, dataOrder },
    previous: previous !== undefined,
    dense: dense !== undefined,
  }
  const weights = resolved.weights.map(placeOf)
  return { weights, present, settings: JSON.parse(JSON.stringify(settings)), previous, dense }
}

function placeOf({ name, layer, role, shape, className }: WeightPlace): WeightPlace {
  return { name, layer, role, shape: [...shape], className }
}

import { layoutOf } from '../layer-kinds/layout.js'
import { unitAxes } from '../layer-kinds/weight-axes.js'
import type { WeightPlace } from '../types.js'
import type { Grains } from './granularity.js'
import { groupAlong } from './group-along.js'

/** The units that a weight makes, all gates of one together; of a bias those that it is added to. */
export function unitGrains(weight: WeightPlace): Grains {
  const { name, shape } = weight
  if (shape.length === 0)
    throw new RangeError(`Cannot group ${name} by units: expected an axis, got a scalar`)
  const places = groupAlong(shape, unitAxes(weight))
  const { gates } = layoutOf(weight)
  if (gates === 1) return places
  const { count, of } = places
  if (count % gates !== 0) {
    throw new RangeError(
      `Cannot group ${name} by units: expected a last axis of ${gates} gates, got ${count} places`,
    )
  }
  const own = count / gates
  return { count: own, of: of.map((place) => place % own) }
}

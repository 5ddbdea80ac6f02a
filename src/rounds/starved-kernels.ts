import { layoutOf } from '../layer-kinds/layout.js'
import { unitAxes } from '../layer-kinds/weight-axes.js'
import type { Mask } from '../masks/mask.js'
import { isKernel } from '../select/prunable-weights.js'
import type { ResolvedModel } from '../select/resolve-model.js'
import type { StarvedKernel } from '../types.js'

/** With fewer elements a unit, many units read one input or none. */
const LEAST = 2

/** The pruned kernels that keep fewer than two elements a unit, in the order of the model. */
export function starvedKernels(
  { prunable }: Pick<ResolvedModel, 'prunable'>,
  { weights }: Mask,
): StarvedKernel[] {
  const byName = new Map(prunable.map((weight) => [weight.name, weight]))
  return weights.flatMap(({ name, kept }) => {
    const weight = byName.get(name)!
    const { shape, size } = weight
    const places = unitAxes(weight).reduce((product, axis) => product * shape[axis]!, 1)
    const units = places / layoutOf(weight).gates
    const isStarved = isKernel(weight) && kept < size && kept < LEAST * units
    return isStarved ? [{ name, kept, units, perUnit: kept / units }] : []
  })
}

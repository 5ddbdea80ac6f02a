import type { ModelWeight } from '../internal/model-weights.js'
import { assignValues } from '../internal/weight-values.js'
import { checkRepaired } from './check-repaired.js'
import type { Moments } from './output-moments.js'

/** One kernel whose outputs were brought back to their spread. */
export interface RescaledWeight {
  /** Its name, e.g. `dense_1/kernel`. */
  readonly name: string
  /**
   * Mean, over the units with some spread before, of the standard deviation after the mask over
   * that before. NaN where no unit had any, as with inputs that are all the same.
   */
  readonly deviationLeft: number
  /** Units that had some spread and have none after the mask: their mean alone can be restored. */
  readonly deadUnits: number
  /** Whether the layer has a bias that could take up the means. */
  readonly hasBias: boolean
}

interface BeforeAndAfter {
  /** Of the outputs without bias, in the dense network. */
  readonly before: Moments
  /** The same in the network with the mask. */
  readonly after: Moments
}

/** New values of a kernel and of its bias, and the report of them. */
export interface Rescaled {
  readonly report: RescaledWeight
  /** Gives the weights their values, at once. */
  readonly assign: () => void
}

/**
 * Gives the outputs of a kernel, whose units are on its last axis, their mean and variance back: by
 * a factor for each unit, and the bias where there is one. Throws where a value would not be finite.
 */
export async function rescaleKernel(
  kernel: ModelWeight,
  bias: ModelWeight | undefined,
  { before, after }: BeforeAndAfter,
): Promise<Rescaled> {
  const units = before.mean.length
  const ratios = before.variance.map((variance, unit) =>
    Math.sqrt(after.variance[unit]! / variance),
  )
  // Neither a unit that never varied nor one that is dead has a factor.
  const factors = ratios.map((ratio) => (ratio > 0 && Number.isFinite(ratio) ? 1 / ratio : 1))
  const [own, shift] = await Promise.all([kernel.variable.data(), bias?.variable.data()])
  const values = Float32Array.from(own, (value, i) => value * factors[i % units]!)
  const shifted = Float32Array.from(
    shift ?? [],
    (value, unit) => value + before.mean[unit]! - factors[unit]! * after.mean[unit]!,
  )
  const refused = { task: 'repair the variance', wanted: 'units with some spread left' }
  checkRepaired(values, { name: kernel.name, ...refused })
  if (bias) checkRepaired(shifted, { name: bias.name, ...refused })
  const varied = ratios.filter(Number.isFinite)
  const report = {
    name: kernel.name,
    deviationLeft: varied.reduce((sum, ratio) => sum + ratio, 0) / varied.length,
    deadUnits: varied.filter((ratio) => ratio === 0).length,
    hasBias: bias !== undefined,
  }
  const assign = () => {
    assignValues(kernel.variable, values)
    if (bias) assignValues(bias.variable, shifted)
  }
  return { report, assign }
}

import type { ModelWeight } from '../internal/model-weights.js'
import { assignValues } from '../internal/weight-values.js'
import type { Moments } from './output-moments.js'

/** One kernel whose outputs were brought back to their spread. */
export interface RescaledWeight {
  /** Its name, e.g. `dense_1/kernel`. */
  readonly name: string
  /** Mean over the units of the standard deviation after the mask over that before. */
  readonly deviationLeft: number
  /** Units without any spread after the mask: only their mean can be restored. */
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

/**
 * Gives the outputs of a kernel, whose units are on its last axis, their mean and variance back: by
 * a factor for each unit, and the bias where there is one.
 */
export async function rescaleKernel(
  kernel: ModelWeight,
  bias: ModelWeight | undefined,
  { before, after }: BeforeAndAfter,
): Promise<RescaledWeight> {
  const units = before.mean.length
  const ratios = before.variance.map((variance, unit) =>
    Math.sqrt(after.variance[unit]! / variance),
  )
  // Neither a unit that never varied nor one that is dead has a factor.
  const factors = ratios.map((ratio) => (ratio > 0 && Number.isFinite(ratio) ? 1 / ratio : 1))
  const values = Float32Array.from(
    await kernel.variable.data(),
    (value, i) => value * factors[i % units]!,
  )
  assignValues(kernel.variable, values)
  if (bias) {
    const shifted = Float32Array.from(
      await bias.variable.data(),
      (value, unit) => value + before.mean[unit]! - factors[unit]! * after.mean[unit]!,
    )
    assignValues(bias.variable, shifted)
  }
  const varied = ratios.filter(Number.isFinite)
  return {
    name: kernel.name,
    deviationLeft: varied.reduce((sum, ratio) => sum + ratio, 0) / varied.length,
    deadUnits: varied.filter((ratio) => ratio === 0).length,
    hasBias: bias !== undefined,
  }
}

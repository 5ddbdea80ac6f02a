import { cast, div, equal, reshape, sqrt, sum, type Tensor } from '@tensorflow/tfjs-core'
import type { LayersModel, layers } from '@tensorflow/tfjs-layers'
import type { ModelWeight } from '../internal/model-weights.js'
import { makesOutputs } from '../layer-kinds/layout.js'
import { unitAxes } from '../layer-kinds/weight-axes.js'
import type { Statistic } from '../types.js'
import { channelsLast } from './channels-last.js'
import { sumInputProducts, sumSquaredInputs } from './layer-inputs.js'
import { type LayerCall, observeLayers } from './observe-layers.js'
import { type Running, runningSums } from './running-sums.js'

/** Whether a statistic is one of layers' inputs or outputs. */
export function isOfInputs(statistic: Statistic): boolean {
  return PARTS[statistic] !== undefined
}

/** Statistics of the inputs and outputs of layers, batch after batch. */
export function inputStatistics(
  model: LayersModel,
  { weights, statistics }: { weights: readonly ModelWeight[]; statistics: readonly Statistic[] },
): Running {
  const sums = runningSums()
  const counts = new Map<string, number>()
  const wanted = new Set(weights.map(({ owner }) => owner as layers.Layer))
  const visit = ({ layer, input, output }: LayerCall) => {
    for (const weight of weights.filter(({ owner }) => owner === layer)) {
      for (const statistic of statistics) {
        const { sum: part, count = 0 } = PARTS[statistic]!(weight, input, output)
        const key = `${weight.name} ${statistic}`
        sums.add(key, part)
        counts.set(key, (counts.get(key) ?? 0) + count)
      }
    }
  }
  return {
    look: ({ xs }) => observeLayers(model, [xs].flat(), { wanted, visit }),
    end: ({ name }, statistic) => {
      const key = `${name} ${statistic}`
      const total = sums.of(key)
      if (!total) {
        const wantedLayer = 'a layer that the outputs of the model depend on'
        throw new RangeError(
          `Cannot gather ${statistic} of ${name}: expected ${wantedLayer}, got another`,
        )
      }
      return statistic === 'inputNorm' ? sqrt(total) : div(total, counts.get(key)!)
    },
    dispose: sums.dispose,
  }
}

/** A sum over one call of a layer, and the number of its terms where the mean is wanted. */
interface Part {
  readonly sum: Tensor
  readonly count?: number
}

const PARTS: Partial<
  Record<Statistic, (weight: ModelWeight, input: Tensor, output: Tensor) => Part>
> = {
  inputNorm: (weight, input, output) => ({ sum: sumSquaredInputs(weight, input, output) }),
  inputProducts: (weight, input) => sumInputProducts(weight, input),
  zeroShare: (weight, _, output) => countZeros(weight, output),
}

/**
 * Number of zeros of each unit, along the axes that units have in the weight, and of places that
 * were looked at.
 */
function countZeros(weight: ModelWeight, output: Tensor): Required<Part> {
  const { name, owner, shape } = weight
  const last = channelsLast(owner, output)
  const units = last.shape.at(-1)!
  const axes = unitAxes(weight)
  const own = shape.map((side, axis) => (axes.includes(axis) ? side : 1))
  const size = own.reduce((product, side) => product * side, 1)
  if (!makesOutputs(weight)) {
    const wanted = 'a layer whose outputs are those of the weight'
    throw new RangeError(
      `Cannot gather zeroShare of ${name}: expected ${wanted}, got the first half of another`,
    )
  }
  if (units !== size) {
    const wanted = `a layer with ${size} outputs as the weight has units`
    throw new RangeError(`Cannot gather zeroShare of ${name}: expected ${wanted}, got ${units}`)
  }
  const zeros = sum(cast(equal(reshape(last, [-1, units]), 0), 'float32'), 0)
  return { sum: reshape(zeros, own), count: last.size / units }
}

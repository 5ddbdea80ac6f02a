import {
  add,
  cast,
  div,
  equal,
  mul,
  reshape,
  sqrt,
  sum,
  type Tensor,
  tidy,
} from '@tensorflow/tfjs-core'
import type { LayersModel, layers } from '@tensorflow/tfjs-layers'
import type { ModelWeight } from '../internal/model-weights.js'
import { unitAxes } from '../layer-kinds/weight-axes.js'
import type { Statistic } from '../types.js'
import { channelsLast } from './channels-last.js'
import { checkOwnOutputs } from './check-own-outputs.js'
import { sumInputProducts, sumSquaredInputs } from './layer-inputs.js'
import { type LayerCall, observeLayers } from './observe-layers.js'
import { type Running, runningSums } from './running-sums.js'
import { countPlaces, keepSteps } from './step-masks.js'

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
  const visit = (call: LayerCall) => {
    for (const weight of weights.filter(({ owner }) => owner === call.layer)) {
      for (const statistic of statistics) {
        const { sum: part, count = 0 } = PARTS[statistic]!(weight, call)
        const key = `${weight.name} ${statistic}`
        sums.add(key, part)
        if (typeof count === 'number') counts.set(key, (counts.get(key) ?? 0) + count)
        else sums.add(`${key} count`, count)
      }
    }
  }
  return {
    look: ({ xs }) => observeLayers(model, xs, { wanted, visit }),
    end: ({ name }, statistic) => {
      const key = `${name} ${statistic}`
      const total = sums.of(key)
      if (!total) {
        const wantedLayer = 'a layer that the outputs of the model depend on'
        throw new RangeError(
          `Cannot gather ${statistic} of ${name}: expected ${wantedLayer}, got another`,
        )
      }
      return statistic === 'inputNorm'
        ? sqrt(total)
        : tidy(() => div(total, add(sums.of(`${key} count`) ?? 0, counts.get(key) ?? 0)))
    },
    dispose: sums.dispose,
  }
}

/** A sum over one call of a layer, and the number of its terms where the mean is wanted. */
interface Part {
  readonly sum: Tensor
  readonly count?: number | Tensor
}

const PARTS: Partial<Record<Statistic, (weight: ModelWeight, call: LayerCall) => Part>> = {
  inputNorm: (weight, call) => ({ sum: sumSquaredInputs(weight, call) }),
  inputProducts: sumInputProducts,
  zeroShare: countZeros,
}

/**
 * Number of zeros of each unit, along the axes that units have in the weight, and of places that
 * were looked at.
 */
function countZeros(weight: ModelWeight, call: LayerCall): Required<Part> {
  const { input, output, outputMask, isMerged } = call
  const { owner, shape } = weight
  const last = channelsLast(owner, output)
  const units = last.shape.at(-1)!
  const axes = unitAxes(weight)
  const own = shape.map((side, axis) => (axes.includes(axis) ? side : 1))
  const size = own.reduce((product, side) => product * side, 1)
  checkOwnOutputs(weight, { isMerged: isMerged ?? false, units, size })
  const isZero = keepSteps(cast(equal(last, 0), 'float32'), outputMask)
  const zeros = sum(reshape(isZero, [-1, units]), 0)
  // 0 for finite values, and NaN for others, which are no zeros and must not count as such.
  const unknown = add(sum(mul(input, 0)), sum(mul(last, 0)))
  return {
    sum: reshape(add(zeros, unknown), own),
    count: countPlaces(last.size / units, outputMask),
  }
}

import { cast, div, equal, reshape, sqrt, sum, type Tensor } from '@tensorflow/tfjs-core'
import type { LayersModel, layers } from '@tensorflow/tfjs-layers'
import type { ModelWeight } from '../internal/model-weights.js'
import { makesOutputs } from '../layer-kinds/layout.js'
import { unitAxes } from '../layer-kinds/weight-axes.js'
import type { Statistic } from '../types.js'
import { channelsLast } from './channels-last.js'
import { sumInputProducts, sumSquaredInputs } from './layer-inputs.js'
import { observeLayers } from './observe-layers.js'
import { type Running, runningSums } from './running-sums.js'

const OWN: readonly Statistic[] = ['inputNorm', 'inputProducts', 'zeroShare']

/** Whether a statistic is one of layers' inputs or outputs. */
export function isOfInputs(statistic: Statistic): boolean {
  return OWN.includes(statistic)
}

/** Statistics of the inputs and outputs of layers, batch after batch. */
export function inputStatistics(
  model: LayersModel,
  { weights, statistics }: { weights: readonly ModelWeight[]; statistics: readonly Statistic[] },
): Running {
  const sums = runningSums()
  const counts = new Map<string, number>()
  const wanted = new Set(weights.map(({ owner }) => owner as layers.Layer))
  const count = (key: string, by: number) => counts.set(key, (counts.get(key) ?? 0) + by)
  const look = (weight: ModelWeight, input: Tensor, output: Tensor) => {
    const key = (statistic: Statistic) => `${weight.name} ${statistic}`
    if (statistics.includes('inputNorm'))
      sums.add(key('inputNorm'), sumSquaredInputs(weight, input, output))
    if (statistics.includes('inputProducts')) {
      const { sum: products, count: rows } = sumInputProducts(weight, input)
      sums.add(key('inputProducts'), products)
      count(key('inputProducts'), rows)
    }
    if (statistics.includes('zeroShare')) {
      const { zeros, places } = countZeros(weight, output)
      sums.add(key('zeroShare'), zeros)
      count(key('zeroShare'), places)
    }
  }
  return {
    look: ({ xs }) => {
      observeLayers(model, [xs].flat(), {
        wanted,
        visit: ({ layer, input, output }) => {
          for (const weight of weights) if (weight.owner === layer) look(weight, input, output)
        },
      })
    },
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

/**
 * Number of zeros of each unit, along the axes that units have in the weight, and of places that
 * were looked at.
 */
function countZeros(weight: ModelWeight, output: Tensor): { zeros: Tensor; places: number } {
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
  return { zeros: reshape(zeros, own), places: last.size / units }
}
